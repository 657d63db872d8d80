import Consolidation
import Foundation
import Roles
import Tensors
import Updates

/// A small BSP cluster that only takes steps, over one stage to warm up and one to be timed. Its
/// gradients cost nothing, so that only the way to the servers and back is measured.
struct BenchCluster: Sendable {
  /// By server.
  let shards: [Range<Int>]
  let workerCount: Int
  let stepCount: Int

  var taskSchedule: TaskSchedule { .shared(stageCount: 2, workerCount: workerCount) }
  var stepCounts: [Int] { [3, stepCount] }
  var parameterCount: Int { shards.last?.upperBound ?? 0 }
  /// All parameters as one tensor.
  var layout: ParameterLayout { ParameterLayout([(name: "all", shape: [parameterCount])]) }

  /// There are no data that could differ.
  static let fingerprint = "bench"

  /// The coordinator's plan.
  var runPlan: RunPlan {
    RunPlan(
      run: 1, experiment: "", workerCount: workerCount, serverCount: shards.count,
      parameterCount: parameterCount, taskSchedule: taskSchedule, stageNames: ["warm-up", "bench"],
      stepCounts: stepCounts, classCounts: [1], method: MethodPlan(),
      fingerprint: Self.fingerprint, timeouts: Timeouts())
  }

  /// What a server does to its shard.
  static func update(count: Int) -> ConsolidatedUpdate {
    ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 0, form: .gradient,
      count: count)
  }
}

/// Performs the orders of a node of a ``BenchCluster``.
struct BenchPerformer: Performer {
  private let cluster: BenchCluster
  private let gradient: Vector

  init(_ cluster: BenchCluster) {
    self.cluster = cluster
    gradient = Vector(repeating: 1e-6, count: cluster.parameterCount)
  }

  mutating func perform(_ order: Order) -> OrderResult {
    switch order {
    case .prepareWorker:
      return .worker(
        WorkerPlan(
          layout: cluster.layout, shards: cluster.shards,
          taskSchedule: cluster.taskSchedule, stepCounts: cluster.stepCounts, localSteps: 1,
          method: MethodPlan(), importanceExampleCounts: [0, 0], testExamples: [0..<0],
          classCounts: [1], fingerprint: BenchCluster.fingerprint))
    case .prepareServer(_, let rank):
      let shard = cluster.shards[rank]
      return .server(
        ServerPlan(
          layout: cluster.layout, shard: shard, weights: Vector(count: shard.count),
          update: BenchCluster.update(count: shard.count), method: MethodPlan(),
          foldRule: FoldRule(), resetsOptimizer: false,
          taskSchedule: cluster.taskSchedule, consistency: Consistency(),
          batchShares: Array(repeating: 1, count: cluster.workerCount), sampleEverySteps: nil,
          fingerprint: BenchCluster.fingerprint))
    case .gradient, .localSteps: return .gradient(gradient, exampleCount: 1, loss: 1)
    case .evaluate: return .evaluated(correct: [0], totals: [0])
    case .importance: return .importance
    case .freshWeights, .total: return .failed(reason: "a bench orders nothing of the kind")
    }
  }
}

/// What a clock of processor time says.
func processorSeconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
