import Roles
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

private func refusal(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "accepted"
  } catch {
    return "\(error)"
  }
}

@Suite struct `A calibration` {
  private var costs: MeasuredCosts {
    var costs = MeasuredCosts()
    costs.stepMilliseconds = 0.25
    costs.localStepMilliseconds = 0.375
    costs.evaluationMicrosecondsPerExample = 2
    costs.importanceMicrosecondsPerExample = 10
    costs.serverNanosecondsPerByte = 0.5
    costs.messageMicroseconds = 20
    costs.megabytesPerSecond = 1500
    costs.latencyMilliseconds = 0.03
    costs.cores = 2
    return costs
  }

  private func experiment(_ sets: [String] = []) throws -> Experiment {
    try Experiment(
      yaml: "stream: {test-examples-per-task: 100}\nmethod: {examples: 1024}", named: "e",
      sets: sets)
  }

  private func workload(_ sets: [String] = []) throws -> Workload {
    try Workload(experiment(sets), data: Glyphs.dataSet())
  }

  @Test func `reads back as it was written, and keeps other entries`() throws {
    var calibration = Calibration()
    let (four, two) = (try workload(), try workload(["cluster.workers=2"]))
    #expect(four.name == "784-100-100-2, batch 32, ipc" && two.batchShare == 64)
    calibration.enter(costs, for: four)
    calibration.enter(costs, for: two)
    var faster = costs
    faster.stepMilliseconds = 0.125
    calibration.enter(faster, for: four)
    let back = try Calibration(yaml: calibration.yaml, named: "c.yaml")
    #expect(back == calibration && back.entries.count == 2)
    #expect(back.costs(of: four) == faster && back.costs(of: two) == costs)
    let tcp = try workload(["cluster.transport=tcp"])
    #expect(back.costs(of: tcp) == nil && tcp.name.hasSuffix("batch 32, encrypted tcp"))
    #expect(try Calibration(yaml: "", named: "c") == Calibration())
  }

  @Test func `gives numbers for what is calibrated and leaves what is given`() throws {
    var calibration = Calibration()
    calibration.enter(costs, for: try workload())
    let given = try experiment(["simulation.step-milliseconds=7"])
    let known = try #require(calibration.costs(of: workload()))
    let resolved = try given.resolved(by: known, workload())
    #expect(resolved.simulation.stepMilliseconds == 7)
    #expect(resolved.simulation.cores == .unlimited)
    let local = try experiment(["simulation.cores=calibrated"])
    #expect(try local.resolved(by: known, workload()).simulation.cores == .shared(2))
    // 25 test examples of each worker, importance in slices of 128.
    #expect(resolved.simulation.sliceMilliseconds == 0.05)
    #expect(resolved.simulation.importanceMilliseconds == 1.28)
    #expect(resolved.simulation.messageMicroseconds == 20)
    #expect(resolved.calibratedKeys.isEmpty)
    let back = try Experiment(yaml: resolved.resolvedYAML, named: "resolved")
    #expect(back == resolved)
    #expect(
      resolved.settings(of: ["simulation.cores", "simulation.message-microseconds"])
        == ["simulation.message-microseconds=20", "simulation.cores=none"])
  }

  @Test func `is not asked for anything under a free clock, nor for what processors there are`()
    throws
  {
    let keys = try experiment().calibratedKeys
    #expect(keys.count == 8 && !keys.contains("simulation.cores"))
    #expect(try experiment(["simulation.clock=free"]).calibratedKeys.isEmpty)
    #expect(try experiment(["simulation.cores=calibrated"]).calibratedKeys.count == 9)
  }

  @Test func `takes local steps to be longer than gradients`() throws {
    for (consistency, milliseconds) in [("bsp", 0.25), ("asp", 0.25), ("local", 0.375)] {
      let given = try experiment(["cluster.consistency=\(consistency)"])
      let resolved = try given.resolved(by: costs, workload())
      #expect(resolved.simulation.stepMilliseconds == milliseconds)
    }
  }

  @Test func `is made on steps of the same size and nothing else`() throws {
    let experiment = try experiment([
      "method.name=ewc", "batch=40", "cluster.workers=10", "cluster.consistency=asp",
      "communication.push-codec=top-k", "evaluation.every-steps=5", "arrival.order=rotated",
      "method.consolidate=on-worker-boundary", "cluster.servers=3",
    ])
    let bare = experiment.bareSteps(workers: 8, iterations: 7)
    try bare.validate(place: "bare")
    let (whole, part) = (
      try Blueprint(experiment, data: Glyphs.dataSet()),
      try Blueprint(bare, data: Glyphs.dataSet())
    )
    #expect(part.layout.count == whole.layout.count && part.frame.map == whole.frame.map)
    #expect(part.batchShares == Array(repeating: 4, count: 8))
    #expect(part.stepCounts == Array(repeating: 7, count: 5))
    #expect(bare.methodPlan == MethodPlan() && bare.consistency.bound == 0)
    #expect(bare.communicationPlan.isPlain && bare.stream.evaluationEverySteps == nil)
    #expect(bare.calibratedKeys == Experiment().calibratedKeys)
  }

  @Test(arguments: [
    ("[1]", "c.yaml: this is no calibration"), ("a: 1", "c.yaml:1: a has no figures"),
    ("a: {step-milliseconds: 1}", "c.yaml:1: a has no evaluation-microseconds-per-example"),
    ("a: {step-milliseconds: -1}", "step-milliseconds is \"-1\""),
    ("a: [", "c.yaml"),
  ])
  func `a damaged file is refused with its place`(yaml: String, sentence: String) {
    let said = refusal { _ = try Calibration(yaml: yaml, named: "c.yaml") }
    #expect(said.contains(sentence), "\(said)")
  }

  @Test func `an older file without local steps takes them for gradients`() throws {
    var calibration = Calibration()
    calibration.enter(costs, for: try workload())
    let lines = calibration.yaml.split(separator: "\n").filter { !$0.contains("local-step") }
    let back = try Calibration(yaml: lines.joined(separator: "\n"), named: "c.yaml")
    #expect(try back.costs(of: workload())?.localStepMilliseconds == costs.stepMilliseconds)
  }

  @Test func `measured numbers keep four digits`() {
    #expect(0.123456.measured == 0.1235 && 1234567.0.measured == 1_234_567 && 0.0.measured == 0)
    #expect(Double.infinity.measured == 0 && 0.0000123456.measured == 0.00001235)
  }
}
