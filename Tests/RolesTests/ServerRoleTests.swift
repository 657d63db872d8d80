import Consolidation
import Tensors
import Testing
import Updates

@testable import Roles

/// A server of four weights, θ ← θ − mean gradient, driven by hand.
struct ServerBench {
  var server = ServerRole(rank: 0, endpoint: .ipc(path: "here"))
  var now = Instant.zero
  private(set) var weights: [Int: [Float]] = [:]

  static func peer(_ rank: Int) -> Peer { Peer(route: [UInt8(rank), 1]) }

  init(
    workers: Int, importance: ImportanceSource = .none, consistency: Consistency = Consistency(),
    taskSchedule: TaskSchedule? = nil, communication: Communication = Communication(),
    broadcast: [PenaltyPart] = [], opens: Bool = true,
    change: (inout ConsolidatedUpdate) -> Void = { _ in }
  ) {
    _ = server.handle(.start, at: now)
    control(
      .welcome(
        run: 5, experiment: "", workerCount: workers, serverEndpoints: ["ipc://here"],
        timeouts: Timeouts(), shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2)
      ))
    var update = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 1, form: .gradient,
      count: 4)
    change(&update)
    let plan = ServerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]), shard: Shard(0..<4),
      weights: Vector(count: 4),
      update: update, method: MethodPlan(importance: importance), foldRule: FoldRule(),
      resetsOptimizer: false,
      taskSchedule: taskSchedule ?? .shared(stageCount: 1, workerCount: workers),
      consistency: consistency, communication: communication, broadcast: broadcast,
      batchShares: Array(repeating: 48, count: workers),
      sampleEverySteps: nil, fingerprint: "f")
    _ = server.handle(.performed(.server(plan)), at: now)
    for rank in 0..<workers { _ = pull(rank) }
    if opens { control(.open(phase: 0)) }
  }

  @discardableResult
  mutating func control(_ control: Control) -> [Effect] {
    let message = Message(
      .control, run: 5, sender: .coordinator, incarnation: 0, payload: .control(control))
    return server.handle(.message(message, from: Peer(link: .coordinator)), at: now)
  }

  mutating func pull(_ rank: Int, from peer: Peer? = nil) -> [Effect] {
    let message = Message(
      .pull, run: 5, sender: .worker(rank), incarnation: 0, request: .current)
    return server.handle(.message(message, from: peer ?? Self.peer(rank)), at: now)
  }

  mutating func send(
    _ kind: Message.Kind, _ rank: Int, stage: Int = 0, request: WeightsRequest? = nil
  ) -> [Effect] {
    let message = Message(
      kind, run: 5, sender: .worker(rank), incarnation: 0, stage: stage, request: request)
    return server.handle(.message(message, from: Self.peer(rank)), at: now)
  }

  mutating func importance(
    _ rank: Int, _ sum: [Float], examples: Int, stage: Int = 0, version: UInt64, part: Int = 0
  ) -> [Effect] {
    let message = Message(
      .importance, run: 5, sender: .worker(rank), incarnation: 0, stage: stage,
      exampleCount: examples, version: version, part: part, range: 0..<4,
      payload: .tensor(Vector(sum).view))
    return server.handle(.message(message, from: Self.peer(rank)), at: now)
  }

  /// A push as a codec has written it.
  mutating func push(_ rank: Int, encoded bytes: [UInt8], clock: UInt64, stage: Int) -> [Effect] {
    let message = Message(
      .push, run: 5, sender: .worker(rank), incarnation: 0, stage: stage, exampleCount: 1,
      clock: clock, version: server.version, range: 0..<4, payload: .encoded(bytes))
    return server.handle(.message(message, from: Self.peer(rank)), at: now)
  }

  mutating func push(
    _ rank: Int, _ gradient: [Float], clock: UInt64, run: UInt64 = 5, stage: Int = 0,
    examples: Int = 1, base: UInt64? = nil, range: Range<Int>? = nil, from peer: Peer? = nil
  ) -> [Effect] {
    let message = Message(
      .push, run: run, sender: .worker(rank), incarnation: 0, stage: stage,
      exampleCount: examples, clock: clock, version: base ?? server.version,
      range: range ?? 0..<gradient.count,
      payload: .tensor(Vector(gradient).view))
    return server.handle(.message(message, from: peer ?? Self.peer(rank)), at: now)
  }
}

