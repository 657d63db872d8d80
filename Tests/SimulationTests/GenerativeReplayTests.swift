import Methods
import Models
import Reports
import Roles
import Running
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

@Suite struct `Generative replay` {
  private let plain = ["optimizer.kind=sgd", "optimizer.rate=0.1"]

  private func replay(_ settings: String...) -> [String] {
    plain + choosing("generative-replay", strength: 0) + settings
  }

  /// The network's part of the final weights, and the generator's.
  private func parts(_ run: SimulatedRun) -> (own: [Float], generator: [Float]) {
    let count = run.blueprint.model.layout.count
    return (Array(run.weights.prefix(count)), Array(run.weights.dropFirst(count)))
  }

  @Test func `in which new examples have all the share changes no bit`() throws {
    let none = try SimulatedRun(plain)
    let whole = try SimulatedRun(plain + ["method.name=generative-replay", "method.new-share=1"])
    #expect(!none.weights.isEmpty && none.weights == whole.weights)
  }

  @Test(arguments: ["task", "domain", "class"])
  func `changes no bit of the network in the first task, and some in the second`(
    scenario: String
  ) throws {
    let sets = ["stream.scenario=\(scenario)", "stream.kind=permuted", "optimizer.clip=0.5"]
    let one = sets + ["stream.tasks=1"]
    let (none, made) = (try SimulatedRun(plain + one), try SimulatedRun(replay() + one))
    #expect(!none.weights.isEmpty && parts(made).own == none.weights)
    let begin = made.blueprint.frame.firstWeights(draw: 0, rank: 0).array
    #expect(Array(begin.prefix(none.weights.count)) != none.weights)
    #expect(parts(made).generator != Array(begin.dropFirst(none.weights.count)))
    let (two, other) = (try SimulatedRun(plain + sets), try SimulatedRun(replay() + sets))
    #expect(parts(other).own != two.weights)
  }

  @Test func `gives each finished task the share of a new one`() {
    let generation = Generation()
    #expect(generation.newShare(current: 1, finished: 0) == 1)
    #expect(generation.newShare(current: 1, finished: 1) == 0.5)
    #expect(generation.newShare(current: 1, finished: 4) == 0.2)
    #expect(generation.newShare(current: 2, finished: 1) == 2.0 / 3)
    var fixed = Generation()
    fixed.share = 0.25
    #expect(fixed.newShare(current: 1, finished: 3) == 0.25)
    #expect(fixed.newShare(current: 1, finished: 0) == 1)
  }

  /// r · (mean gradient over new examples) + (1 − r) · (mean over made ones), whoever has computed
  /// what.
  @Test(arguments: [1, 2, 3], ["node", "global"])
  func `has for a gradient the weighted sum of those of new and made examples`(
    workers: Int, batches: String
  ) throws {
    let sets = replay(
      "stream.scenario=class", "method.new-share=0.3", "cluster.workers=\(workers)",
      "stream.batches=\(batches)", "placement.kind=dirichlet-by-class", "data.mean=0.125",
      "data.deviation=0.5")
    let step = try MadeStep(sets)
    let (found, counts) = try step.overWorkers()
    // As many as there are new examples.
    #expect(counts.reduce(0, +) == 2 * step.new.count)
    let expected = try step.byHand(share: 0.3)
    #expect(Conformance.distance(expected, found) < 1e-5)
  }

  @Test func `keeps what plain training forgets`() throws {
    let sets = [
      "stream.scenario=class", "stream.epochs=60", "optimizer.kind=adam", "optimizer.rate=0.003",
    ]
    func accuracy(_ run: SimulatedRun) -> Double {
      run.record.rows.last?.accuracies[0] ?? 0
    }
    let forgotten = try accuracy(SimulatedRun(sets))
    #expect(forgotten < 0.2)
    for labels in ["hard", "soft"] {
      let run = try SimulatedRun(
        sets + [
          "method.name=generative-replay", "method.generator-hidden=[30]", "method.latents=6",
          "method.generated-labels=\(labels)",
        ])
      let kept = accuracy(run)
      #expect(kept > 0.8, "\(labels)")
    }
  }

  @Test func `leaves the generator out of importance`() throws {
    for method in ["ewc", "scp"] {
      let run = try SimulatedRun(plain + choosing("generative-replay+\(method)", strength: 1))
      let report = try #require(run.record.consolidations.first)
      for (tensor, sum) in zip(run.blueprint.layout.tensors, report.importanceSums) {
        #expect(tensor.name.hasPrefix("generator.") ? sum == 0 : sum > 0, "\(tensor.name)")
      }
    }
  }

  @Test func `is refused where servers would take the generator for the network`() {
    for method in ["si", "l2", "rwalk"] {
      #expect(throws: ConfigurationError.self) {
        try tinyExperiment(["method.name=generative-replay+\(method)"])
      }
    }
    #expect(throws: ConfigurationError.self) {
      try tinyExperiment(replay("method.consolidate=on-worker-boundary"))
    }
  }

  @Test(arguments: [1, 3])
  func `says how many examples were made, and shows what the generator makes`(
    workers: Int
  ) throws {
    let run = try SimulatedRun(
      replay("stream.iterations=10", "stream.padding=1", "cluster.workers=\(workers)"))
    let result = RunResult(
      run.record, of: run.blueprint, mode: "simulation", seconds: 1, virtualSeconds: nil,
      command: "")
    let activity = try #require(result.diagnostics.activity.first)
    #expect(result.diagnostics.activity.count == 1)
    #expect(activity.generatedPerStep == 12 && activity.rehearsedPerStep == 0)
    #expect(result.examples == 10 * 12 + 10 * 24 && result.diagnostics.notes.isEmpty)
    let made = try #require(result.made)
    #expect(made.width == 8 && made.height == 8 && made.columns == 10)
    #expect(made.pixels.count == 50 * 64 && Set(made.pixels).count > 2)
    // Network, generator and, at each worker, both as they were.
    let bytes = 4 * run.weights.count
    #expect(try #require(result.kept) == .init(workers: workers * bytes, servers: bytes))
  }
}

