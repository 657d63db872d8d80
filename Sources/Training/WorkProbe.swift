import Experiments
import Consolidation
import Roles
import Tensors
import Updates

/// Does work of an experiment's nodes over and over, so that it can be timed: the same performer
/// and the same update as in a run.
public struct WorkProbe {
  private let blueprint: Blueprint
  private var performer: NodePerformer
  private let weights: HeldWeights
  private let plan: WorkerPlan
  private let shardWeights: [VectorView]
  private let ranges: [Range<Int>]
  private var update: ConsolidatedUpdate
  private let contributions: [[Contribution]]
  private var nextStep = 0

  /// - Parameter blueprint: Of a run whose placement leaves the first worker something to do.
  public init(_ blueprint: Blueprint) {
    self.blueprint = blueprint
    performer = NodePerformer(sharing: blueprint, NodeBuffers(blueprint))
    guard
      case .worker(let plan) = performer.perform(
        .prepareWorker(experiment: "", rank: 0, workerCount: blueprint.batchShares.count))
    else { preconditionFailure("a performer that shares a blueprint prepares") }
    self.plan = plan
    let servers = blueprint.frame.map.shards.indices.map { blueprint.frame.serverPlan(rank: $0) }
    weights = HeldWeights(
      blocks: servers.map { $0.weights.view }, versions: servers.map { _ in 0 })
    let server = servers[0]
    let ranges = server.shard.localBlocks
    self.ranges = ranges
    shardWeights = ranges.map { server.weights[$0] }
    var update = server.update
    if server.method.importance != .none {
      // From the second task on there is a penalty.
      let count = blueprint.importanceRule.partCount * server.shard.count
      let importance = ImportanceEstimate(
        worker: nil, sum: [Vector(repeating: 1e-6, count: count).view], exampleCount: 1,
        anchor: server.weights.view)
      do {
        try update.enter([(stage: 0, estimates: [importance])], rule: server.foldRule)
      } catch {
        preconditionFailure("an importance is finite and not negative: \(error)")
      }
    }
    self.update = update
    let pushes = server.consistency.bound == 0 ? blueprint.batchShares.count : 1
    let gradients = (0..<pushes).map { _ in Vector(repeating: 1e-6, count: server.shard.count) }
    contributions = ranges.map { range in
      gradients.map { Contribution(gradient: $0[range], exampleCount: 1) }
    }
  }

  /// The gradients of some steps.
  ///
  /// - Returns: How many.
  public mutating func step() -> Int {
    let steps = nextSteps()
    for step in steps {
      _ = performer.perform(.gradient(stage: 0, step: step, weights: weights, penalty: nil))
    }
    return steps.count
  }

  /// As many steps that the worker takes itself.
  ///
  /// - Returns: How many.
  public mutating func localSteps() -> Int {
    let steps = nextSteps()
    _ = performer.perform(.localSteps(stage: 0, steps: steps, weights: weights, penalty: nil))
    return steps.count
  }

  /// Not always the same examples, which would soon be at hand.
  private mutating func nextSteps() -> Range<Int> {
    let count = plan.stepCounts[0]
    let steps = nextStep..<min(nextStep + 10, count)
    nextStep = steps.upperBound % max(1, count)
    return steps
  }

  /// One slice of evaluation.
  ///
  /// - Returns: Its examples; 0 when there is nothing to evaluate.
  public mutating func evaluate() -> Int {
    let mine = plan.testExamples[0]
    let slice = mine.prefix(evaluationSliceCountMaximum)
    _ = performer.perform(.evaluate(column: 0, examples: slice, weights: weights))
    return slice.count
  }

  /// One slice of importance.
  ///
  /// - Returns: Its examples; 0 when there are none or the method has no importance.
  public mutating func importance() -> Int {
    let count = plan.importanceExampleCounts[0]
    let slice = 0..<min(importanceSliceCountMaximum, count)
    _ = performer.perform(
      .importance(stage: 0, examples: slice, of: count, weights: weights))
    return blueprint.importanceEstimator == nil ? 0 : slice.count
  }

  /// What a server does with the gradients of one step.
  ///
  /// - Returns: Bytes that were pushed for it.
  public mutating func updateShard() -> Int {
    update.begin()
    var byteCount = 0
    for (index, range) in ranges.enumerated() {
      byteCount += contributions[index].reduce(0) { $0 + $1.gradient.byteCount }
      _ = update.apply(block: range, contributions[index], weights: shardWeights[index])
    }
    return byteCount
  }
}