/// Weights sent to each worker, in order.
func answers(_ effects: [Effect]) -> [(NodeID, [Float])] {
  effects.compactMap { effect in
    guard case .send(let message, let node) = effect, case .tensor(let view) = message.payload
    else { return nil }
    return (node, view.array)
  }
}

/// What was told to the coordinator, in order.
func controls(_ effects: [Effect]) -> [Control] {
  effects.compactMap { effect in
    guard case .send(let message, .coordinator) = effect,
      case .control(let control) = message.payload
    else { return nil }
    return control
  }
}

func refusals(_ effects: [Effect]) -> [String] {
  effects.compactMap { effect in
    if case .record(.refused(let reason, _)) = effect { reason } else { nil }
  }
}

@Suite struct `Parameter server` {
  @Test func `applies a step only after every worker has pushed`() {
    var bench = ServerBench(workers: 2)
    #expect(answers(bench.push(1, [4, 0, 0, 0], clock: 1)).isEmpty)
    let sent = answers(bench.push(0, [2, 2, 0, 0], clock: 1))
    #expect(sent.map(\.0) == [.worker(0), .worker(1)])
    #expect(sent.allSatisfy { $0.1 == [-3, -1, 0, 0] })
    #expect(bench.server.version == 1)
  }

  @Test func `weighs gradients by their examples`() {
    var bench = ServerBench(workers: 2)
    _ = bench.push(0, [1, 1, 1, 1], clock: 1, examples: 3)
    let sent = answers(bench.push(1, [5, 5, 5, 5], clock: 1, examples: 1))
    #expect(sent[0].1 == [-2, -2, -2, -2])
  }

  @Test func `a repeated push gets the old answer and changes nothing`() {
    var bench = ServerBench(workers: 1)
    let first = answers(bench.push(0, [1, 2, 3, 4], clock: 1))
    let again = answers(bench.push(0, [9, 9, 9, 9], clock: 1))
    #expect(first.map(\.1) == again.map(\.1) && bench.server.version == 1)
    _ = bench.push(0, [0, 0, 0, 0], clock: 2)
    #expect(answers(bench.push(0, [9, 9, 9, 9], clock: 1)).isEmpty)
    #expect(bench.server.version == 2 && bench.server.summary.duplicateCount == 2)
  }

  @Test func `a repeated block does not stand for another worker`() {
    var bench = ServerBench(workers: 2)
    _ = bench.push(0, [1, 1, 1, 1], clock: 1)
    #expect(answers(bench.push(0, [1, 1, 1, 1], clock: 1)).isEmpty)
    #expect(bench.server.version == 0)
  }

