import Consolidation
import Roles
import Simulation
import Tensors
import Testing
import Updates

/// A problem whose answers anybody can work out: the loss of an example is ½|θ − x|². Every stage
/// has eight examples, a step takes three of them, all of the finished ones are kept.
private struct Points {
  static let parameterCount = 29
  static let stageCount = 3
  static let exampleCount = 8
  static let stepCount = 6
  static let batch = 3

  let workerCount: Int
  let serverCount: Int
  let references: ReferencePlan
  let rule: any GradientTransform
  var optimizer = OptimizerSpecification(kind: .sgd, rate: 0.2)

  var taskSchedule: TaskSchedule {
    .shared(stageCount: Self.stageCount, workerCount: workerCount)
  }

  static func example(_ stage: Int, _ index: Int) -> [Float] {
    var random = RandomStream(seed: 3, purpose: .test, node: stage, step: index)
    let centre = RandomStream(seed: 4, purpose: .test, node: stage).floats(parameterCount)
    return centre.map { 2 * $0 + 0.3 * Float(random.normal()) }
  }

  static func drawn(at step: Int) -> [Int] {
    (0..<batch).map { (step * batch + $0) % exampleCount }
  }

  /// The worker that has an example: the first has more than the others.
  func owner(of index: Int) -> Int { index < 3 ? 0 : index % workerCount }

  /// The mean gradient over those of some examples that a worker has.
  func gradient(
    of examples: [(stage: Int, index: Int)], by rank: Int, at weights: HeldWeights
  ) -> (vector: Vector, count: Int) {
    let theta = Vector(joining: weights.blocks)
    let own = examples.filter { owner(of: $0.index) == rank }
    let sum = Vector(count: Self.parameterCount)
    for (stage, index) in own {
      let point = Self.example(stage, index)
      for place in 0..<sum.count {
        sum[place] += (theta[place] - point[place]) / Float(own.count)
      }
    }
    return (sum, own.count)
  }

  /// The weights on which a run ends, and what its servers counted.
  func run(delaySeed: UInt64 = 1) -> (weights: [Float], activity: [ProjectionActivity]) {
    let stages = Self.stageCount
    var costs = CostModel(
      stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3), bytesPerSecond: 1e8)
    costs.importanceSeconds = 1e-3
    let plan = RunPlan(
      run: 1, experiment: "", workerCount: workerCount, serverCount: serverCount,
      parameterCount: Self.parameterCount, taskSchedule: taskSchedule,
      stageNames: (0..<stages).map { "\($0)" },
      stepCounts: (0..<stages).map { _ in Self.stepCount }, classCounts: [1],
      method: MethodPlan(references: references), wantsOneKernel: false, fingerprint: "f",
      timeouts: Timeouts())
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(plan), serverCount: serverCount, workerCount: workerCount,
      timeouts: Timeouts(), costs: costs, seed: delaySeed,
      makePerformer: { PointPerformer(points: self, node: $0) }, observe: { _, _ in })
    #expect(cluster.run().ending == .completed)
    let record = cluster.coordinator.record
    return (
      record.weights?.array ?? [], record.serverSummaries.compactMap { $0?.projection }
    )
  }
}

extension RandomStream {
  fileprivate func floats(_ count: Int) -> [Float] {
    var copy = self
    return (0..<count).map { _ in Float(copy.normal()) }
  }
}

private struct PointPerformer: Performer {
  let points: Points
  let node: NodeID

