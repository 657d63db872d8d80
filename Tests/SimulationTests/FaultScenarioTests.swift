import Running
import Simulation
import Testing

/// What once went wrong, as small as it can be made. Each is a plan that a tiny run has to survive.
@Suite struct `A run goes on` {
  private func check(_ plan: String, _ sets: [String] = []) throws {
    let outcome = try faultTrial(sets).outcome(of: try FaultPlan(text: plan))
    #expect(outcome.violations.isEmpty)
    #expect(!outcome.injected.isEmpty)
  }

  @Test func `when a node stands still while others register anew`() throws {
    try check(
      """
      pause server 0 at 120000 us for 37613571 us
      kill server 1 at 130000 us for 5113 us
      """)
  }

  @Test func `when a server dies after others have said farewell`() throws {
    try check("crash server 1 at input 50 after 2 effects for 20000 us")
  }

  @Test func `when a worker asks again for a sample that others have looked at meanwhile`() throws {
    try check(
      """
      lose message 9 from worker 1 to server 0
      crash server 1 at input 52 after 1 effects for 5312 us
      lose message 3 from server 1 to worker 0
      """,
      [
        "evaluation.every-steps=3", "method.name=ewc", "method.lambda=10", "model.hidden=[5]",
        "batch=8", "stream.iterations=5",
      ])
  }
}
