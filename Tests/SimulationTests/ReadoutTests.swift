import Methods
import Models
import Roles
import Settings
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

@Suite struct `Readouts` {
  private let plain = ["optimizer.kind=sgd", "optimizer.rate=0.1", "stream.scenario=class"]
  private static let names = Methods.all.filter { $0.init().readout != nil }.map { $0.name }

  private func bic(_ settings: String...) -> [String] {
    plain + ["method.name=bic", "method.memory=24"] + settings
  }

  @Test(arguments: names)
  func `are fitted once a boundary, before it is measured`(name: String) throws {
    let run = try SimulatedRun(plain + ["method.name=\(name)", "evaluation.every-steps=2"])
    #expect(run.ending == .completed && run.record.refusals.isEmpty)
    #expect(run.record.fits.map(\.phase) == [0, 1])
    #expect(run.record.rows.contains { $0.occasion == .sample })
  }

  @Test func `that are none are never asked for`() throws {
    #expect(try SimulatedRun(plain).record.fits.isEmpty)
    #expect(try SimulatedRun(plain + ["method.name=replay"]).record.fits.isEmpty)
  }

  /// Weights do not move, and what follows from them does not either.
  @Test func `that look at plain training change no bit of it`() throws {
    let none = try SimulatedRun(plain)
    let mean = try SimulatedRun(plain + ["method.name=nearest-mean"])
    #expect(!none.weights.isEmpty && mean.weights == none.weights)
    #expect(mean.record.rows.last?.accuracies != none.record.rows.last?.accuracies)
  }

  @Test(arguments: names, [2, 4])
  func `give the same fit for any number of workers`(name: String, workers: Int) throws {
    let sets = Conformance.sets(name, "Dirichlet")
    let one = try SimulatedRun(sets + ["cluster.workers=1"])
    let many = try SimulatedRun(sets + ["cluster.workers=\(workers)"])
    #expect(one.record.fits.count == many.record.fits.count)
    for (fit, other) in zip(one.record.fits, many.record.fits) {
      #expect(fit.phase == other.phase && fit.numbers.count == other.numbers.count)
      #expect(zip(fit.numbers, other.numbers).allSatisfy { abs($0 - $1) < 1e-3 })
    }
  }

  // MARK: BiC

  @Test func `of the first increment do nothing, and of a later one correct the newest classes`()
    throws
  {
    let run = try SimulatedRun(bic("stream.epochs=10"))
    #expect(run.record.fits[0].numbers.isEmpty)
    let fit = run.record.fits[1].numbers
    #expect(fit.count == 4 && Array(fit[2...]) == [2, 4])
    #expect(fit[0] < 1 || fit[1] < 0)
    // Until then nothing differs from training without what is held out.
    #expect(run.record.rows[1].accuracies[1] == 0)
  }

  @Test func `are fitted to what is never trained on, equally much of each class`() throws {
    let sets = bic("stream.tasks=4", "cluster.workers=3", "stream.batches=global")
    let blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
    var seen: Set<Example> = []
    for phase in 0..<4 {
      if var memory = blueprint.rehearsed(in: phase) {
        for step in 0..<50 { seen.formUnion(memory.examples(at: step).map(\.example)) }
      }
      for rank in 0..<3 { seen.formUnion(blueprint.examples(stage: phase, rank: rank)) }
      let stated = blueprint.stated(after: phase).map(\.example)
      var counts: [Int: Int] = [:]
      for example in stated { counts[blueprint.stream.unit(of: example), default: 0] += 1 }
      #expect(counts.count == phase + 1 && Set(counts.values).count == 1)
      #expect(seen.isDisjoint(with: stated))
    }
    #expect(seen.count == 100 - blueprint.heldOut.count)
  }

  /// From the third increment on earlier answers are those of the corrected scores.
  @Test func `correct what the network is held to`() throws {
    let blueprint = try Blueprint(
      try tinyExperiment(bic("cluster.workers=1", "stream.tasks=4")), data: try tinyData())
    let weights = blueprint.model.initialWeights(.pytorch, seed: 1)
    func gradient(_ fit: [Float]?) throws -> [Float] {
      var performer = NodePerformer(sharing: blueprint, NodeBuffers(blueprint))
      _ = performer.perform(.prepareWorker(experiment: "", rank: 0, workerCount: 1))
      let held = HeldWeights(blocks: [weights.view], versions: [0], fit: fit)
      let result = performer.perform(.gradient(stage: 2, step: 0, weights: held, penalty: nil))
      return try #require(result.gradient).vector.array
    }
    let plain = try gradient(nil)
    #expect(try gradient([]) == plain && gradient([1, 0, 1, 2]) == plain)
    #expect(try gradient([0.5, -1, 1, 2]) != plain)
  }

  /// λ of the distance and 1 − λ of the labels.
  @Test func `share a step by how many classes are known`() throws {
    let blueprint = try Blueprint(
      try tinyExperiment(bic("stream.tasks=4")), data: try tinyData())
    let shares: [Float] = (0..<4).map { blueprint.knownShare(in: $0) }
    #expect(shares == [0, 0.5, Float(2) / 3, 0.75])
    let distillation = try #require(blueprint.experiment.method.value.distillation)
    let groups = blueprint.distilledGroups(of: distillation, before: 3, during: 3)
    #expect(groups.map(\.units) == [0..<3])
    #expect(abs(groups[0].weight - 0.75) < 1e-6)
  }

  // MARK: iCaRL

  @Test func `of means keep what plain training forgets`() throws {
    let sets = plain + ["stream.epochs=20", "optimizer.rate=0.2"]
    func accuracy(_ run: SimulatedRun) -> Double { run.record.rows.last?.accuracies[0] ?? 0 }
    #expect(try accuracy(SimulatedRun(sets)) < 0.2)
    #expect(
      try accuracy(SimulatedRun(sets + ["method.name=icarl", "method.exemplars=10"])) > 0.8)
  }

  @Test func `come with as many old examples as one set of all would have`() throws {
    let sets = plain + ["method.name=icarl", "method.exemplars=8", "stream.tasks=4"]
    let blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
    // 8 a class kept, 25 new ones, 12 a step: 8 · 12/25, 16 · 12/25, 24 · 12/25, rounded up.
    let counts = (1..<4).map { phase in
      var memory = blueprint.rehearsed(in: phase)
      return memory?.examples(at: 0).count
    }
    #expect(counts == [4, 8, 12])
  }

  // MARK: What does not go with them

  private func sentence(_ sets: [String]) -> String {
    do {
      _ = try tinyExperiment(sets)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test(arguments: names)
  func `are refused where old and new classes have not one head`(name: String) {
    let method = ["method.name=\(name)"]
    for scenario in ["task", "domain"] {
      #expect(
        sentence(method + ["stream.scenario=\(scenario)"]).hasSuffix("use stream.scenario=class"))
    }
    let sets = method + ["stream.scenario=class"]
    #expect(sentence(sets) == "accepted")
    #expect(sentence(sets + ["arrival.order=rotated"]).hasSuffix("use arrival.order=shared"))
    #expect(
      sentence(sets + ["arrival.boundary=blurry", "arrival.mixture=0.4"])
        .hasSuffix("use arrival.boundary=hard"))
    for bound in ["joint", "independent"] {
      #expect(
        sentence(["method.name=\(name)+\(bound)", "stream.scenario=class"])
          .contains("\(bound) with others, but it is a way to train by itself"))
    }
    #expect(
      sentence(["method.name=\(name)+replay", "stream.scenario=class"])
        .contains("which both say which examples stay"))
  }
}
