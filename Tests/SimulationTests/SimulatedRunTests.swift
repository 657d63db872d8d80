import Consolidation
import Experiments
import Models
import Roles
import Simulation
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// Small data: four classes of 6×6 images, quick to learn.
func tinyData() throws -> DataSet {
  func images(perClass: Int, salt: Int) -> ImageSet {
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    for number in 0..<perClass {
      for label in 0..<4 {
        var random = RandomStream(seed: 7, purpose: .test, node: label, step: number + salt)
        for index in 0..<36 {
          let isInk = (index / 9 == label) || (index % 4 == label)
          pixels.append(UInt8((isInk ? 140 : 20) + random.index(below: 80)))
        }
        labels.append(Int32(label))
      }
    }
    return ImageSet(shape: ImageShape(height: 6, width: 6), pixels: pixels, labels: labels)
  }
  return try DataSet(
    name: "tiny", train: images(perClass: 25, salt: 0), test: images(perClass: 10, salt: 1000))
}

func tinyExperiment(_ sets: [String] = []) throws -> Experiment {
  let yaml = """
    stream: {tasks: 2, epochs: 2}
    model: {hidden: [9, 7]}
    batch: 12
    method: {name: none}
    cluster: {workers: 2, servers: 1}
    """
  return try Experiment(yaml: yaml, named: "tiny", sets: sets)
}

struct SimulatedRun {
  let blueprint: Blueprint
  let record: RunRecord
  let ending: Ending
  let seconds: Double
  var weights: [Float] { record.weights?.array ?? [] }

  init(
    _ sets: [String] = [], data: DataSet? = nil, delaySeed: UInt64? = nil,
    change: (inout CostModel) -> Void = { _ in }
  ) throws {
    let experiment = try tinyExperiment(sets)
    let blueprint = try Blueprint(experiment, data: try data ?? tinyData())
    self.blueprint = blueprint
    let bench = NodeBuffers(blueprint)
    var costs = CostModel(
      stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3), bytesPerSecond: 1e8)
    change(&costs)
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)),
      serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
      timeouts: experiment.cluster.timeouts,
      costs: costs, seed: delaySeed ?? experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) },
      observe: { _, _ in })
    (ending, seconds) = cluster.run()
    record = cluster.coordinator.record
  }
}

@Suite struct `Simulated cluster` {
  @Test func `two runs of one seed end on the same bits and at the same virtual time`() throws {
    let (first, second) = (try SimulatedRun(), try SimulatedRun())
    #expect(first.ending == .completed)
    #expect(!first.weights.isEmpty && first.weights == second.weights)
    #expect(first.seconds == second.seconds)
  }

