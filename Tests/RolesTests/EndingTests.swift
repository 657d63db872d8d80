import Tensors
import Testing

@testable import Roles

/// A coordinator of two workers and a server that train nothing, driven by hand.
struct CoordinatorBench {
  var coordinator: CoordinatorRole
  var now = Instant.zero
  let nodes: [NodeID] = [.server(0), .worker(0), .worker(1)]

  init(isLast: Bool = true, gatherMilliseconds: Int? = nil) {
    coordinator = CoordinatorRole(
      RunPlan(
        run: 5, experiment: "", workerCount: 2, serverCount: 1, parameterCount: 4,
        taskSchedule: .shared(stageCount: 0, workerCount: 2), stageNames: [], stepCounts: [],
        classCounts: [2], method: MethodPlan(), fingerprint: "f", timeouts: Timeouts()),
      isLast: isLast, gatherMilliseconds: gatherMilliseconds)
    _ = coordinator.handle(.start, at: now)
  }

  static func peer(_ node: NodeID) -> Peer { Peer(route: [node.kind.rawValue, UInt8(node.rank)]) }

  @discardableResult
  mutating func hear(
    _ control: Control, from node: NodeID, run: UInt64 = 5, peer: Peer? = nil
  ) -> [Effect] {
    let message = Message(
      .control, run: run, sender: node, incarnation: 0, payload: .control(control))
    return coordinator.handle(.message(message, from: peer ?? Self.peer(node)), at: now)
  }

  @discardableResult
  mutating func register(_ node: NodeID, peer: Peer? = nil) -> [Effect] {
    hear(
      .register(endpoint: node.kind == .server ? "ipc://here" : nil), from: node, run: 0, peer: peer
    )
  }

  /// Until all have been asked to leave.
  mutating func finish() -> [Effect] {
    for node in nodes { register(node) }
    for node in nodes { hear(.ready(fingerprint: "f"), from: node) }
    hear(.measured(id: 0, correct: [[1, 1]], totals: [[1, 1]]), from: .worker(0))
    return hear(.measured(id: 0, correct: [[1, 1]], totals: [[1, 1]]), from: .worker(1))
  }

  mutating func wait(milliseconds: Int) -> [Effect] {
    now = now.advanced(byMilliseconds: milliseconds)
    return coordinator.handle(.deadline, at: now)
  }
}

/// What was said to each node, in order.
private func said(_ effects: [Effect]) -> [(node: NodeID, control: Control)] {
  effects.compactMap { effect in
    guard case .send(let message, let node) = effect,
      case .control(let control) = message.payload
    else { return nil }
    return (node, control)
  }
}

private func ending(_ effects: [Effect]) -> Ending? {
  for case .finish(let ending) in effects { return ending }
  return nil
}

private func waiting(_ effects: [Effect]) -> [String] {
  effects.compactMap { if case .record(.waiting(let sentence, _)) = $0 { sentence } else { nil } }
}

private func stopped(_ effects: [Effect]) -> (kind: FailureKind, reason: String)? {
  for case .record(.stopped(let kind, let reason)) in effects { return (kind, reason) }
  return nil
}

@Suite struct `The end of a run` {
  @Test func `nobody is sent a heartbeat who has been asked to leave`() {
    var bench = CoordinatorBench()
    #expect(said(bench.finish()).map(\.control) == [.leave, .leave, .leave])
    for _ in 0..<10 {
      for node in bench.nodes { bench.hear(.heartbeat(phase: -1, step: 0, loss: nil), from: node) }
      #expect(said(bench.wait(milliseconds: 500)).isEmpty)
    }
  }

  @Test(arguments: [true, false])
  func `a summary is answered, with what comes next, and the last one completes`(isLast: Bool) {
    var bench = CoordinatorBench(isLast: isLast)
    _ = bench.finish()
    for node in bench.nodes {
      let effects = bench.hear(.goodbye(NodeSummary()), from: node)
      let answers = said(effects)
      #expect(answers.map(\.node) == [node])
      #expect(answers.map(\.control) == [.released(another: !isLast)])
      var isCounted = false
      for case .countTraffic in effects { isCounted = true }
      #expect(isCounted == (node == bench.nodes.last))
    }
    #expect(ending(bench.coordinator.handle(.traffic(TrafficReport()), at: .zero)) == .completed)
  }

  @Test func `a node that is early for the next run is not refused`() {
    var bench = CoordinatorBench(isLast: false)
    _ = bench.finish()
    bench.hear(.goodbye(NodeSummary()), from: .worker(1))
    #expect(bench.register(.worker(1), peer: Peer(route: [9])).isEmpty)
    #expect(bench.coordinator.record.refusals.isEmpty)
  }

  @Test func `a node that is lost before its summary leaves no torso of weights`() {
    var bench = CoordinatorBench()
    _ = bench.finish()
    bench.coordinator.record.weights = Vector(count: 4)
    for node in bench.nodes.dropLast() { bench.hear(.goodbye(NodeSummary()), from: node) }
    let effects = bench.wait(milliseconds: 3_000)
    #expect(stopped(effects)?.reason.hasPrefix("worker 1 has been silent") == true)
    #expect(ending(effects) == .failed(.lostNode, reason: stopped(effects)?.reason ?? ""))
    #expect(bench.coordinator.record.weights == nil)
  }

