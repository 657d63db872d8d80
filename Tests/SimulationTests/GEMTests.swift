import Methods
import Roles
import Settings
import Testing

@testable import Experiments
@testable import Reports
@testable import Running
@testable import Training

@Suite struct `Gradient episodic memory` {
  private static let sets = [
    "optimizer.kind=sgd", "optimizer.rate=0.1", "stream.epochs=4", "method.memories=8",
  ]

  private func run(_ method: String, _ more: [String] = []) throws -> SimulatedRun {
    let batch = method == "a-gem" ? ["method.reference-batch=6"] : []
    return try SimulatedRun(["method.name=\(method)"] + Self.sets + batch + more)
  }

  @Test(arguments: ["gem", "a-gem"])
  func `of no memory changes no bit`(method: String) throws {
    let plain = try SimulatedRun(["optimizer.kind=sgd", "optimizer.rate=0.1", "stream.epochs=4"])
    let none = try run(method, ["method.memories=0"])
    #expect(!plain.weights.isEmpty && none.weights == plain.weights)
    #expect(try run(method).weights != plain.weights)
  }

  @Test(arguments: ["gem", "a-gem"])
  func `has nothing to turn in the first task`(method: String) throws {
    let one = try run(method, ["stream.tasks=1", "stream.classes=[[0,1]]"])
    let plain = try SimulatedRun(
      [
        "optimizer.kind=sgd", "optimizer.rate=0.1", "stream.epochs=4", "stream.tasks=1",
        "stream.classes=[[0,1]]",
      ])
    #expect(!one.weights.isEmpty && one.weights == plain.weights)
    #expect(one.record.serverSummaries[0]?.projection.stepCount == 0)
  }

  @Test(arguments: ["gem", "a-gem"])
  func `tells how often it turned the step, and how far`(method: String) throws {
    let run = try run(method, ["cluster.servers=2"])
    let result = RunResult(
      run.record, of: run.blueprint, mode: "simulation", seconds: 1, virtualSeconds: 1, command: "")
    let projection = try #require(result.diagnostics.projection)
    // Only the second task has references.
    #expect(projection.steps == result.steps / 2)
    #expect(projection.projected > 0 && projection.projected <= projection.steps)
    #expect(try #require(projection.meanAngle) > 0)
    let plain = try SimulatedRun()
    let other = RunResult(
      plain.record, of: plain.blueprint, mode: "simulation", seconds: 1, virtualSeconds: 1,
      command: "")
    #expect(other.diagnostics.projection == nil)
  }

  @Test(arguments: [
    ("cluster.consistency=asp", "use cluster.consistency=bsp"),
    ("cluster.consistency=ssp", "use cluster.consistency=bsp"),
    ("cluster.consistency=local", "use cluster.consistency=bsp"),
    ("cluster.drop=1", "use cluster.drop=0"),
    ("communication.push-codec=top-k", "use communication.push-codec=none or fp16"),
    ("communication.push-codec=int8", "use communication.push-codec=none or fp16"),
    ("communication.gate=1", "use communication.gate=none"),
    ("method.consolidate=never", "use method.consolidate=on-global-boundary"),
    ("penalty.at=worker", "use penalty.at=server"),
    ("simulation.computing-workers=1", "use simulation.computing-workers=all"),
  ])
  func `refuses what it does not go with`(setting: String, remedy: String) throws {
    for method in ["gem", "a-gem"] {
      let error = #expect(throws: ConfigurationError.self) {
        try tinyExperiment(["method.name=\(method)", setting])
      }
      #expect("\(try #require(error))".contains(remedy))
    }
  }

  @Test func `pushes references in half precision with the gradients`() throws {
    let whole = try run("gem")
    let half = try run("gem", ["communication.push-codec=fp16"])
    #expect(whole.weights != half.weights)
    for (one, other) in zip(whole.weights, half.weights) { #expect(abs(one - other) < 0.05) }
  }

  @Test func `goes with a penalty, which comes after the projection`() throws {
    let both = try run("gem+ewc", ["method.lambda=10"])
    let gem = try run("gem")
    #expect(both.weights != gem.weights && both.record.consolidations.count == 2)
    let free = try run("gem+ewc", ["method.lambda=0"])
    #expect(free.weights == gem.weights)
  }
}