  @Test func `refuses what no worker of this run would send, and goes on`() {
    var bench = ServerBench(workers: 1)
    #expect(refusals(bench.push(0, [1, 1, 1, 1], clock: 1, run: 6)).count == 1)
    #expect(refusals(bench.push(0, [1, 1], clock: 1)).count == 1)
    #expect(refusals(bench.push(0, [1, 1, 1], clock: 1, range: 1..<4)).count == 1)
    #expect(refusals(bench.push(0, [1, .nan, 1, 1], clock: 1)).count == 1)
    #expect(refusals(bench.push(0, [1, 1, 1, 1], clock: 3)).count == 1)
    #expect(refusals(bench.push(0, [1, 1, 1, 1], clock: 1, from: Peer(route: [9]))).count == 1)
    #expect(refusals(bench.push(7, [1, 1, 1, 1], clock: 1)).count == 1)
    #expect(
      refusals(bench.server.handle(.malformed(reason: "noise", from: Peer(route: [9])), at: .zero))
        .count == 1)
    #expect(answers(bench.push(0, [1, 1, 1, 1], clock: 1))[0].1 == [-1, -1, -1, -1])
    #expect(bench.server.summary.refusals.reduce(0) { $0 + $1.count } == 8)
  }

  @Test func `refuses a second peer under a rank that is alive`() {
    var bench = ServerBench(workers: 1)
    #expect(
      refusals(bench.pull(0, from: Peer(route: [9]))) == [
        "rank 0 is taken: there already is a worker 0"
      ])
  }

  @Test func `answers of an old version stay what they were`() {
    var bench = ServerBench(workers: 1)
    let old = answers(bench.pull(0))[0].1
    let effects = bench.pull(0)
    _ = bench.push(0, [1, 1, 1, 1], clock: 1)
    #expect(answers(effects)[0].1 == old)
  }

  @Test func `folds the mean of the workers' importances and reports it`() throws {
    var bench = ServerBench(workers: 2, importance: .workers)
    for rank in 0..<2 { _ = bench.push(rank, [1, 0, 0, 0], clock: 1) }
    #expect(controls(bench.send(.retire, 1)).isEmpty)
    #expect(controls(bench.send(.retire, 0)) == [.sealed(phase: 0, version: 1)])
    #expect(bench.importance(1, [2, 0, 0, 8], examples: 3, version: 1).isEmpty)
    let said = controls(bench.importance(0, [2, 4, 0, 0], examples: 1, version: 1))
    guard case .consolidated(let reports, closes: 0) = try #require(said.first), said.count == 1,
      let report = reports.first
    else { Issue.record("not closed"); return }
    // ([2, 4, 0, 0] + [2, 0, 0, 8]) / 4 examples
    #expect(report.ledger[0].importanceSum == 4 && report.ledger[0].exampleCount == 4)
    #expect(report.newestTermSquaredNorm == 0)
  }

  @Test func `gives up after the coordinator's silence`() {
    var bench = ServerBench(workers: 1)
    let late = Instant.zero.advanced(byMilliseconds: Timeouts().silenceMilliseconds)
    guard case .finish(.failed(.lostNode, _))? = bench.server.handle(.deadline, at: late).last
    else { Issue.record("still waiting"); return }
  }
}

@Suite struct `Coordinator` {
  private func plan(workers: Int, servers: Int = 1) -> RunPlan {
    RunPlan(
      run: 5, experiment: "", workerCount: workers, serverCount: servers, parameterCount: 4,
      taskSchedule: .shared(stageCount: 0, workerCount: workers), stageNames: [], stepCounts: [],
      classCounts: [2], method: MethodPlan(), fingerprint: "f", timeouts: Timeouts())
  }

  private func register(
    _ node: NodeID, run: UInt64 = 0, endpoint: String = "tcp://10.0.0.1:4"
  ) -> Message {
    Message(
      .control, run: run, sender: node, incarnation: 0,
      payload: .control(.register(endpoint: node.kind == .server ? endpoint : nil)))
  }

  @Test func `welcomes everybody once the last has registered, in any order`() {
    for order in [
      [NodeID.worker(0), .worker(1), .server(0)], [.server(0), .worker(1), .worker(0)],
    ] {
      var coordinator = CoordinatorRole(plan(workers: 2))
      _ = coordinator.handle(.start, at: .zero)
      var welcomed: [NodeID] = []
      for (index, node) in order.enumerated() {
        let effects = coordinator.handle(
          .message(register(node), from: Peer(route: [UInt8(index)])), at: .zero)
        for case .send(let message, let node) in effects {
          if case .control(.welcome) = message.payload { welcomed.append(node) }
        }
        #expect(welcomed.isEmpty == (index < 2))
      }
      #expect(welcomed == [.server(0), .worker(0), .worker(1)])
    }
  }

  @Test func `names who is missing when the start takes too long`() {
    var coordinator = CoordinatorRole(plan(workers: 3))
    _ = coordinator.handle(.start, at: .zero)
    _ = coordinator.handle(.message(register(.worker(1)), from: Peer(route: [1])), at: .zero)
    let late = Instant.zero.advanced(byMilliseconds: Timeouts().startMilliseconds)
    guard
      case .record(.stopped(.lostNode, let reason))? = coordinator.handle(.deadline, at: late).last
    else { Issue.record("still waiting"); return }
    #expect(reason.hasPrefix("server 0, worker 0, worker 2 did not register within 30 s"))
  }

