import Tensors
import Testing

@testable import Roles

@Suite struct `A node that its coordinator waits for` {
  /// A worker that has been welcomed at zero.
  private func welcomed(endsWithCoordinator: Bool) -> WorkerRole {
    var role = WorkerRole(rank: 0, endsWithCoordinator: endsWithCoordinator)
    _ = role.handle(.start, at: .zero)
    let welcome = Message(
      .control, run: 5, sender: .coordinator, incarnation: 0,
      payload: .control(
        .welcome(
          run: 5, experiment: "", workerCount: 1, serverEndpoints: ["ipc:///server"],
          timeouts: Timeouts(),
          shape: DataShape(example: ImageShape(height: 1, width: 1), outputs: 2))))
    _ = role.handle(.message(welcome, from: Peer(link: .coordinator)), at: .zero)
    return role
  }

  @Test func `says that it lives while it prepares`() throws {
    #expect(WorkerRole(rank: 0).sign == nil)
    let sign = try #require(welcomed(endsWithCoordinator: false).sign)
    #expect(sign.message.run == 5 && sign.message.sender == .worker(0))
    guard case .control(.heartbeat) = sign.message.payload else {
      Issue.record("a sign of life is \(sign.message.payload)")
      return
    }
    // Well before it would be taken for lost.
    #expect(2 * sign.milliseconds < Timeouts().silenceMilliseconds)
  }

  @Test(arguments: [false, true])
  func `concludes nothing from silence if it ends with it anyway`(endsWithCoordinator: Bool) {
    var role = welcomed(endsWithCoordinator: endsWithCoordinator)
    let late = Instant.zero.advanced(byMilliseconds: 600_000)
    let effects = role.handle(.deadline, at: late)
    let isOver = effects.contains { if case .finish = $0 { true } else { false } }
    #expect(isOver != endsWithCoordinator)
    #expect((role.nextDeadline == nil) != endsWithCoordinator)
  }
}
