import Experiments
import Methods
import Models
import Tensors

/// What a step minimises over its batch.
enum Objective {
  /// The labels' cross-entropy.
  case labels
  /// That, and the distance from earlier answers.
  case answers(SoftTargets)
  /// What each output unit says by itself.
  case units(UnitTargets)
  /// That, and what finished networks answer.
  case tutors(Tutors)

  /// Whether the network is held to other answers.
  var isHeld: Bool {
    switch self {
    case .labels: false
    case .answers, .tutors: true
    case .units(let targets): targets.weights != nil
    }
  }

  /// Networks that are not trained and answer every example of the batch.
  var frozenNetworkCount: Int {
    switch self {
    case .labels: 0
    case .answers: 1
    case .units(let targets): targets.weights == nil ? 0 : 1
    case .tutors(let tutors): tutors.all.count
    }
  }

  /// Writes the gradient over the bench's batch at its weights.
  ///
  /// - Parameter factors: By example, what its loss is multiplied by; `nil` for the mean.
  /// - Returns: The loss in two parts, of which the second is the distance from other answers.
  func gradient(
    of model: any Network, factors: [Float]?, into gradient: Vector, on bench: NodeBuffers
  ) -> (labels: Double, answers: Double) {
    let (batch, weights, workspace) = (bench.batch, bench.weights.base, bench.workspace)
    let all = factors ?? Array(repeating: 1 / Float(batch.count), count: batch.count)
    switch self {
    case .answers(let targets):
      let losses = model.gradient(
        of: batch, factors: all, targets: targets, at: weights, into: gradient.base,
        using: workspace)
      return (losses.labels, losses.targets)
    case .units(let targets):
      let losses = model.gradient(
        of: batch, factors: all, targets: targets, at: weights, into: gradient.base,
        using: workspace)
      return (losses.labels, losses.targets)
    case .tutors(let tutors):
      let found = model.gradient(
        of: batch, factors: all, tutors: tutors, tutorWorkspaces: bench.tutorWorkspaces,
        at: weights, into: gradient.base, using: workspace)
      return (found.loss - found.distance, found.distance)
    case .labels:
      let loss =
        factors.map {
          model.gradient(
            of: batch, factors: $0, at: weights, into: gradient.base, using: workspace)
        }
        ?? model.gradient(of: batch, at: weights, into: gradient.base, using: workspace)
      return (loss, 0)
    }
  }
}

extension WorkerState {
  /// What a step minimises. A network is held to earlier answers once something is finished.
  func objective(stage: Int, on bench: NodeBuffers) -> Objective {
    if let tutors = blueprint.tutors { return .tutors(tutors) }
    guard let distillation = blueprint.experiment.method.value.distillation else { return .labels }
    let phase = blueprint.phase(of: stage, rank: rank)
    let teacher = phase > 0 ? teacher?.weights : nil
    switch distillation.form {
    case .eachUnit:
      return .units(
        UnitTargets(
          weights: teacher, known: 0..<blueprint.unitCount(before: phase),
          temperature: Float(distillation.temperature)))
    case .probabilities:
      guard let teacher else { return .labels }
      let isByUnits = distillation.balance == .byUnits
      return .answers(
        SoftTargets(
          weights: teacher, temperature: Float(distillation.temperature),
          groups: blueprint.distilledGroups(of: distillation, before: phase, during: stage),
          labelWeight: isByUnits ? 1 - blueprint.knownShare(in: phase) : 1,
          correction: bench.fit.flatMap { blueprint.readout?.correction($0) }))
    }
  }
}