  @Test func `another seed ends on other weights`() throws {
    #expect(try SimulatedRun().weights != SimulatedRun(["seed=2"]).weights)
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `whatever the delays, the weights are the same`(delaySeed: UInt64) throws {
    let sets = ["cluster.workers=3", "cluster.servers=2"]
    #expect(try SimulatedRun(sets).weights == SimulatedRun(sets, delaySeed: delaySeed).weights)
  }

  @Test(arguments: ["ewc", "mas", "scp"])
  func `importance of four workers equals that of one on the same weights`(method: String) throws {
    // With a rate this small the weights stay at their initial values to rounding.
    let sets = ["method.name=\(method)", "optimizer.kind=sgd", "optimizer.rate=1e-12", "batch=8"]
    let one = try SimulatedRun(sets + ["cluster.workers=1"])
    let four = try SimulatedRun(sets + ["cluster.workers=4"])
    #expect(one.record.consolidations.count == 2)
    for (a, b) in zip(one.record.consolidations, four.record.consolidations) {
      #expect(a.ledger[0].exampleCount == b.ledger[0].exampleCount)
      for (x, y) in zip(a.importanceSums, b.importanceSums) {
        #expect(abs(x - y) <= 1e-5 * max(abs(x), 1e-6))
      }
    }
  }

  @Test func `the newest term vanishes at its anchor and acts afterwards`() throws {
    let run = try SimulatedRun(["method.name=ewc", "method.lambda=20"])
    let reports = run.record.consolidations
    #expect(reports.count == 2)
    #expect(reports.allSatisfy { $0.newestTermSquaredNorm == 0 && $0.after.foldedSum > 0 })
    #expect(reports[0].before.squaredGradientNorm == 0)
    #expect(reports[1].before.squaredGradientNorm > 0)
  }

  @Test func `the matrix has every row and joint training fills the last`() throws {
    let sequential = try SimulatedRun()
    #expect(sequential.record.rows.map(\.occasion) == [.untrained] + boundaries(0..<2))
    let joint = try SimulatedRun([
      "method.name=joint", "stream.epochs=30", "stream.scenario=task", "optimizer.rate=0.01",
    ])
    #expect(joint.record.rows.map(\.occasion) == [.untrained] + boundaries(0..<1))
    #expect((joint.record.rows.last?.accuracies[0] ?? 0) > 0.8)
  }

  /// Two workers finish each of these stages together.
  private func boundaries(_ positions: Range<Int>) -> [RunRecord.Row.Occasion] {
    positions.map { position in
      .boundary(
        (0..<2).map { RunRecord.Row.Position(worker: $0, position: position, stage: position) })
    }
  }

  @Test func `independent models are carried over unchanged`() throws {
    let run = try SimulatedRun(["method.name=independent"])
    let rows = run.record.rows
    #expect(rows[1].accuracies[0] == rows[2].accuracies[0])
    #expect(rows[1].accuracies[1] == nil)
  }

  @Test func `samples come between boundaries without disturbing the run`() throws {
    let plain = try SimulatedRun()
    let sampled = try SimulatedRun(["evaluation.every-steps=3"])
    #expect(plain.weights == sampled.weights)
    #expect(sampled.record.rows.contains { $0.occasion == .sample && $0.step == 3 })
  }

  @Test func `bytes are those of the formula`() throws {
    let run = try SimulatedRun(["cluster.workers=2", "cluster.servers=2"])
    let parameters = run.weights.count
    let steps = run.record.workerSummaries.compactMap { $0?.stepCount }[0]
    let traffic = run.record.wholeTraffic
    let push = traffic.total { $0.kind == .push }
    #expect(push.messageCount == steps * 2 * 2)
    #expect(push.payloadByteCount == steps * 2 * parameters * 4)
    // A header of 80 + 2 bytes and a payload frame of 9 for every message.
    #expect(push.framedByteCount == push.payloadByteCount + push.messageCount * (82 + 9))
  }
}

@Suite struct `One worker` {
  /// The dumb loop: no roles, no messages, one vector.
  private func plainLoop(_ sets: [String]) throws -> [Float] {
    let experiment = try tinyExperiment(sets + ["cluster.workers=1"])
    let blueprint = try Blueprint(experiment, data: try tinyData())
    var performer = NodePerformer(sharing: blueprint, NodeBuffers(blueprint))
    guard
      case .worker(let plan) = performer.perform(
        .prepareWorker(experiment: "", rank: 0, workerCount: 1))
    else { throw PlainLoopError() }
    let model = MultilayerPerceptron(
      inputs: 36, hidden: [9, 7], outputs: blueprint.stream.outputCount)
    let weights = model.initialWeights(.pytorch, seed: experiment.seed)
    for stage in plan.stepCounts.indices {
      for step in 0..<plan.stepCounts[stage] {
        guard
          case .gradient(.here(let gradient), _, _) = performer.perform(
            .gradient(
              stage: stage, step: step, weights: HeldWeights(blocks: [weights.view], versions: [0]),
              penalty: nil))
        else { throw PlainLoopError() }
        for index in 0..<weights.count {
          weights[index] = weights[index] - Float(experiment.optimizer.rate) * gradient[index]
        }
      }
    }
    return weights.array
  }

  private struct PlainLoopError: Error {}

  @Test func `equals the plain loop bit for bit`() throws {
    let sets = ["optimizer.kind=sgd", "optimizer.rate=0.1"]
    let run = try SimulatedRun(sets + ["cluster.workers=1", "cluster.servers=3"])
    #expect(try plainLoop(sets) == run.weights)
  }
}
