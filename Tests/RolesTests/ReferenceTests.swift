import Consolidation
import Tensors
import Testing
import Updates

@testable import Roles

/// Servers of a vector that take pushes with references, θ ← θ − direction, driven by hand from the
/// second stage on; what they tell each other passes through what the coordinator keeps.
private struct ReferenceBench {
  private(set) var servers: [ServerRole]
  private(set) var agreement: StepAgreement
  private let map: BlockMap
  private let workerCount: Int
  /// What was told to workers, by server.
  private(set) var answers: [Int: [Float]] = [:]
  private(set) var refusals: [String] = []
  /// The last word of a server that cannot go on.
  private(set) var failure: (kind: FailureKind, reason: String)?

  /// - Parameter stages: That were finished before the one that is trained.
  init(
    workers: Int, servers: Int = 1, count: Int, blockSize: Int = 100, stages: Int = 1,
    references: ReferencePlan, _ rule: any GradientTransform
  ) {
    map = BlockMap(evenRanges(of: count, parts: servers), blockSize: blockSize)
    workerCount = workers
    agreement = StepAgreement((0..<servers).map { .server($0) })
    self.servers = []
    for (rank, shard) in map.shards.enumerated() {
      let plan = ServerPlan(
        layout: ParameterLayout([(name: "w", shape: [count])]), shard: shard,
        weights: Vector(count: shard.count),
        update: ConsolidatedUpdate(
          optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 0, form: .gradient,
          count: shard.count), method: MethodPlan(references: references),
        transform: StepTransform(rule: rule, exampleCountMaximum: 9, serverCount: servers),
        foldRule: FoldRule(), resetsOptimizer: false,
        taskSchedule: .shared(stageCount: stages + 1, workerCount: workers),
        consistency: Consistency(), batchShares: Array(repeating: 8, count: workers),
        sampleEverySteps: nil, fingerprint: "f")
      var server = ServerRole(rank: rank, endpoint: .ipc(path: "here"))
      _ = server.handle(.start, at: .zero)
      self.servers.append(server)
      control(
        rank,
        .welcome(
          run: 5, experiment: "", workerCount: workers,
          serverEndpoints: map.shards.map { "ipc://\($0.range)" }, timeouts: Timeouts(),
          shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2)))
      _ = self.servers[rank].handle(.performed(.server(plan)), at: .zero)
      for worker in 0..<workers { send(.pull, worker, to: rank, request: .current) }
    }
    for stage in 0...stages {
      for rank in map.shards.indices { control(rank, .open(phase: stage)) }
      guard stage < stages else { break }
      for worker in 0..<workers {
        for rank in map.shards.indices { send(.retire, worker, to: rank, stage: stage) }
      }
    }
    answers = [:]
    self.stage = stages
  }

  private var stage = 0

  /// θ of all servers.
  var weights: [Float] {
    servers.flatMap { server in server.server?.shard.weights.flatMap(\.array) ?? [] }
  }

  mutating func control(_ rank: Int, _ control: Control) {
    take(
      Message(.control, run: 5, sender: .coordinator, incarnation: 0, payload: .control(control)),
      from: Peer(link: .coordinator), at: rank)
  }

  private mutating func send(
    _ kind: Message.Kind, _ worker: Int, to rank: Int, stage: Int = 0,
    request: WeightsRequest? = nil
  ) {
    take(
      Message(
        kind, run: 5, sender: .worker(worker), incarnation: 0, stage: stage, request: request),
      from: route(.worker(worker)), at: rank)
  }

  /// One part of a push, block by block to all servers.
  ///
  /// - Parameter vector: `nil` for no floats.
  mutating func push(
    _ worker: Int, part: Int = 0, _ vector: [Float]?, examples: Int = 1, clock: UInt64 = 1
  ) {
    for (rank, shard) in map.shards.enumerated() {
      for block in shard.blocks {
        let floats = vector.map { Message.Payload.tensor(Vector(Array($0[block])).view) }
        take(
          Message(
            .push, run: 5, sender: .worker(worker), incarnation: 0, stage: stage,
            exampleCount: examples, clock: clock, version: clock - 1, part: part, range: block,
            payload: floats ?? .none), from: route(.worker(worker)), at: rank)
      }
    }
  }

  private mutating func take(_ message: Message, from peer: Peer, at rank: Int) {
    var effects = servers[rank].handle(.message(message, from: peer), at: .zero)
    while !effects.isEmpty {
      switch effects.removeFirst() {
      case .send(let message, .coordinator):
        if case .control(.failed(let kind, let reason)) = message.payload {
          failure = (kind, reason)
        }
        guard case .control(.scalars(let phase, let number, let scalars)) = message.payload,
          let whole = try? agreement.enter(number, scalars, from: .server(rank))
        else { continue }
        for other in servers.indices {
          control(other, .agreed(phase: phase, number: number, whole))
        }
      case .send(let message, _):
        if case .tensor(let view) = message.payload, message.kind == .weights {
          answers[message.range.lowerBound] = view.array
        }
      case .resume: effects += servers[rank].handle(.resumed, at: .zero)
      case .record(.refused(let reason, _)): refusals.append(reason)
      default: continue
      }
    }
  }
}

