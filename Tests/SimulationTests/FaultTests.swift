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
}
