import Models
import Roles
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

@Suite struct `Replay` {
  private let plain = ["optimizer.kind=sgd", "optimizer.rate=0.1"]

  private func replay(_ settings: String...) -> [String] {
    plain + ["method.name=replay"] + settings
  }

  @Test(arguments: ["method.memory=0", "method.share=0"])
  func `of nothing changes no bit`(setting: String) throws {
    let none = try SimulatedRun(plain)
    let empty = try SimulatedRun(replay(setting))
    #expect(!none.weights.isEmpty && none.weights == empty.weights)
  }

  /// Before anything is finished there is nothing to remember.
  @Test func `changes no bit of the first task`() throws {
    let sets = ["stream.tasks=1", "stream.kind=permuted"]
    let none = try SimulatedRun(plain + sets)
    #expect(try SimulatedRun(replay() + sets).weights == none.weights)
    let whole = ["stream.tasks=2", "stream.kind=permuted"]
    #expect(try SimulatedRun(plain + whole).weights != SimulatedRun(replay() + whole).weights)
  }

  /// (1 − s)/n_new Σ_new ∇l + s/n_old Σ_old ∇l, and without a share the mean over all.
  @Test(arguments: [nil, 0.25, 0.5, 1.0], ["node", "global"])
  func `has for a gradient the weighted sum of those of new and old examples`(
    share: Double?, batches: String
  ) throws {
    let word = share.map { "\($0)" } ?? "counted"
    for workers in [1, 2] {
      let sets = replay(
        "method.memory=9", "method.replay-batch=5", "method.share=\(word)",
        "cluster.workers=\(workers)", "placement.kind=dirichlet-by-class",
        "stream.batches=\(batches)")
      let blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
      let step = MixedStep(blueprint, stage: 1, step: 3)
      let expected = step.byHand(share: share)
      let found = try step.overWorkers()
      #expect(Conformance.distance(expected, found) < 1e-5, "\(workers) workers")
    }
  }

  @Test func `keeps the same examples for any number of workers and any placement`() throws {
    func memory(_ sets: String...) throws -> [Example] {
      let sets = replay("method.memory=20") + sets
      let blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
      return blueprint.memory(in: 1).map(\.example)
    }
    let one = try memory("cluster.workers=1")
    #expect(one.count == 20)
    for workers in [2, 4] {
      for placement in ["iid", "dirichlet-by-class", "shards"] {
        let other = try memory("cluster.workers=\(workers)", "placement.kind=\(placement)")
        #expect(other == one)
      }
    }
  }

  /// With old examples beside the new ones a network with one head keeps what it has learned.
  @Test func `keeps what plain training forgets`() throws {
    let sets = ["stream.scenario=class", "stream.epochs=20", "optimizer.rate=0.2"]
    func accuracy(_ run: SimulatedRun) -> Double {
      run.record.rows.last?.accuracies[0] ?? 0
    }
    #expect(try accuracy(SimulatedRun(plain + sets)) < 0.2)
    #expect(try accuracy(SimulatedRun(replay("method.memory=20") + sets)) > 0.8)
  }

  @Test func `needs a boundary at which all workers meet`() {
    #expect(throws: ConfigurationError.self) {
      try tinyExperiment(replay("method.consolidate=on-worker-boundary"))
    }
  }
}

/// The gradient of one step, added up over the workers and by hand.
private struct MixedStep {
  let blueprint: Blueprint
  let stage: Int
  let step: Int
  private let weights: Vector

  init(_ blueprint: Blueprint, stage: Int, step: Int) {
    self.blueprint = blueprint
    self.stage = stage
    self.step = step
    weights = blueprint.model.initialWeights(.pytorch, seed: 4)
  }

  /// As servers add up what workers push: each vector as often as it has examples.
  func overWorkers() throws -> [Float] {
    let bench = NodeBuffers(blueprint)
    let count = blueprint.batchShares.count
    var (sum, total) = (Array(repeating: Float(0), count: weights.count), 0)
    for rank in 0..<count {
      var performer = NodePerformer(sharing: blueprint, bench)
      _ = performer.perform(.prepareWorker(experiment: "", rank: rank, workerCount: count))
      let held = HeldWeights(blocks: [weights.view], versions: [0])
      let result = performer.perform(
        .gradient(stage: stage, step: step, weights: held, penalty: nil))
      guard let (vector, exampleCount) = result.gradient else { throw MixedStepError() }
      for index in sum.indices { sum[index] += Float(exampleCount) * vector[index] }
      total += exampleCount
    }
    return sum.map { $0 / Float(total) }
  }

  func byHand(share: Double?) -> [Float] {
    var shared = blueprint.sharedExamples(stage: stage)
    let new =
      shared?.examples(at: step).map(\.example)
      ?? blueprint.batchShares.indices.flatMap { rank in
        var schedule = blueprint.schedule(stage: stage, rank: rank)
        let own = blueprint.examples(stage: stage, rank: rank)
        return schedule.examples(at: step).map { own[$0] }
      }
    var memory = blueprint.rehearsed(in: 1)
    let old = memory?.examples(at: step).map(\.example) ?? []
    let whole = Float(new.count + old.count)
    let weight = share.map { Float($0) } ?? Float(old.count) / whole
    return zip(mean(new), mean(old)).map { (1 - weight) * $0 + weight * $1 }
  }

  /// The mean gradient of some examples.
  private func mean(_ examples: [Example]) -> [Float] {
    var batch = Batch(capacity: examples.count, inputs: blueprint.stream.inputCount)
    for example in examples { blueprint.write(example, to: &batch, noise: nil) }
    let gradient = Vector(count: weights.count)
    _ = blueprint.model.gradient(
      of: batch, at: weights.base, into: gradient.base,
      using: Workspace(model: blueprint.model, capacity: examples.count))
    return gradient.array
  }

  private struct MixedStepError: Error {}
}

extension OrderResult {
  /// What a worker pushes of a step, whatever it stands for.
  var gradient: (vector: VectorView, exampleCount: Int)? {
    switch self {
    case .gradient(.here(let vector), let count, _), .composed(.here(let vector), let count, _, _):
      (vector, count)
    default: nil
    }
  }
}
