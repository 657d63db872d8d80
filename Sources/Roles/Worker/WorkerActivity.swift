/// What is under way at a worker, with all that it needs.
enum WorkerActivity: Sendable {
  /// Nothing is under way; the worker rests if there is nothing to do.
  case ready
  case pulling(IncomingWeights, Pull, Question)
  /// Waits for what the servers have to tell of the penalty: these things.
  case listening(missing: Set<KnownPenalty.Item>, Question)
  case computing(StepWork)
  case pushing(IncomingWeights, Question)
  /// Waits for the weights that were kept as its anchor.
  case anchoring(IncomingWeights, Snapshot, Question)
  case measuring(Measurement)

  /// What weights are asked for.
  enum Pull: Sendable {
    case toTrain
    /// After a cut.
    case toGoOn
    case toMeasure(MeasureRequest)

    var wanted: WeightsRequest {
      switch self {
      case .toTrain: .current
      case .toGoOn: .held
      case .toMeasure(let request): request.weights
      }
    }
  }

  var description: String {
    switch self {
    case .ready: "ready"
    case .pulling(_, .toTrain, _): "pulling to train"
    case .pulling(_, .toGoOn, _): "pulling to go on"
    case .pulling(_, .toMeasure(let request), _): "pulling to measure \(request.id)"
    case .listening(let missing, _): "listening for \(missing.count)"
    case .computing(let work): "computing \(work.steps)"
    case .pushing: "pushing"
    case .anchoring: "anchoring"
    case .measuring: "measuring"
    }
  }

  /// Whether a measurement may come between: a worker that waits for its time to join asks again
  /// afterwards.
  var isInterruptible: Bool {
    switch self {
    case .ready, .pulling(_, .toTrain, _): true
    default: false
    }
  }

  /// Whether it waits for what the servers have to tell.
  var isListening: Bool {
    if case .listening = self { true } else { false }
  }

  /// When to say again what is not answered; `nil` if nothing is waited for.
  var repeatAt: Instant? {
    switch self {
    case .pulling(_, _, let question), .listening(_, let question), .pushing(_, let question),
      .anchoring(_, _, let question):
      question.repeatAt
    case .ready, .computing, .measuring: nil
    }
  }

  /// What has not been answered for long, once more; `nil` if nothing is waited for so long.
  mutating func repeatQuestion(at now: Instant) -> [Effect]? {
    switch self {
    case .pulling(let incoming, let pull, var question):
      defer { self = .pulling(incoming, pull, question) }
      return question.repeated(at: now)
    case .listening(let missing, var question):
      defer { self = .listening(missing: missing, question) }
      return question.repeated(at: now)
    case .pushing(let incoming, var question):
      defer { self = .pushing(incoming, question) }
      return question.repeated(at: now)
    case .anchoring(let incoming, let snapshot, var question):
      defer { self = .anchoring(incoming, snapshot, question) }
      return question.repeated(at: now)
    case .ready, .computing, .measuring: return nil
    }
  }
}
