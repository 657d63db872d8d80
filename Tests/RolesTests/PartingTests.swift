import Tensors
import Testing

@testable import Roles

/// A worker or a server that has prepared, and what it says.
private struct Node {
  var role: any Role
  var now = Instant.zero

  static func make(_ name: String) -> Node {
    if name == "server" {
      var bench = ServerBench(workers: 1)
      // The bench has opened a phase, in which nobody pushes.
      _ = bench.send(.retire, 0)
      return Node(role: bench.server)
    }
    return Node(role: WorkerBench(endpoints: ["ipc://here"]).worker)
  }

  @discardableResult
  mutating func hear(_ control: Control) -> [Effect] {
    let message = Message(
      .control, run: 5, sender: .coordinator, incarnation: 0, payload: .control(control))
    return role.handle(.message(message, from: Peer(link: .coordinator)), at: now)
  }

  /// Asked to leave, and has said farewell.
  mutating func leave() -> [Effect] {
    let effects = hear(.leave)
    return effects + role.handle(.traffic(TrafficReport()), at: now)
  }

  mutating func wait(milliseconds: Int) -> [Effect] {
    now = now.advanced(byMilliseconds: milliseconds)
    return role.handle(.deadline, at: now)
  }
}

private func ending(_ effects: [Effect]) -> Ending? {
  for case .finish(let ending) in effects { return ending }
  return nil
}

private func isGoodbye(_ control: Control) -> Bool {
  if case .goodbye = control { true } else { false }
}

@Suite struct `A node that has said its last word` {
  @Test(
    arguments: ["server", "worker"], [(false, Ending.completed), (true, .completedWithAnother)])
  func `stays silent until it has been heard`(name: String, answer: (another: Bool, Ending)) {
    var node = Node.make(name)
    let effects = node.leave()
    #expect(controls(effects).filter(isGoodbye).count == 1 && ending(effects) == nil)
    for _ in 0..<5 { #expect(node.wait(milliseconds: 1_000).isEmpty) }
    #expect(node.hear(.heartbeat(phase: -1, step: 0, loss: nil)).isEmpty)
    #expect(ending(node.hear(.released(another: answer.another))) == answer.1)
    #expect(node.role.nextDeadline == nil)
  }

  @Test(arguments: ["server", "worker"])
  func `ends well when nobody is left to answer`(name: String) {
    var node = Node.make(name)
    _ = node.leave()
    #expect(ending(node.wait(milliseconds: 29_999)) == nil)
    #expect(ending(node.wait(milliseconds: 1)) == .completed)
  }

  @Test(arguments: ["server", "worker"])
  func `takes the run's cause for its own if the run fails after all`(name: String) {
    var node = Node.make(name)
    _ = node.leave()
    #expect(
      ending(node.hear(.stop(kind: .lostNode, reason: "worker 9 is lost")))
        == .failed(.lostNode, reason: "the coordinator ended the run: worker 9 is lost"))
  }

  @Test(arguments: ["server", "worker"], [FailureKind.notFinite, .interrupted])
  func `answers when it is told to stop, and takes the cause for its own`(
    name: String, kind: FailureKind
  ) {
    var node = Node.make(name)
    let effects = node.hear(.stop(kind: kind, reason: "why"))
    #expect(controls(effects).filter(isGoodbye).count == 1)
    #expect(
      ending(effects) == .failed(kind, reason: "the coordinator ended the run: why"))
  }

  @Test(arguments: ["server", "worker"])
  func `keeps its own reason when it failed itself`(name: String) {
    var node = Node.make(name)
    let own = Ending.failed(.interrupted, reason: "stopped by somebody")
    let effects = node.role.handle(.interrupted(reason: "stopped by somebody"), at: node.now)
    #expect(controls(effects) == [.failed(kind: .interrupted, reason: "stopped by somebody")])
    #expect(ending(effects) == nil)
    var other = node
    #expect(ending(node.hear(.stop(kind: .lostNode, reason: "it is gone"))) == own)
    #expect(ending(other.wait(milliseconds: 2_999)) == nil)
    #expect(ending(other.wait(milliseconds: 1)) == own)
  }

  @Test func `ends at once if no coordinator ever answered`() {
    var worker = WorkerRole(rank: 0)
    _ = worker.handle(.start, at: .zero)
    let effects = worker.handle(.interrupted(reason: "stopped"), at: .zero)
    #expect(ending(effects) == .failed(.interrupted, reason: "stopped"))
  }
}

/// A worker that has prepared for two classes and no training, driven by hand.
struct WorkerBench {
  var worker = WorkerRole(rank: 0)
  var now = Instant.zero