  @Test func `refuses a rank twice, a rank too many and another run`() {
    var coordinator = CoordinatorRole(plan(workers: 2))
    _ = coordinator.handle(.start, at: .zero)
    func send(_ message: Message, _ route: UInt8) -> [String] {
      refusals(coordinator.handle(.message(message, from: Peer(route: [route])), at: .zero))
    }
    #expect(send(register(.worker(0)), 1).isEmpty && send(register(.worker(0)), 1).isEmpty)
    #expect(send(register(.worker(0)), 2) == ["rank 0 is taken: there already is a worker 0"])
    #expect(send(register(.worker(2)), 3).count == 1)
    #expect(send(register(.worker(1), run: 6), 4).count == 1)
  }

  @Test(arguments: [
    ("tcp://0.0.0.0:4", "listening at all addresses"), ("tcp://[::]:4", "name one machine"),
    ("tcp://10.0.0.1:0", "give the port itself"), ("tcp://10.0.0.1:99999", "65535"), ("", "empty"),
  ]) func `refuses a server at an endpoint that no worker can reach`(
    endpoint: String, words: String
  ) {
    var coordinator = CoordinatorRole(plan(workers: 1))
    _ = coordinator.handle(.start, at: .zero)
    let message = register(.server(0), endpoint: endpoint)
    let said = refusals(
      coordinator.handle(.message(message, from: Peer(route: [1])), at: .zero))
    #expect(said.count == 1 && said[0].hasPrefix("server 0 registers for the workers"))
    #expect(said[0].contains(words))
    #expect(coordinator.nodes.missingCount == 2)
  }

  @Test func `refuses a server at another one's endpoint`() {
    var coordinator = CoordinatorRole(plan(workers: 1, servers: 2))
    _ = coordinator.handle(.start, at: .zero)
    func send(_ rank: Int, _ endpoint: String) -> [String] {
      let message = register(.server(rank), endpoint: endpoint)
      return refusals(
        coordinator.handle(.message(message, from: Peer(route: [UInt8(rank)])), at: .zero))
    }
    #expect(send(0, "tcp://[::1]:4").isEmpty && send(0, "tcp://[::1]:4").isEmpty)
    #expect(
      send(1, "tcp://[0::1]:4") == ["server 1 registers with tcp://[0::1]:4, which is server 0's"])
    #expect(send(1, "tcp://[::1]:5").isEmpty)
  }

  @Test func `fails with both names when a node has other data than its own`() {
    for node in [NodeID.server(0), .worker(0)] {
      var coordinator = CoordinatorRole(plan(workers: 1))
      _ = coordinator.handle(.start, at: .zero)
      for (index, each) in [NodeID.server(0), .worker(0)].enumerated() {
        _ = coordinator.handle(
          .message(register(each), from: Peer(route: [UInt8(index)])), at: .zero)
      }
      let ready = Message(
        .control, run: 5, sender: node, incarnation: 0,
        payload: .control(.ready(fingerprint: "other")))
      let route: [UInt8] = node == .server(0) ? [0] : [1]
      let last = coordinator.handle(.message(ready, from: Peer(route: route)), at: .zero).last
      guard case .record(.stopped(.preparation, let reason))? = last else {
        Issue.record("goes on")
        continue
      }
      let what = node.kind == .server ? "model" : "data and model"
      #expect(reason.hasPrefix("\(node) and the coordinator do not hold the same \(what);"))
    }
  }

  @Test func `a vanished node ends the run and tells the others`() {
    var coordinator = CoordinatorRole(plan(workers: 2))
    _ = coordinator.handle(.start, at: .zero)
    _ = coordinator.handle(.message(register(.worker(1)), from: Peer(route: [1])), at: .zero)
    let effects = coordinator.handle(.vanished(.worker(0), reason: "signal 9"), at: .zero)
    guard case .send(let message, .worker(1))? = effects.first,
      case .control(.stop(.lostNode, let reason)) = message.payload
    else { Issue.record("nobody was told"); return }
    #expect(reason == "worker 0 ended unexpectedly: signal 9")
    #expect(coordinator.record.failure?.kind == .lostNode)
  }
}
