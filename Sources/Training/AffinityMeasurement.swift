public import Experiments
import Methods
import Models
public import Streams
import Tensors
import Updates

/// How much learning one task helps another, or one node's data another's, measured in one process
/// while one network learns all of them at once.
///
/// A function of the experiment, its data and the plan: equal ones give the same bits with the same
/// kernel of the matrix library. Of the experiment count data, stream, network, optimiser, batch
/// and seed, and among nodes the placement; its method does not.
public struct AffinityMeasurement {
  private let blueprint: Blueprint
  private let plan: AffinityPlan
  private let members: [AffinityMember]

  /// - Throws: `DataError` or ``ConfigurationError`` when experiment and data do not fit, or a node
  ///   has nothing.
  public init(_ experiment: Experiment, data: DataSet, plan: AffinityPlan) throws {
    var plain = experiment.with(Experiment.MethodChoice(Plain()))
    // Tasks are numbered as a list in `stream.order` numbers them.
    plain.stream.order = .given
    blueprint = try Blueprint(plain, data: data)
    self.plan = plan
    members = try AffinityMember.all(plan.members, of: blueprint)
  }

  /// The tasks as `stream.order=given` has them, or the nodes.
  public var names: [String] { members.map(\.name) }

  /// Trains and compares.
  ///
  /// - Parameter progress: Called after each step of training with the steps that are done and
  ///   those there are in all; what it throws ends the work.
  /// - Returns: A matrix for each estimator of the plan.
  /// - Throws: ``ConfigurationError`` when training diverges.
  public func run(
    progress: (Int, Int) throws -> Void
  ) throws -> [AffinityPlan.Estimator: AffinityMatrix] {
    let all = plan.workCount(of: members.count)
    var done = 0
    func tell() throws {
      done += 1
      try progress(done, all)
    }
    var found = plan.wantsGradients ? try compareGradients(progress: tell) : [:]
    if plan.wantsFeatures {
      let features = FeatureAffinity(members.map(\.halved), of: blueprint, plan: plan)
      found[.probe] = AffinityMatrix(try features.matrix(progress: tell))
    }
    return found
  }

  /// Trains on all members at once, and compares gradients on the way.
  private func compareGradients(
    progress: () throws -> Void
  ) throws -> [AffinityPlan.Estimator: AffinityMatrix] {
    let model = blueprint.model
    let share = (blueprint.experiment.batch + members.count - 1) / members.count
    var training = MemberBatches(
      members, of: blueprint, for: .training, batch: share, count: plan.stepCount)
    var sampling = MemberBatches(
      members, of: blueprint, for: .sampling, batch: plan.exampleCount,
      count: 2 * plan.sampleCount)
    let capacity = max(share * members.count, plan.exampleCount)
    let workspace = Workspace(model: model, capacity: capacity)
    var batch = Batch(capacity: share * members.count, inputs: blueprint.stream.inputCount)
    let descent = Descent(blueprint)
    var samples: [AffinityPlan.Estimator: [[[Double]]]] = [:]
    for step in 0..<plan.stepCount {
      batch.removeAll()
      for member in members.indices { training.append(step, of: member, to: &batch) }
      descent.step(on: batch, using: workspace)
      if (step + 1).isMultiple(of: plan.sampleEvery) {
        let losses = sample((step + 1) / plan.sampleEvery - 1, of: &sampling, using: workspace)
        try compare(losses, at: descent.weights, into: &samples)
      }
      try progress()
    }
    return samples.mapValues { AffinityMatrix(meanOf: $0) }
  }

  /// Each member's loss at one moment.
  private func sample(
    _ number: Int, of sampling: inout MemberBatches, using workspace: Workspace
  ) -> MemberLosses {
    var (steps, looks): ([Batch], [Batch]) = ([], [])
    for member in members.indices {
      var pair = (0..<2).map { _ in
        Batch(capacity: plan.exampleCount, inputs: blueprint.stream.inputCount)
      }
      for half in 0..<2 { sampling.append(2 * number + half, of: member, to: &pair[half]) }
      steps.append(pair[0])
      looks.append(pair[1])
    }
    return MemberLosses(
      model: blueprint.model, workspace: workspace, steps: steps, looks: looks)
  }

  private func compare(
    _ losses: MemberLosses, at weights: Vector,
    into samples: inout [AffinityPlan.Estimator: [[[Double]]]]
  ) throws {
    let affinity = GradientAffinity(losses, at: weights)
    guard affinity.isFinite else {
      throw Self.divergence("training on all \(plan.members)")
    }
    for estimator in plan.estimators {
      switch estimator {
      case .gram: samples[estimator, default: []].append(affinity.cosines)
      case .lookahead:
        samples[estimator, default: []].append(affinity.lookAheads(rate: Float(plan.rate)))
      case .probe: break
      }
    }
  }

  /// Why nothing can be compared.
  static func divergence(_ what: String) -> ConfigurationError {
    ConfigurationError(
      "\(what) diverges, so that nothing can be compared; use a smaller optimizer.rate")
  }
}

/// Cross-entropies of members, each over draws of its own: gradients over one, losses over another,
/// so that a member does not look as if it helped itself by what it has just seen.
private struct MemberLosses: LossFamily {
  let model: any Network
  let workspace: Workspace
  let steps: [Batch]
  let looks: [Batch]

  var lossCount: Int { steps.count }

  func writeGradient(of loss: Int, at weights: Vector, into gradient: Vector) {
    _ = model.gradient(
      of: steps[loss], at: weights.base, into: gradient.base, using: workspace)
  }

  func value(of loss: Int, at weights: Vector) -> Double {
    model.loss(of: looks[loss], at: weights.base, using: workspace)
  }
}

/// A network that is trained in one process by the experiment's optimiser.
final class Descent {
  private let model: any Network
  private var optimizer: Optimizer
  private let clip: Double?
  private(set) var weights: Vector
  private let gradient: Vector
  private var next: Vector

  /// Begins with the first weights of the run.
  init(_ blueprint: Blueprint) {
    let experiment = blueprint.experiment
    model = blueprint.model
    optimizer = Optimizer(experiment.optimizerSpecification, count: model.layout.count)
    clip = experiment.optimizer.clip
    weights = model.initialWeights(experiment.model.initialization, seed: experiment.seed)
    gradient = Vector(count: weights.count)
    next = Vector(count: weights.count)
  }

  /// One step on the mean over a batch.
  func step(on batch: Batch, using workspace: Workspace) {
    _ = model.gradient(
      of: batch, at: weights.base, into: gradient.base, using: workspace)
    if let clip {
      let norm = Kernels.sumOfSquares(gradient.base, count: gradient.count).squareRoot()
      if norm > clip {
        Kernels.scale(gradient.base, by: Float(clip / norm), count: gradient.count)
      }
    }
    optimizer.beginStep()
    optimizer.step(
      0..<weights.count, weights: weights.base, direction: gradient.base, into: next.base)
    swap(&weights, &next)
  }
}
