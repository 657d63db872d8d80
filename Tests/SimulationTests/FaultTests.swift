import Roles
import Running
import Simulation
import Testing

@testable import Experiments
@testable import Training

/// A tiny run that is cut every two steps and recovers as often as it must.
func faultTrial(_ sets: [String] = []) throws -> FaultTrial {
  let experiment = try tinyExperiment(
    [
      "cluster.servers=2", "stream.epochs=1", "checkpoint.every-steps=2", "launch.restarts=1000",
    ] + sets)
  return try FaultTrial(Blueprint(experiment, data: try tinyData()))
}

@Suite struct `Runs with faults` {
  @Test func `to which nothing happens end well`() throws {
    let calm = try faultTrial().calm
    #expect(calm.ending == .completed && calm.violations.isEmpty)
    #expect(calm.injected.isEmpty && calm.recoveries.isEmpty)
  }

  @Test func `end on the same bits wherever a process is killed`() throws {
    let trial = try faultTrial()
    for (node, count) in trial.calm.scale.inputs.sorted(by: { $0.key < $1.key }) {
      for input in stride(from: 1, through: count, by: 7) {
        let plan = FaultPlan([.crash(node, input: input, effects: input % 3, back: 20_000)])
        let outcome = try trial.outcome(of: plan)
        #expect(
          outcome.violations.isEmpty && !outcome.recoveries.isEmpty, "\(plan) \(outcome.violations)"
        )
      }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `end on the same bits under a drawn plan, twice alike`(seed: UInt64) throws {
    let trial = try faultTrial()
    let plan = trial.plan(seed: seed)
    let outcome = try trial.outcome(of: plan)
    #expect(outcome.violations.isEmpty, "\(plan)")
    #expect(try trial.outcome(of: plan).isSame(as: outcome))
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `have plans that are read as they were written`(seed: UInt64) throws {
    let plan = try faultTrial().plan(seed: seed)
    #expect(try FaultPlan(text: "\(plan)") == plan)
  }

  @Test func `end when no node is started again any more, and keep what was measured`() throws {
    let trial = try faultTrial(["launch.restarts=1"])
    let plan = try FaultPlan(
      text: """
        kill worker 0 at 150000 us for 1000 us
        kill server 1 at 350000 us for 1000 us
        """)
    let outcome = try trial.outcome(of: plan)
    guard case .failed(.lostNode, let reason)? = outcome.ending else {
      Issue.record("\(String(describing: outcome.ending))")
      return
    }
    #expect(reason == "server 1 ended unexpectedly: killed")
    #expect(outcome.violations.isEmpty && outcome.recoveries.count == 1)
    #expect(!outcome.record.rows.isEmpty)
  }

  @Test(arguments: [
    ["checkpoint.every-steps=none"], ["cluster.consistency=asp"], ["cluster.drop=1"],
    ["cluster.consistency=local", "cluster.local-steps=2"], ["method.name=si"],
    ["method.name=replay", "optimizer.kind=adam"],
    ["communication.push-codec=power-sgd", "communication.pull-codec=int8"],
  ])
  func `are held to what always holds, whatever is run`(sets: [String]) throws {
    let trial = try faultTrial(sets)
    for seed in 100..<112 as Range<UInt64> {
      let plan = trial.plan(seed: seed)
      #expect(try trial.outcome(of: plan).violations.isEmpty, "\(plan)")
    }
  }

  @Test func `are made small by leaving out what has nothing to do with a violation`() throws {
    // Nobody is started again, so that the run ends otherwise than without faults.
    let trial = try faultTrial(["launch.restarts=0"])
    let plan = try FaultPlan(
      text: """
        duplicate message 3 from worker 0 to server 0
        kill worker 0 at 150000 us for 1000 us
        tear write 1 of worker 1
        """)
    #expect(
      try trial.shrunk(plan) { $0.ending != .completed }.faults == [
        .kill(.worker(0), at: 150_000, back: 1_000)
      ])
  }
}