  @Test func `a node that was stopped is lost to the run, and all hear the cause`() {
    var bench = CoordinatorBench()
    for node in bench.nodes { bench.register(node) }
    let effects = bench.hear(
      .failed(kind: .interrupted, reason: "worker 1 was stopped by SIGTERM"), from: .worker(1))
    let answers = said(effects)
    #expect(answers.map(\.node) == [.worker(1), .server(0), .worker(0)])
    #expect(answers[0].control == .released(another: false))
    let stop = Control.stop(kind: .lostNode, reason: "worker 1 was stopped by SIGTERM")
    #expect(answers[1].control == stop && answers[2].control == stop)
    #expect(ending(effects) == nil)
    #expect(ending(bench.hear(.goodbye(NodeSummary()), from: .server(0))) == nil)
    #expect(
      ending(bench.hear(.goodbye(NodeSummary()), from: .worker(0)))
        == .failed(.lostNode, reason: "worker 1 was stopped by SIGTERM"))
  }

  @Test func `a coordinator that is stopped waits a moment for those who do not answer`() {
    var bench = CoordinatorBench()
    for node in bench.nodes { bench.register(node) }
    let effects = bench.coordinator.handle(.interrupted(reason: "stopped by Ctrl-C"), at: bench.now)
    let stop = Control.stop(kind: .interrupted, reason: "stopped by Ctrl-C")
    #expect(said(effects).map(\.control) == [stop, stop, stop])
    bench.hear(.goodbye(NodeSummary()), from: .worker(0))
    #expect(ending(bench.wait(milliseconds: 999)) == nil)
    #expect(
      ending(bench.wait(milliseconds: 1)) == .failed(.interrupted, reason: "stopped by Ctrl-C"))
  }
}

@Suite struct `The beginning of a run` {
  @Test func `says who is missing every five seconds, and for how long it waits`() {
    var bench = CoordinatorBench(gatherMilliseconds: 60_000)
    bench.register(.worker(1))
    #expect(waiting(bench.wait(milliseconds: 4_000)).isEmpty)
    let sentence =
      "1 of 3 nodes are here; waiting for server 0, worker 0; gives up in "
    #expect(waiting(bench.wait(milliseconds: 1_000)) == [sentence + "55 s"])
    #expect(waiting(bench.wait(milliseconds: 4_000)).isEmpty)
    #expect(waiting(bench.wait(milliseconds: 1_000)) == [sentence + "50 s"])
    bench.register(.server(0))
    bench.register(.worker(0))
    bench.hear(.ready(fingerprint: "f"), from: .worker(0))
    #expect(
      waiting(bench.wait(milliseconds: 5_000))
        == ["1 of 3 nodes are ready; waiting for server 0, worker 1; gives up in 25 s"])
    let effects = bench.wait(milliseconds: 25_000)
    #expect(
      stopped(effects)?.reason
        == "server 0, worker 1 did not get ready within 30 s; raise timeouts.start-milliseconds")
  }

  @Test func `a node that goes before the run begins is missing again`() {
    var bench = CoordinatorBench()
    bench.register(.worker(1))
    let effects = bench.hear(
      .failed(kind: .interrupted, reason: "stopped"), from: .worker(1), run: 0)
    #expect(said(effects).map(\.control) == [.released(another: false)] && ending(effects) == nil)
    let other = Peer(route: [9])
    #expect(said(bench.register(.worker(1), peer: other)).map(\.node) == [.worker(1)])
    #expect(bench.coordinator.record.refusals.isEmpty)
  }

  @Test func `a node that fell silent before the run begins can be replaced, another cannot`() {
    var bench = CoordinatorBench()
    bench.register(.worker(1))
    let other = Peer(route: [9])
    _ = bench.wait(milliseconds: 2_999)
    #expect(refusals(bench.register(.worker(1), peer: other)).count == 1)
    _ = bench.wait(milliseconds: 1)
    #expect(refusals(bench.register(.worker(1), peer: other)).isEmpty)
    bench.register(.server(0))
    #expect(said(bench.register(.worker(0))).count == 3)
  }

  @Test func `a node says for which coordinator it waits, and gives up when it said it would`() {
    var worker = WorkerRole(rank: 3, coordinator: "tcp://there:5170")
    _ = worker.handle(.start, at: .zero)
    var now = Instant.zero.advanced(byMilliseconds: 5_000)
    #expect(
      waiting(worker.handle(.deadline, at: now))
        == ["worker 3 waits for a coordinator at tcp://there:5170; gives up in 25 s"])
    now = now.advanced(byMilliseconds: 25_000)
    guard case .failed(.lostNode, let reason)? = ending(worker.handle(.deadline, at: now)) else {
      Issue.record("it still waits")
      return
    }
    #expect(reason.hasPrefix("worker 3 found no coordinator at tcp://there:5170 within 30 s"))
  }
}
