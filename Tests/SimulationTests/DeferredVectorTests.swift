import Roles
import Simulation
import Tensors
import Testing
import Updates

@testable import Experiments
@testable import Training

/// Whether a method's vectors are worth being made a second time.
private func makesVectorsAgain(_ method: String) -> Bool {
  let experiment = try? Experiment(yaml: "method: {name: \(method)}", named: "test")
  return experiment.map { $0.reasonToKeepVectors == nil } ?? false
}

@Suite struct `Vectors made again` {
  private func run(_ vectors: String, _ sets: [String]) throws -> SimulatedRun {
    try SimulatedRun(
      ["cluster.workers=3", "cluster.servers=2", "simulation.vectors=\(vectors)"] + sets)
  }

  @Test(
    arguments: MethodNames.all.filter { MethodNames.needs($0).isEmpty && makesVectorsAgain($0) },
    [
      ["optimizer.kind=adam"], ["batch=7", "penalty.form=proximal"],
      ["cluster.drop=1", "optimizer.kind=momentum"],
      ["cluster.consistency=local", "cluster.local-steps=3", "optimizer.kind=sgd"],
      ["arrival.boundary=blurry", "arrival.mixture=0.4", "stream.scenario=class"],
    ])
  func `give the bits and bytes of vectors that are kept`(
    method: String, sets: [String]
  ) throws {
    let sets = sets + choosing(method, strength: 5)
    let (kept, again) = (try run("kept", sets), try run("again", sets))
    #expect(kept.ending == .completed && again.ending == .completed)
    #expect(!kept.weights.isEmpty && kept.weights == again.weights)
    #expect(kept.record.rows.map(\.accuracies) == again.record.rows.map(\.accuracies))
    for kind in [TrafficLine.Kind.push, .pull, .importance, .evaluation] {
      let lines = [kept, again].map { $0.record.wholeTraffic.total { $0.kind == kind } }
      #expect(lines[0] == lines[1])
    }
    #expect(kept.record.consolidations.map(\.ledger) == again.record.consolidations.map(\.ledger))
  }

  /// Who is dropped is a matter of time, so that time has to be the same too.
  @Test func `take no time of their own`() throws {
    var runs: [SimulatedRun] = []
    for vectors in ["kept", "again"] {
      let sets = [
        "cluster.workers=5", "cluster.drop=2", "batch=20", "simulation.vectors=\(vectors)",
        "stream.iterations=25", "optimizer.kind=sgd", "optimizer.rate=0.1",
      ]
      runs.append(
        try SimulatedRun(sets) {
          $0.serverSecondsPerByte = 5e-7
          $0.coreCount = 2
        })
    }
    #expect(runs[0].ending == .completed && runs[0].record.workerSummaries.count == 5)
    #expect(runs[0].record.serverSummaries.compactMap { $0?.lateCount }.contains { $0 > 0 })
    #expect(!runs[0].weights.isEmpty && runs[0].weights == runs[1].weights)
    // The experiments' texts are as long but for a letter.
    #expect((runs[0].seconds - runs[1].seconds).magnitude < 1e-6)
  }

  @Test func `hold where workers apply the penalty`() throws {
    let sets = ["penalty.at=worker", "method.name=ewc", "method.lambda=5"]
    #expect(try run("kept", sets).weights == run("again", sets).weights)
    #expect(try run("kept", sets).weights != run("kept", ["method.name=none"]).weights)
  }

  @Test func `are added up in the given order with their factors`() throws {
    let experiment = try tinyExperiment(["cluster.workers=3", "simulation.vectors=again"])
    let blueprint = try Blueprint(experiment, data: try tinyData())
    let bench = NodeBuffers(blueprint)
    var deferring: [NodePerformer] = []
    var keeping: [NodePerformer] = []
    let kept = try Blueprint(
      tinyExperiment(["cluster.workers=3", "simulation.vectors=kept"]), data: try tinyData())
    for rank in 0..<3 {
      var performer = NodePerformer(sharing: blueprint, bench)
      _ = performer.perform(.prepareWorker(experiment: "", rank: rank, workerCount: 3))
      deferring.append(performer)
      performer = NodePerformer(sharing: kept, NodeBuffers(kept))
      _ = performer.perform(.prepareWorker(experiment: "", rank: rank, workerCount: 3))
      keeping.append(performer)
    }
    let start = Vector(repeating: 0.01, count: blueprint.layout.count)
    let weights = HeldWeights(blocks: [start.view], versions: [0])
    let order = Order.gradient(stage: 0, step: 1, weights: weights, penalty: nil)
    let factors: [Float] = [0.5, 0, 0.25]
    var expected = [Float](repeating: 0, count: start.count)
    var parts: [Deferred] = []
    for rank in 0..<3 {
      guard
        case .gradient(.here(let gradient), let exampleCount, let loss) =
          keeping[rank].perform(order)
      else {
        Issue.record("a performer that keeps vectors returned none")
        return
      }
      for index in expected.indices { expected[index] += factors[rank] * gradient[index] }
      guard
        case .gradient(.later(let part), exampleCount, loss) = deferring[rank].perform(order)
      else {
        Issue.record("a performer that makes vectors again returned something else")
        return
      }
      parts.append(part)
    }
    var server = NodePerformer(sharing: blueprint, bench)
    guard case .total(let total) = server.perform(.total(of: parts, factors: factors)) else {
      Issue.record("the total was not made")
      return
    }
    #expect(total.array == expected && expected.contains { $0 != 0 })
    // Another question has another answer, whatever was kept of the first.
    guard case .total(let first) = server.perform(.total(of: [parts[2]], factors: [1])),
      case .gradient(.here(let gradient), _, _) = keeping[2].perform(order)
    else {
      Issue.record("the total of one was not made")
      return
    }
    #expect(first.array == gradient.array)
  }

  @Test func `are refused to a node without the workers`() {
    var alone = NodePerformer(dataFolder: nil)
    guard case .failed = alone.perform(.total(of: [], factors: [])) else {
      Issue.record("a node of its own made vectors of others again")
      return
    }
  }

  @Test(arguments: [
    (["cluster.consistency=asp"], "cluster.consistency"),
    (["cluster.consistency=ssp"], "cluster.consistency"),
    (["arrival.order=rotated"], "arrival.order"),
    (["method.name=ewc", "method.consolidate=on-worker-boundary"], "method.consolidate"),
    (["communication.push-codec=top-k"], "communication.push-codec"),
    (["method.name=ewc", "communication.importance=fp16"], "communication.importance"),
    (["cluster.consistency=local", "optimizer.kind=adam"], "optimizer.kind"),
    (["communication.pull-codec=fp16"], "communication.pull-codec"),
    (["simulation.computing-workers=1"], "simulation.computing-workers"),
  ])
  func `are refused where they cannot be, and automatic keeps them`(
    sets: [String], key: String
  ) throws {
    let error = try #require(throws: ConfigurationError.self) {
      try tinyExperiment(sets + ["simulation.vectors=again"])
    }
    #expect(error.description.contains("simulation.vectors is again, but"))
    #expect(error.description.contains(key))
    #expect(try !tinyExperiment(sets).defersVectors(parameterCount: 1 << 30))
  }

  @Test func `are automatic above a quarter of a gibibyte`() throws {
    let experiment = try tinyExperiment(["cluster.workers=4"])
    #expect(!experiment.defersVectors(parameterCount: 16 << 20))
    #expect(experiment.defersVectors(parameterCount: 16 << 20 + 1))
  }
}