  init(endpoints: [String]) {
    _ = worker.handle(.start, at: now)
    control(
      .welcome(
        run: 5, experiment: "", workerCount: 1, serverEndpoints: endpoints, timeouts: Timeouts(),
        shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2)))
    let plan = WorkerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]),
      map: BlockMap(evenRanges(of: 4, parts: endpoints.count)),
      taskSchedule: .shared(stageCount: 0, workerCount: 1), stepCounts: [], localSteps: 1,
      method: MethodPlan(), importanceExampleCounts: [], testExamples: [0..<1],
      classCounts: [2], fingerprint: "f")
    _ = worker.handle(.performed(.worker(plan)), at: now)
  }

  @discardableResult
  mutating func control(_ control: Control, from node: NodeID = .coordinator) -> [Effect] {
    let message = Message(
      .control, run: 5, sender: node, incarnation: 0, payload: .control(control))
    return worker.handle(.message(message, from: Peer(link: node)), at: now)
  }

  /// Time passes while the coordinator beats.
  mutating func wait(milliseconds: Int) -> [Effect] {
    now = now.advanced(byMilliseconds: milliseconds)
    control(.heartbeat(phase: -1, step: 0, loss: nil))
    return worker.handle(.deadline, at: now)
  }
}

@Suite struct `A worker that waits for a server` {
  /// Pulls from two servers to measure.
  private func pulling() -> WorkerBench {
    var bench = WorkerBench(endpoints: ["tcp://a:1", "tcp://b:2"])
    let request = MeasureRequest(
      id: 0, weights: .atRest, versions: [0, 0], columns: [0], importanceOfPosition: nil)
    bench.control(.measure(request))
    return bench
  }

  private func probed(_ effects: [Effect]) -> [NodeID] {
    effects.compactMap { effect in
      guard case .send(let message, let node) = effect, case .control(.probe) = message.payload
      else { return nil }
      return node
    }
  }

  private func waiting(_ effects: [Effect]) -> [String] {
    effects.compactMap { if case .record(.waiting(let sentence, _)) = $0 { sentence } else { nil } }
  }

  @Test func `asks after five seconds who is there, names who is not, and gives up`() {
    var bench = pulling()
    #expect(probed(bench.wait(milliseconds: 4_999)).isEmpty)
    var effects = bench.wait(milliseconds: 1)
    #expect(probed(effects) == [.server(0), .server(1)] && waiting(effects).isEmpty)
    bench.control(.probe, from: .server(0))
    effects = bench.wait(milliseconds: 5_000)
    #expect(
      waiting(effects) == ["worker 0 has no answer from server 1 at tcp://b:2; gives up in 25 s"])
    bench.control(.probe, from: .server(0))
    effects = bench.wait(milliseconds: 25_000)
    guard case .failed(.lostNode, let reason)? = controls(effects).last else {
      Issue.record("it still waits")
      return
    }
    #expect(reason.hasPrefix("worker 0 had no answer from server 1 at tcp://b:2 for 30 s; "))
    #expect(reason.contains("--bind or --advertise"))
  }

  @Test func `waits for ever for one that says it is there`() {
    var bench = pulling()
    for _ in 0..<200 {
      let effects = bench.wait(milliseconds: 5_000)
      #expect(probed(effects).count == 2 && waiting(effects).isEmpty)
      for rank in 0..<2 { bench.control(.probe, from: .server(rank)) }
    }
    #expect(bench.worker.nextDeadline != nil)
  }

  @Test func `is told by a server that waits for others`() {
    var bench = ServerBench(workers: 2)
    let message = Message(
      .control, run: 5, sender: .worker(0), incarnation: 0, payload: .control(.probe))
    let effects = bench.server.handle(.message(message, from: ServerBench.peer(0)), at: .zero)
    guard case .send(let answer, .worker(0))? = effects.first, effects.count == 1,
      case .control(.probe) = answer.payload
    else {
      Issue.record("no answer")
      return
    }
    let stranger = bench.server.handle(.message(message, from: ServerBench.peer(1)), at: .zero)
    #expect(refusals(stranger).count == 1)
  }

  @Test func `a server that cannot be connected to is named`() {
    var bench = pulling()
    let effects = bench.worker.handle(
      .unreachable(.server(1), reason: "worker 0 cannot reach server 1: no such host"),
      at: bench.now)
    #expect(
      controls(effects)
        == [.failed(kind: .endpoint, reason: "worker 0 cannot reach server 1: no such host")])
  }
}