/// The gradient of one step of the second task, added up over the workers and by hand.
private struct MadeStep {
  private let blueprint: Blueprint
  private let weights: [Vector]
  private let step = 3
  /// Of all workers.
  let new: [Example]

  init(_ sets: [String]) throws {
    let blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
    self.blueprint = blueprint
    weights = [0, 1].map { blueprint.frame.firstWeights(draw: $0, rank: 0) }
    if var shared = blueprint.sharedExamples(stage: 1) {
      new = shared.examples(at: step).map(\.example)
    } else {
      new = blueprint.batchShares.indices.flatMap { rank in
        var schedule = blueprint.schedule(stage: 1, rank: rank)
        let own = blueprint.examples(stage: 1, rank: rank)
        return schedule.examples(at: 3).map { own[$0] }
      }
    }
  }

  /// As servers add up what workers push, which have begun the task at the first weights and are at
  /// the second.
  func overWorkers() throws -> (sum: [Float], counts: [Int]) {
    let bench = NodeBuffers(blueprint)
    let workers = blueprint.batchShares.count
    var (sum, counts) = (Array(repeating: Float(0), count: weights[0].count), [Int]())
    for rank in 0..<workers {
      var performer = NodePerformer(sharing: blueprint, bench)
      _ = performer.perform(.prepareWorker(experiment: "", rank: rank, workerCount: workers))
      var result: OrderResult?
      for (at, weights) in zip([0, step], weights) {
        let held = HeldWeights(blocks: [weights.view], versions: [0])
        result = performer.perform(.gradient(stage: 1, step: at, weights: held, penalty: nil))
      }
      guard let (vector, count) = result?.gradient else { throw MadeStepError() }
      for index in sum.indices { sum[index] += Float(count) * vector[index] }
      counts.append(count)
    }
    let total = Float(counts.reduce(0, +))
    return (sum.map { $0 / total }, counts)
  }

  func byHand(share: Float) throws -> [Float] {
    guard let generator = blueprint.frame.generator else { throw MadeStepError() }
    let (model, own) = (blueprint.model, blueprint.model.layout.count)
    let (inputs, latents) = (generator.inputs, generator.noiseCount)
    let count = new.count
    let result = Vector(count: blueprint.layout.count)
    let workspace = Workspace(model: model, capacity: count)
    let making = generator.workspace(capacity: 2 * count)

    var batch = Batch(capacity: count, inputs: inputs)
    for example in new { blueprint.write(example, to: &batch, noise: nil) }
    _ = model.gradient(
      of: batch, factors: Array(repeating: share / Float(count), count: count),
      at: weights[1].base, into: result.base, using: workspace)

    let noise = draws(.generation, Array(0..<count), latents)
    let values = generator.samples(
      count, from: noise.base, at: weights[0].base + own, using: making)
    // Scenario class: units 0 and 1 are known, 2 and 3 are new.
    var made = Batch(capacity: count, inputs: inputs)
    for place in 0..<count {
      let row = made.append(label: 0, active: 0..<4)
      for index in 0..<inputs { row[index] = (values[place * inputs + index] - 0.125) / 0.5 }
    }
    let answers = model.logits(of: made, at: weights[0].base, using: workspace)
    var labelled = Batch(capacity: count, inputs: inputs)
    for place in 0..<count {
      let label = answers[4 * place] < answers[4 * place + 1] ? 1 : 0
      labelled.append(label: label, active: 0..<4)
        .update(from: made.inputs.base + place * inputs, count: inputs)
    }
    let rest = Vector(count: own)
    _ = model.gradient(
      of: labelled, factors: Array(repeating: (1 - share) / Float(count), count: count),
      at: weights[1].base, into: rest.base, using: workspace)
    Kernels.add(rest.base, to: result.base, count: own)

    for (examples, keys, purpose, share) in [
      (batch, new.map(\.index), RandomPurpose.encodingNoise, share),
      (made, Array(0..<count), .generatedNoise, 1 - share),
    ] {
      let noise = draws(purpose, keys, latents)
      // The generator's values are those of pixels.
      for index in 0..<count * inputs {
        examples.inputs[index] = 0.125 + 0.5 * examples.inputs[index]
      }
      _ = generator.addGradient(
        of: examples, factors: Array(repeating: share / Float(count), count: count),
        noise: noise.base, at: weights[1].base + own,
        to: result.base + own, using: making)
    }
    return result.array
  }

  private func draws(_ purpose: RandomPurpose, _ numbers: [Int], _ count: Int) -> Vector {
    Vector(
      numbers.flatMap { number in
        var random = RandomStream(
          seed: blueprint.experiment.seed, purpose: purpose, node: 1 << 20 | number, step: step)
        return (0..<count).map { _ in Float(random.normal()) }
      })
  }

  private struct MadeStepError: Error {}
}
