import Settings

/// An experiment while its settings come in, layer by layer: those of a file, then arguments; in a
/// study also its own and those of a cell.
///
/// What stands in one layer belongs together. A layer that chooses another kind (`method.name`)
/// drops the settings of earlier layers that this kind does not have, and keeps those that it has:
/// `--set method.name=mas` over a file with EWC loses `method.fisher` and keeps `method.examples`.
/// A bound setting (`method.lambda`) stays with the kind that its layer names: another one takes
/// its own (`method.lambdas`), unless it is given one too. A bound setting in a layer that names no
/// kind is for whichever is chosen.
struct ExperimentLayers {
  /// Which kinds a layer is for.
  enum Reach {
    /// The chosen ones: what they do not have is refused.
    case chosen
    /// These kinds of one choice, which an experiment compares, and perhaps the chosen one.
    case compared(choice: String, kinds: [String], orChosen: Bool)
    /// Whichever is chosen later: a study's cells differ. What nobody has had in the end is to be
    /// refused by who knows all of them (``idle``).
    case any
  }

  private struct Given {
    let setting: FileSetting
    /// The kind that its layer names, of the choice that it belongs to.
    let kind: String?
    /// Whether it waits for a kind that has it.
    let isOpen: Bool
  }

  private(set) var experiment = Experiment()
  /// Settings that wait for a kind that has them.
  private(set) var idle: [FileSetting] = []
  /// Settings that could have waited, but need not.
  private(set) var settled: [FileSetting] = []
  private var given: [Given] = []

  /// Lays settings over those that are there.
  ///
  /// - Throws: ``ConfigurationError`` for the first that is wrong.
  mutating func lay(_ settings: [FileSetting], for reach: Reach = .chosen) throws {
    let chosen = try experiment(choosing: settings)
    for choice in ExperimentFile.choices {
      let kind = choice.kind(of: chosen)
      guard kind.name != choice.kind(of: experiment).name else { continue }
      given.removeAll { given in
        !given.isOpen && given.setting.key != choice.path
          && ExperimentFile.choice(of: given.setting.key)?.path == choice.path
          && kind[given.setting.key] == nil
      }
    }
    for setting in settings {
      var isOpen = false
      if let choice = ExperimentFile.choice(of: setting.key) {
        isOpen = try isForLater(setting, choice, chosen, reach)
      } else if ExperimentFile.keys(named: setting.key).isEmpty {
        throw Experiment.unknown(setting)
      }
      let choice = ExperimentFile.choice(of: setting.key)
      let names = settings.contains { $0.key == choice?.path }
      given.append(
        Given(
          setting: setting, kind: names ? choice?.kind(of: chosen).name : nil, isOpen: isOpen))
    }
    try apply()
  }

  /// The experiment with the choices of a layer.
  private func experiment(choosing settings: [FileSetting]) throws -> Experiment {
    var chosen = experiment
    for choice in ExperimentFile.choices {
      for setting in settings where setting.key == choice.path {
        try chosen.apply(setting, choice.selector)
      }
    }
    return chosen
  }

  /// Whether a setting is to wait for a kind that has it.
  ///
  /// - Throws: ``ConfigurationError`` where it need not.
  private func isForLater(
    _ setting: FileSetting, _ choice: Choice, _ chosen: Experiment, _ reach: Reach
  ) throws -> Bool {
    let kind = choice.kind(of: chosen)
    switch reach {
    case .any: return true
    case .compared(choice.path, var kinds, let isAlsoChosen):
      if isAlsoChosen, !kinds.contains(kind.name) { kinds.insert(kind.name, at: 0) }
      guard kinds.contains(where: { choice.catalog[$0]?[setting.key] != nil }) else {
        throw setting.error(choice.refusal(of: setting.key, under: kinds))
      }
      return true
    case .chosen, .compared:
      guard kind[setting.key] != nil else {
        throw setting.error(choice.refusal(of: setting.key, under: [kind.name]))
      }
      return false
    }
  }

  /// Builds the experiment from all that is given: first what is chosen, then the rest.
  private mutating func apply() throws {
    var experiment = Experiment()
    let selectors = Set(ExperimentFile.choices.map(\.path))
    for given in given where selectors.contains(given.setting.key) {
      try experiment.apply(given.setting)
    }
    (idle, settled) = ([], [])
    var hasStrength = false
    for given in given where !selectors.contains(given.setting.key) {
      let path = given.setting.key
      guard let key = ExperimentFile.key(path, of: experiment) else {
        idle.append(given.setting)
        continue
      }
      if given.isOpen { settled.append(given.setting) }
      let choice = ExperimentFile.choice(of: path)
      if key.isBound, let kind = given.kind, kind != choice?.kind(of: experiment).name { continue }
      try experiment.apply(given.setting, key)
      if path == "method.lambda" { hasStrength = true }
    }
    if !hasStrength { experiment.takeOwnStrength() }
    self.experiment = experiment
  }
}