@Suite struct `References of a push` {
  /// Both gradients agree with the reference of their own worker; their mean does not with the mean
  /// of these.
  @Test(arguments: [1, 2])
  func `projection at each worker is not that of the mean`(servers: Int) {
    let gradients: [[Float]] = [[2, -3], [-3, 2]]
    let references: [[Float]] = [[1, 0], [0, 1]]
    for (gradient, reference) in zip(gradients, references) {
      // Nothing to project at a worker: the mean of the local projections is the mean gradient.
      #expect(gradient[0] * reference[0] + gradient[1] * reference[1] > 0)
    }
    var bench = ReferenceBench(
      workers: 2, servers: servers, count: 2, references: .joint, HalfSpaceProjection())
    for worker in 0..<2 {
      bench.push(worker, gradients[worker])
      bench.push(worker, part: 1, references[worker])
    }
    // g = (−½, −½) and r = (½, ½): g·r = −½, and g + r is what has no product with r.
    #expect(bench.weights == [0, 0] && bench.weights != [0.5, 0.5])
    let activity = bench.servers[0].summary.projection
    #expect(activity.stepCount == 1 && activity.projectedCount == 1)
  }

  @Test(arguments: [1, 3])
  func `come in any order, and the push is whole with the last of them`(servers: Int) {
    var bench = ReferenceBench(
      workers: 1, servers: servers, count: 6, blockSize: 2, stages: 2, references: .perStage,
      ConeProjection(margin: 0))
    let gradient: [Float] = [1, -2, 3, -4, 5, -6]
    bench.push(0, part: 2, [0, 0, 0, 0, 0, 1], examples: 2)
    bench.push(0, gradient)
    #expect(bench.answers.isEmpty)
    // A part that comes again is none of those that are missing.
    bench.push(0, part: 2, [1, 1, 1, 1, 1, 1], examples: 2)
    bench.push(0, gradient)
    #expect(bench.answers.isEmpty)
    bench.push(0, part: 1, [0, 1, 0, 0, 0, 0], examples: 3)
    #expect(bench.answers.count == 3 && bench.refusals.isEmpty && bench.failure == nil)
    // The orthonormal references take away what is negative along them, but for the ridge.
    let expected: [Float] = [-1, 0, -3, 4, -5, 0]
    for (one, other) in zip(bench.weights, expected) { #expect(abs(one - other) < 1e-2) }
    bench.push(0, gradient, clock: 2)
    bench.push(0, part: 1, nil, examples: 0, clock: 2)
    bench.push(0, part: 2, nil, examples: 0, clock: 2)
    #expect(bench.servers.allSatisfy { $0.version == 2 })
  }

  @Test func `count by their own examples, whoever has none`() {
    var bench = ReferenceBench(
      workers: 3, count: 2, references: .joint, HalfSpaceProjection())
    // Means: g = (−3, 1), r = (1, 0) by 2 examples of (2, 0) and 2 of (0, 0).
    bench.push(0, [-4, 2], examples: 1)
    bench.push(0, part: 1, nil, examples: 0)
    bench.push(1, [-4, 2], examples: 2)
    bench.push(1, part: 1, [2, 0], examples: 2)
    bench.push(2, [0, -2], examples: 1)
    bench.push(2, part: 1, [0, 0], examples: 2)
    #expect(bench.weights == [0, -1])
  }

  @Test(arguments: [1, 2])
  func `that nothing violates change no bit`(servers: Int) {
    let gradients: [[Float]] = [[0.1, 0.7, -0.3, 1e-9], [0.3, 0.11, 2, -3]]
    var plain = ServerBench(workers: 2)
    var bench = ReferenceBench(
      workers: 2, servers: servers, count: 4, references: .joint, HalfSpaceProjection())
    for (worker, examples) in [3, 5].enumerated() {
      _ = plain.push(worker, gradients[worker], clock: 1, examples: examples)
      bench.push(worker, gradients[worker], examples: examples)
      bench.push(worker, part: 1, [1, 1, 1, 0])
    }
    #expect(bench.weights == plain.server.server?.shard.weights.flatMap(\.array))
    #expect(bench.servers[0].summary.projection.projectedCount == 0)
    #expect(bench.servers[0].summary.projection.stepCount == 1)
  }

  @Test func `of no part of the push are refused`() {
    var bench = ReferenceBench(
      workers: 1, count: 2, references: .joint, HalfSpaceProjection())
    bench.push(0, part: 2, [1, 1])
    bench.push(0, part: 1, [1, 1], examples: 10)
    bench.push(0, part: 1, nil, examples: 1)
    bench.push(0, part: 1, [1, .infinity])
    bench.push(0, nil, examples: 0)
    #expect(bench.refusals.count == 5 && bench.weights == [0, 0])
    bench.push(0, [1, 1])
    bench.push(0, part: 1, [1, 1])
    #expect(bench.weights == [-1, -1])
    // Before anything is finished there are none.
    var first = ReferenceBench(
      workers: 1, count: 2, stages: 0, references: .joint, HalfSpaceProjection())
    first.push(0, part: 1, [1, 1])
    #expect(first.refusals.count == 1)
    first.push(0, [1, 1])
    #expect(first.weights == [-1, -1])
  }

  @Test func `are agreed on once, with numbers of their own kind`() throws {
    var bench = ReferenceBench(
      workers: 1, servers: 2, count: 2, references: .joint, HalfSpaceProjection())
    bench.control(0, .agreed(phase: 1, number: 0, .magnitudes([1, 1])))
    #expect(bench.failure?.kind == .violation)
    let servers = [NodeID.server(0), .server(1)]
    var agreement = StepAgreement(servers)
    #expect(try agreement.enter(0, .magnitudes([1, 5]), from: servers[1]) == nil)
    #expect(throws: Objection.self) {
      try agreement.enter(0, .magnitudes([1, 5]), from: servers[1])
    }
    #expect(throws: Objection.self) { try agreement.enter(0, .sums([1, 2]), from: servers[0]) }
    #expect(throws: Objection.self) { try agreement.enter(0, .magnitudes([1]), from: servers[0]) }
    #expect(throws: Objection.self) {
      try agreement.enter(1, .magnitudes([1, 2]), from: servers[0])
    }
    #expect(
      try agreement.enter(0, .magnitudes([2, 4]), from: servers[0]) == .magnitudes([2, 5]))
    #expect(try agreement.enter(1, .sums([1, -2]), from: servers[0]) == nil)
    #expect(try agreement.enter(1, .sums([3, 4]), from: servers[1]) == .sums([4, 2]))
  }

  @Test func `whose programme has no solution end the run with a sentence`() {
    struct Unsolved: GradientTransform {
      func coefficients(of gram: GramMatrix) throws(TransformError) -> [Double]? {
        throw .unsolved(residual: 0.25)
      }
    }
    var bench = ReferenceBench(workers: 1, count: 2, references: .joint, Unsolved())
    bench.push(0, [1, 1])
    bench.push(0, part: 1, [1, 1])
    #expect(bench.failure?.kind == .notFinite)
    let words = "server 0 cannot go on in phase 2: the quadratic program"
    #expect(bench.failure?.reason.hasPrefix(words) == true)
  }
}

