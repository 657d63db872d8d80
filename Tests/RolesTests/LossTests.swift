import Testing

@testable import Roles

@Suite struct `A coordinator that waits for nodes` {
  private static let nodes = [NodeID.server(0), .worker(0), .worker(1)]

  private func coordinator(recovers: Bool, conduct: UInt32) -> CoordinatorRole {
    let schedule = TaskSchedule(
      sequences: [[0], [0]], startSteps: [0, 0], moment: .globalBoundary)
    return CoordinatorRole(
      RunPlan(
        run: 5, experiment: "", workerCount: 2, serverCount: 1, parameterCount: 4,
        taskSchedule: schedule, stageNames: ["a"], stepCounts: [2], classCounts: [1],
        method: MethodPlan(importance: .none), fingerprint: "f", timeouts: Timeouts()),
      recovers: recovers, conduct: conduct)
  }

  /// What comes of it when the time to start is over, for nodes that have come, or even prepared.
  private func end(
    _ coordinator: CoordinatorRole, come: [NodeID], ready: [NodeID] = []
  ) -> [Effect] {
    var coordinator = coordinator
    _ = coordinator.handle(.start, at: .zero)
    for node in come {
      let endpoint = node.kind == .server ? "ipc://\(node.rank)" : nil
      _ = coordinator.handle(said(.register(endpoint: endpoint), by: node), at: .zero)
    }
    for node in ready {
      _ = coordinator.handle(said(.ready(fingerprint: "f"), by: node), at: .zero)
    }
    return coordinator.handle(.deadline, at: Instant.zero.advanced(byMilliseconds: 30_000))
  }

  private func told(_ effects: [Effect], _ node: NodeID) -> Control? {
    for case .send(let message, node) in effects {
      if case .control(let control) = message.payload { return control }
    }
    return nil
  }

  private func isOver(_ effects: [Effect]) -> Bool {
    effects.contains { if case .finish(.failed(.lostNode, _)) = $0 { true } else { false } }
  }

  @Test(arguments: [0, 3] as [UInt32])
  func `takes one for lost that does not come, where it is started again`(conduct: UInt32) {
    let effects = end(
      coordinator(recovers: true, conduct: conduct), come: [.server(0), .worker(1)])
    #expect(told(effects, .server(0)) == .again && told(effects, .worker(1)) == .again)
    #expect(told(effects, .worker(0)) == nil && isOver(effects))
  }

  @Test func `takes one for lost that has prepared before and does not now`() {
    let effects = end(
      coordinator(recovers: true, conduct: 1), come: Self.nodes, ready: [.server(0)])
    #expect(told(effects, .worker(1)) == .again && told(effects, .worker(0)) == nil)
    #expect(isOver(effects))
  }

  @Test func `ends the run where one needs longer to prepare for the first time`() {
    let effects = end(
      coordinator(recovers: true, conduct: 0), come: Self.nodes, ready: [.server(0)])
    guard case .stop(.lostNode, let reason)? = told(effects, .worker(0)) else {
      Issue.record("\(effects)")
      return
    }
    #expect(
      reason == "worker 0, worker 1 did not get ready within 30 s; raise "
        + "timeouts.start-milliseconds")
  }

  @Test func `ends the run where nobody starts nodes again`() {
    let effects = end(coordinator(recovers: false, conduct: 0), come: [.server(0)])
    guard case .stop(.lostNode, _)? = told(effects, .server(0)) else {
      Issue.record("\(effects)")
      return
    }
  }
}
