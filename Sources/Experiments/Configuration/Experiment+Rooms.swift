import Consolidation
import Models
import Roles
import Streams
import Updates

extension Experiment {
  /// The stream as its room wants it.
  var streamSpecification: StreamSpecification {
    let kind: StreamSpecification.Kind =
      switch stream.kind {
      case .split: .split(stream.classes)
      case .permuted: .permuted
      case .rotated:
        .rotated(
          stream.randomBins.map { .randomBins(span: $0) } ?? .explicit(stream.angles),
          stream.interpolation)
      }
    var specification = StreamSpecification(
      kind: kind, taskCount: stream.tasks, scenario: stream.scenario)
    specification.lossClasses = stream.lossClasses
    specification.padding = stream.padding
    specification.normalization = StreamSpecification.Normalization(
      mean: data.mean, deviation: data.deviation)
    specification.examplesPerTask = stream.examplesPerTask
    specification.testExamplesPerTask = stream.testExamplesPerTask
    return specification
  }

  /// How long a stage is; joint training takes as many steps as its tasks one after another.
  var length: BatchSchedule.Length {
    guard let iterations = stream.iterations else { return .epochs(stream.epochs) }
    return .iterations(method.name == .joint ? iterations * stream.tasks : iterations)
  }

  var optimizerSpecification: OptimizerSpecification {
    let schedule: RateSchedule =
      switch optimizer.schedule {
      case .constant: .constant
      case .step:
        .step(every: optimizer.scheduleEvery, factor: Float(optimizer.scheduleFactor))
      case .cosine:
        .cosine(steps: optimizer.scheduleSteps, floor: Float(optimizer.scheduleFloor))
      }
    return OptimizerSpecification(
      kind: optimizer.kind, rate: Float(optimizer.rate), momentum: Float(optimizer.momentum),
      beta1: Float(optimizer.beta1), beta2: Float(optimizer.beta2),
      epsilon: Float(optimizer.epsilon), schedule: schedule)
  }

  var importanceSource: ImportanceSource {
    switch method.name {
    case .none, .joint, .independent: .none
    case .l2: .uniform
    case .ewc, .mas: .workers
    case .si: .path
    }
  }

  /// How a finished task joins the penalty.
  var foldRule: FoldRule {
    let decay: Float =
      switch (method.name, method.mode) {
      // Published L2 holds the latest weights only; SI and MAS add importances up.
      case (.l2, _) where method.anchor == .published: 0
      case (_, .online): Float(method.decay)
      case (_, .separate): 1
      }
    let anchor: FoldRule.Anchor =
      switch (method.anchor, method.name, method.mode) {
      case (.own, _, _): .own
      case (.latest, _, _): .latest
      case (.published, .ewc, .separate): .own
      case (.published, _, _): .latest
      }
    return FoldRule(decay: decay, anchor: anchor)
  }

  var fisherEstimator: FisherEstimator {
    switch method.fisher {
    case .exact: .exact
    case .sampled: .sampled
    case .empirical: .empirical
    case .predicted: .predicted
    case .batched: .batched(size: method.fisherBatch)
    }
  }
}
