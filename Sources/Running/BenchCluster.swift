package import Consolidation
import Foundation
package import Roles
import Tensors
import Updates

/// A small BSP cluster that only takes steps, over one stage to warm up and one to be timed. Its
/// gradients cost nothing, so that only the way to the servers and back is measured.
package struct BenchCluster: Sendable {
  /// By server.
  let shards: [Range<Int>]
  let workerCount: Int
  let stepCount: Int

  package init(shards: [Range<Int>], workerCount: Int, stepCount: Int) {
    self.shards = shards
    self.workerCount = workerCount
    self.stepCount = stepCount
  }

  package var taskSchedule: TaskSchedule { .shared(stageCount: 2, workerCount: workerCount) }
  var stepCounts: [Int] { [3, stepCount] }
  var parameterCount: Int { shards.last?.upperBound ?? 0 }
  /// All parameters as one tensor.
  var layout: ParameterLayout { ParameterLayout([(name: "all", shape: [parameterCount])]) }

  /// There are no data that could differ.
  static let fingerprint = "bench"

  /// The coordinator's plan.
  package var runPlan: RunPlan {
    RunPlan(
      run: 1, experiment: "", workerCount: workerCount, serverCount: shards.count,
      parameterCount: parameterCount, taskSchedule: taskSchedule, stageNames: ["warm-up", "bench"],
      stepCounts: stepCounts, classCounts: [1], method: MethodPlan(),
      fingerprint: Self.fingerprint, timeouts: Timeouts())
  }

  /// What a server does to its shard.
  package static func update(count: Int) -> ConsolidatedUpdate {
    ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 0, form: .gradient,
      count: count)
  }
}

/// Performs the orders of a node of a ``BenchCluster``.
package struct BenchPerformer: Performer {
  private let cluster: BenchCluster
  private let gradient: Vector

  package init(_ cluster: BenchCluster) {
    self.cluster = cluster
    gradient = Vector(repeating: 1e-6, count: cluster.parameterCount)
  }

  package mutating func perform(_ order: Order) -> OrderResult {
    switch order {
    case .prepareWorker:
      return .worker(
        WorkerPlan(
          layout: cluster.layout, map: BlockMap(cluster.shards),
          taskSchedule: cluster.taskSchedule, stepCounts: cluster.stepCounts, localSteps: 1,
          method: MethodPlan(), importanceExampleCounts: [0, 0], testExamples: [0..<0],
          classCounts: [1], fingerprint: BenchCluster.fingerprint))
    case .prepareServer(_, let rank, _):
      let shard = BlockMap(cluster.shards).shards[rank]
      return .server(
        ServerPlan(
          layout: cluster.layout, shard: shard, weights: Vector(count: shard.count),
          update: BenchCluster.update(count: shard.count), method: MethodPlan(),
          foldRule: FoldRule(), resetsOptimizer: false,
          taskSchedule: cluster.taskSchedule, consistency: Consistency(),
          batchShares: Array(repeating: 1, count: cluster.workerCount), sampleEverySteps: nil,
          fingerprint: BenchCluster.fingerprint))
    case .gradient, .localSteps: return .gradient(.here(gradient.view), exampleCount: 1, loss: 1)
    case .evaluate: return .evaluated(correct: [0], totals: [0])
    case .importance: return .importance(nil)
    case .reference, .statement, .freshWeights, .total:
      return .failed(reason: "a bench orders nothing of the kind")
    }
  }
}
