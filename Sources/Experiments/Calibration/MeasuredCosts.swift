/// What work and messages cost on a machine, as it was measured for one ``Workload``.
public struct MeasuredCosts: Sendable, Hashable {
  /// One worker's gradient of its share of the batch.
  public var stepMilliseconds = 0.0
  /// One worker's gradient and a step of the optimiser, where the worker takes its steps itself.
  public var localStepMilliseconds = 0.0
  public var evaluationMicrosecondsPerExample = 0.0
  public var importanceMicrosecondsPerExample = 0.0
  /// A server's work on a byte that is pushed.
  public var serverNanosecondsPerByte = 0.0
  /// The work that a message is at each of its ends, besides its bytes.
  public var messageMicroseconds = 0.0
  /// Bytes that one processor moves into a link, or out of it.
  public var megabytesPerSecond = 1.0
  /// On top of the work, until a message is there.
  public var latencyMilliseconds = 0.0
  /// Processors of the machine.
  public var cores = 1

  /// Costs to fill in.
  public init() {}

  /// The median of each figure over some measurements, at least one.
  public init(medianOf measurements: [MeasuredCosts]) {
    self = measurements[0]
    for (_, field) in Self.fields {
      self[keyPath: field] =
        measurements.map { $0[keyPath: field] }.sorted()[
          measurements.count / 2]
    }
  }

  /// The figures as the file names them, all but the processors.
  static var fields: [(name: String, field: WritableKeyPath<MeasuredCosts, Double>)] {
    [
      ("step-milliseconds", \.stepMilliseconds),
      ("local-step-milliseconds", \.localStepMilliseconds),
      ("evaluation-microseconds-per-example", \.evaluationMicrosecondsPerExample),
      ("importance-microseconds-per-example", \.importanceMicrosecondsPerExample),
      ("server-nanoseconds-per-byte", \.serverNanosecondsPerByte),
      ("message-microseconds", \.messageMicroseconds),
      ("megabytes-per-second", \.megabytesPerSecond),
      ("latency-milliseconds", \.latencyMilliseconds),
    ]
  }
}

extension Double {
  /// As many digits as a measurement is worth.
  var measured: Double {
    // Less than 1e-30 of anything is none.
    guard isFinite, magnitude >= 1e-30 else { return 0 }
    var scale = 1.0
    while (self * scale).magnitude < 1000 { scale *= 10 }
    return (self * scale).rounded() / scale
  }
}
