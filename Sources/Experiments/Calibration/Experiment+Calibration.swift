import Settings

extension Experiment {
  /// The keys whose values are to be looked up in a calibration; none under a free clock.
  public var calibratedKeys: [String] {
    guard simulation.clock == .costs else { return [] }
    return ExperimentFile.keys(of: self)
      .filter { $0.write(self) == ExperimentFile.calibrated }.map(\.name)
  }

  /// This experiment with numbers for all costs that are to be looked up.
  ///
  /// - Throws: ``ConfigurationError`` when measured and given costs contradict each other.
  public func resolved(by costs: MeasuredCosts, _ workload: Workload) throws -> Experiment {
    var experiment = self
    func enter(_ field: WritableKeyPath<Simulation, Double?>, _ value: Double) {
      let given = experiment.simulation[keyPath: field]
      experiment.simulation[keyPath: field] = given ?? value.measured
    }
    enter(
      \.stepMilliseconds,
      cluster.consistency == .local ? costs.localStepMilliseconds : costs.stepMilliseconds)
    enter(
      \.sliceMilliseconds,
      costs.evaluationMicrosecondsPerExample * workload.evaluationSlice * 1e-3)
    enter(
      \.importanceMilliseconds,
      costs.importanceMicrosecondsPerExample * workload.importanceSlice * 1e-3)
    enter(\.latencyMinimumMilliseconds, costs.latencyMilliseconds)
    enter(\.latencyMaximumMilliseconds, costs.latencyMilliseconds)
    enter(\.megabytesPerSecond, costs.megabytesPerSecond)
    enter(\.messageMicroseconds, costs.messageMicroseconds)
    enter(\.serverNanosecondsPerByte, costs.serverNanosecondsPerByte)
    if experiment.simulation.cores == .calibrated {
      experiment.simulation.cores = .shared(costs.cores)
    }
    try experiment.validate(place: "with the measured costs")
    return experiment
  }

  /// The values of some keys, as `--set` takes them.
  public func settings(of keys: [String]) -> [String] {
    ExperimentFile.keys(of: self).filter { keys.contains($0.name) }
      .map { "\($0.name)=\($0.write(self))" }
  }
}
