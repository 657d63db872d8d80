import Roles
import Streams

extension Experiment {
  /// What no single key can know.
  ///
  /// - Parameter place: The file, for errors.
  /// - Throws: ``ConfigurationError``.
  func validate(place: String) throws {
    func demand(_ holds: Bool, _ sentence: String) throws {
      if !holds { throw ConfigurationError("\(place): \(sentence)") }
    }
    try demand(
      batch >= cluster.workers,
      "batch is \(batch) for \(cluster.workers) workers; each needs at least one example a step")
    if stream.kind == .rotated && stream.randomBins == nil {
      try demand(
        stream.angles.count == stream.tasks,
        "stream.angles has \(stream.angles.count) angles for \(stream.tasks) tasks; give one a "
          + "task, or stream.random-bins")
    }
    try demand(
      simulation.latencyMinimumMilliseconds <= simulation.latencyMaximumMilliseconds,
      "simulation.latency-minimum-milliseconds is above latency-maximum-milliseconds")
    try demand(
      timeouts.silenceMilliseconds >= 2 * timeouts.heartbeatMilliseconds,
      "timeouts.silence-milliseconds must be at least twice timeouts.heartbeat-milliseconds")
  }

  /// The methods to run: those of `compare`, or just `method`.
  public var methods: [Method] { compare.isEmpty ? [method] : compare }

  /// This experiment with one method and nothing to compare.
  public func with(_ method: Method) -> Experiment {
    var one = self
    one.method = method
    one.compare = []
    return one
  }
}