@Suite struct `References of a worker` {
  @Test func `are ordered one after another and pushed with the gradient`() {
    var story = WorkerStory(references: .perStage, stepCounts: [1, 1, 1])
    var said = ""
    for phase in 0..<2 {
      _ = story.told(.train(phase: phase, versions: [UInt64(phase), UInt64(phase)]))
      if phase == 0 { said = story.answered(all: 0, version: 0, to: .current) }
      said = story.doneGradient(1)
      if phase == 1 {
        #expect(said == "orders reference to [0] in step 0 at [1.0, 1.0, 1.0]\n[computing 0..<1]")
        said = story.done(
          .reference(.here(Vector(repeating: 7, count: 6).view), exampleCount: 3))
        #expect(said.split(separator: "\n").filter { $0.contains("push part 1") }.count == 3)
        #expect(said.contains("server 1: push part 1 4..<6 [7.0, 7.0] of version 1, round trip 2"))
        #expect(said.contains("server 1: push 4..<6 [1.0, 1.0] of version 1, round trip 2"))
      } else {
        #expect(!said.contains("part"))
      }
      _ = story.answered(
        all: Float(phase + 1), version: UInt64(phase + 1), clock: UInt64(phase + 1))
    }
    _ = story.told(.train(phase: 2, versions: [2, 2]))
    _ = story.doneGradient(1)
    said = story.done(.reference(nil, exampleCount: 0))
    #expect(said.hasPrefix("orders reference to [1] in step 0"))
    said = story.done(.reference(.here(Vector(repeating: 7, count: 6).view), exampleCount: 3))
    #expect(said.contains("server 0: push part 1 0..<2 of nothing"))
    #expect(said.contains("server 0: push part 2 0..<2 [7.0, 7.0]"))
  }

  @Test func `that are no numbers, or were not ordered, end the run`() {
    var story = WorkerStory(references: .joint, stepCounts: [1, 1])
    _ = story.told(.train(phase: 0, versions: [0, 0]))
    _ = story.answered(all: 0, version: 0, to: .current)
    var other = story
    #expect(
      other.done(.reference(nil, exampleCount: 0)).contains("work it had not ordered"))
    _ = story.doneGradient(1)
    _ = story.answered(all: 1, version: 1, clock: 1)
    _ = story.told(.train(phase: 1, versions: [1, 1]))
    _ = story.doneGradient(1)
    let said = story.done(
      .reference(.here(Vector(repeating: .nan, count: 6).view), exampleCount: 3))
    #expect(said.contains("computed a gradient that is not finite in stage 2, step 1"))
  }
}
