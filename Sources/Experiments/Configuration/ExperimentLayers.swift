/// An experiment while its settings come in, layer by layer: those of a file, then arguments; in a
/// study also its own and those of a cell.
///
/// What stands in one layer belongs together. A strength (`method.lambda`) belongs to the method
/// that its layer names: when a later layer names another method, that one takes its own
/// (`method.lambdas`), unless it is given one too. A strength in a layer that names no method is
/// for whichever method runs.
struct ExperimentLayers {
  private(set) var experiment = Experiment()
  /// The strength that was given, if it is still in force.
  private var strength: (value: Double, isForAll: Bool)?

  /// Lays settings over those that are there.
  ///
  /// - Throws: ``ConfigurationError`` for the first that is wrong.
  mutating func lay(_ settings: [Setting]) throws {
    let method = experiment.method.name
    for setting in settings { try experiment.apply(setting) }
    func gives(_ key: String) -> Bool { settings.contains { $0.key == key } }
    if gives("method.lambda") {
      strength = (experiment.method.lambda, !gives("method.name"))
    } else if experiment.method.name != method, strength?.isForAll == false {
      strength = nil
    }
    let own = experiment.strengths[experiment.method.name]
    experiment.method.lambda = strength?.value ?? own
  }
}