  mutating func perform(_ order: Order) -> OrderResult {
    let map = BlockMap(
      evenRanges(of: Points.parameterCount, parts: points.serverCount), blockSize: 4)
    let layout = ParameterLayout([(name: "w", shape: [Points.parameterCount])])
    let method = MethodPlan(references: points.references)
    switch order {
    case .prepareWorker:
      return .worker(
        WorkerPlan(
          layout: layout, map: map, taskSchedule: points.taskSchedule,
          stepCounts: (0..<Points.stageCount).map { _ in Points.stepCount }, localSteps: 1,
          method: method, importanceExampleCounts: (0..<Points.stageCount).map { _ in 0 },
          testExamples: [0..<0], classCounts: [1], fingerprint: "f"))
    case .prepareServer:
      let shard = map.shards[node.rank]
      return .server(
        ServerPlan(
          layout: layout, shard: shard, weights: Vector(count: shard.count),
          update: ConsolidatedUpdate(
            optimizer: points.optimizer, strength: 0, form: .gradient, count: shard.count),
          method: method,
          transform: points.references == .none
            ? nil
            : StepTransform(
              rule: points.rule, exampleCountMaximum: 100, serverCount: points.serverCount),
          foldRule: FoldRule(), resetsOptimizer: false, taskSchedule: points.taskSchedule,
          consistency: Consistency(),
          batchShares: Array(repeating: Points.batch, count: points.workerCount),
          sampleEverySteps: nil, fingerprint: "f"))
    case .gradient(let stage, let step, let weights, _):
      let examples = Points.drawn(at: step).map { (stage: stage, index: $0) }
      let (vector, count) = points.gradient(of: examples, by: node.rank, at: weights)
      return .gradient(.here(vector.view), exampleCount: count, loss: 1)
    case .reference(let memories, _, _, let weights):
      let examples = memories.flatMap { stage in
        (0..<Points.exampleCount).map { (stage: stage, index: $0) }
      }
      let (vector, count) = points.gradient(of: examples, by: node.rank, at: weights)
      return .reference(count > 0 ? .here(vector.view) : nil, exampleCount: count)
    case .evaluate: return .evaluated(correct: [0], totals: [0])
    default: return .failed(reason: "nothing else is ordered")
    }
  }
}

/// Never turns anything.
private struct Idle: GradientTransform {
  func coefficients(of gram: GramMatrix) -> [Double]? { nil }
}

@Suite struct `Projected runs` {
  private static let kinds: [(references: ReferencePlan, rule: any GradientTransform)] = [
    (.joint, HalfSpaceProjection()), (.perStage, ConeProjection(margin: 0.5)),
    (.perStage, ConeProjection(margin: 0)),
  ]

  private func points(_ kind: Int, workers: Int = 1, servers: Int = 1) -> Points {
    let (references, rule) = Self.kinds[kind]
    return Points(
      workerCount: workers, serverCount: servers, references: references, rule: rule)
  }

  @Test(arguments: 0..<3, [2, 4])
  func `are the same for any number of workers, to rounding`(kind: Int, workers: Int) {
    let one = points(kind).run()
    let many = points(kind, workers: workers).run()
    #expect(one.weights.count == Points.parameterCount && many.weights.count == one.weights.count)
    for (a, b) in zip(one.weights, many.weights) { #expect(abs(a - b) <= 1e-5 * max(1, abs(a))) }
    #expect(one.activity[0].stepCount == 2 * Points.stepCount)
    #expect(one.activity[0].projectedCount > 0)
    #expect(one.activity[0].projectedCount == many.activity[0].projectedCount)
  }

  @Test(arguments: 0..<3, [2, 3, 5])
  func `are the same to the bit for any number of servers`(kind: Int, servers: Int) {
    let one = points(kind, workers: 2).run()
    let many = points(kind, workers: 2, servers: servers).run()
    #expect(!one.weights.isEmpty && one.weights == many.weights)
    // All servers took the same decisions.
    #expect(many.activity.count == servers && many.activity.allSatisfy { $0 == one.activity[0] })
  }

  @Test(arguments: [UInt64(3), 4])
  func `are the same whatever the delays`(delaySeed: UInt64) {
    let points = points(1, workers: 3, servers: 2)
    #expect(points.run().weights == points.run(delaySeed: delaySeed).weights)
  }

  @Test(arguments: [1, 3])
  func `that nothing turns are plain ones, to the bit`(servers: Int) {
    let sgd = OptimizerSpecification(kind: .momentum, rate: 0.1)
    let plain = Points(
      workerCount: 2, serverCount: servers, references: .none, rule: Idle(), optimizer: sgd)
    let idle = Points(
      workerCount: 2, serverCount: servers, references: .perStage, rule: Idle(), optimizer: sgd)
    #expect(!plain.run().weights.isEmpty && plain.run().weights == idle.run().weights)
  }

  @Test func `forget less than plain ones`() {
    func loss(_ weights: [Float], stage: Int) -> Float {
      (0..<Points.exampleCount).reduce(0) { sum, index in
        sum
          + zip(weights, Points.example(stage, index)).reduce(0) {
            $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2
          }
      }
    }
    let plain = Points(workerCount: 2, serverCount: 1, references: .none, rule: Idle()).run()
    for kind in 0..<3 {
      let held = points(kind, workers: 2).run()
      #expect(loss(held.weights, stage: 0) < loss(plain.weights, stage: 0))
    }
  }
}
