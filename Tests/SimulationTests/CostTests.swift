import Experiments
import Methods
import Reports
import Running
import Streams
import Tensors
import Testing

@testable import Roles
@testable import Simulation
@testable import Training

/// All vectors within a state, whoever holds them, each once: memory, and bytes of it.
private struct HeldVectors {
  private(set) var byteCounts: [UnsafeRawPointer: Int] = [:]
  var total: Int { byteCounts.values.reduce(0, +) }

  /// - Parameter unseen: Stored properties that are not looked into.
  mutating func enter(_ value: Any, without unseen: Set<String> = []) {
    if let vector = value as? Vector {
      byteCounts[UnsafeRawPointer(vector.base)] = 4 * vector.count
    } else if let view = value as? VectorView {
      byteCounts[UnsafeRawPointer(view.base)] = 4 * view.count
    } else {
      for child in Mirror(reflecting: value).children where !unseen.contains(child.label ?? "") {
        enter(child.value, without: unseen)
      }
    }
  }

  static func count(_ value: Any, without unseen: Set<String> = []) -> Int {
    var held = HeldVectors()
    held.enter(value, without: unseen)
    return held.total
  }
}

/// A property of a value, or of the values of its properties, by name; the first there is.
private func find(_ name: String, in value: Any) -> Any? {
  let children = Mirror(reflecting: value).children
  return children.first { $0.label == name }?.value
    ?? children.lazy.compactMap { find(name, in: $0.value) }.first
}

/// What a run says of its costs, beside what its states have when it is over.
private struct Account {
  let result: RunResult
  let held: RunResult.Kept

  init(_ sets: [String]) throws {
    let blueprint = try Blueprint(tinyExperiment(sets), data: try tinyData())
    let bench = NodeBuffers(blueprint)
    let cluster = blueprint.experiment.cluster
    var simulated = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)), serverCount: cluster.servers,
      workerCount: cluster.workers, timeouts: cluster.timeouts,
      costs: CostModel(
        stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3),
        bytesPerSecond: 1e8),
      seed: 1, makePerformer: { _ in NodePerformer(sharing: blueprint, bench) },
      observe: { _, _ in })
    try #require(simulated.run().ending == .completed)
    let record = simulated.coordinator.record
    result = RunResult(
      record, of: blueprint, mode: "simulation", seconds: 1, virtualSeconds: nil, command: "")
    held = Self.held(simulated, record, blueprint)
  }

  private static func held(
    _ simulated: SimulatedCluster<NodePerformer>, _ record: RunRecord, _ blueprint: Blueprint
  ) -> RunResult.Kept {
    var kept = RunResult.Kept(coordinator: 4 * (record.fits.last?.numbers.count ?? 0))
    for node in simulated.nodes {
      if let server = node.role as? ServerRole, let shard = server.server?.shard {
        kept.servers += HeldVectors.count(shard)
      }
      guard let state = node.performer.worker else { continue }
      let worker = HeldVectors.count(
        [state.teacher as Any, find("optimizer", in: state) as Any])
      kept.workers += worker + HeldVectors.count(find("penalty", in: node.role) as Any)
    }
    if blueprint.experiment.schedule == .independent { kept.servers *= blueprint.stages.count }
    // An image of 36 bytes with a label of 4.
    let places =
      blueprint.isJoint
      ? blueprint.stages.reduce(0) { $0 + $1.examples.count }
      : blueprint.memoryPlaces(in: blueprint.taskSchedule.phaseCount).count
    kept.workers += 40 * places
    return kept
  }
}

@Suite struct `What a method costs` {
  /// Every method of the list, each with optimisers that keep no vector and two.
  @Test(arguments: Conformance.names, ["sgd", "adam"])
  func `is what the roles hold`(method: String, optimizer: String) throws {
    let sets =
      Conformance.sets(method) + ["stream.tasks=4", "stream.iterations=4", "cluster.servers=2"]
      + ["optimizer.kind=\(optimizer)"]
    let account = try Account(
      MethodNames.needs(method).contains("cluster.consistency=local")
        ? sets.filter { $0 != "stream.batches=global" } : sets)
    let kept = try #require(account.result.kept)
    #expect(kept == account.held)
    #expect(kept.servers > 0)
  }

  private func work(_ sets: String...) throws -> RunResult.Work {
    let run = try SimulatedRun(
      ["stream.iterations=10", "optimizer.kind=sgd", "optimizer.rate=0.1"] + sets)
    let result = RunResult(
      run.record, of: run.blueprint, mode: "simulation", seconds: 1, virtualSeconds: nil,
      command: "")
    return try #require(result.work)
  }

  /// Ten steps of twelve examples, twice.
  private func plain(_ change: (inout RunResult.Work) -> Void = { _ in }) -> RunResult.Work {
    var work = RunResult.Work()
    work.new = 240
    change(&work)
    return work
  }

  @Test(arguments: [1, 3]) func `is counted where it is done`(workers: Int) throws {
    let all = "cluster.workers=\(workers)"
    #expect(try work(all) == plain())
    #expect(try work(all).relative == 1)
    #expect(try work(all, "method.name=si") == plain())
    #expect(
      try work(all, "method.name=replay", "method.memory=14", "method.replay-batch=5")
        == plain { $0.replayed = 50 })
    // Fifty examples a task, each in the estimate of its task.
    #expect(try work(all, "method.name=ewc") == plain { $0.importance = 100 })
    // Of nine kept examples at each step of the second task.
    #expect(
      try work(all, "method.name=gem", "method.memories=9") == plain { $0.references = 90 })
    #expect(
      try work(all, "method.name=lwf", "stream.scenario=task") == plain { $0.frozenPasses = 120 })
    // It makes as many as there are new ones; the generator learns from both, from the beginning.
    #expect(
      try work(
        all, "method.name=generative-replay", "method.generator-hidden=[8]", "method.latents=3")
        == plain {
          ($0.made, $0.generator, $0.frozenPasses) = (120, 360, 240)
        })
  }
}
