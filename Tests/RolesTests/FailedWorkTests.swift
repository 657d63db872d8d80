import Testing

@testable import Roles

@Suite struct `Work that fails` {
  @Test func `is preparation before a node is ready and computation afterwards`() {
    let failed = Input.performed(.failed(reason: "no room"))
    for (place, kind) in [(2, FailureKind.preparation), (5, .computation), (8, .computation)] {
      let rehearsal = Rehearsal<WorkerRole>.run
      var worker = rehearsal.machine
      for input in rehearsal.inputs.prefix(place) { _ = worker.handle(input, at: .zero) }
      guard case .failed(let found, let reason)? = controls(worker.handle(failed, at: .zero)).last
      else { Issue.record("it goes on"); return }
      #expect(found == kind && reason.hasSuffix("no room"))
    }
  }
}
