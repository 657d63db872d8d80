import Foundation
import Models
import Roles
import Streams
import Tensors
import Testing

@testable import Training

@Suite struct `Learning without forgetting` {
  private let plain = ["optimizer.kind=sgd", "optimizer.rate=0.1"]

  @Test func `of weight 0 changes no bit`() throws {
    let none = try SimulatedRun(plain)
    let zero = try SimulatedRun(plain + ["method.name=lwf", "method.distillation=0"])
    #expect(!none.weights.isEmpty && none.weights == zero.weights)
  }

  @Test(arguments: ["task", "domain", "class"])
  func `changes no bit of the first task, and some of the second`(scenario: String) throws {
    let sets = plain + ["stream.scenario=\(scenario)", "stream.kind=permuted"]
    let one = sets + ["stream.tasks=1"]
    #expect(
      try SimulatedRun(one).weights == SimulatedRun(one + ["method.name=lwf"]).weights)
    #expect(
      try SimulatedRun(sets).weights != SimulatedRun(sets + ["method.name=lwf"]).weights)
  }

  /// The first step of a task is at the weights whose answers are learned: nothing is to be learned
  /// of them yet. At other weights there is, and the teacher stays as it was.
  @Test func `holds to the answers that it gave when the task began`() throws {
    let sets = plain + ["stream.scenario=task", "cluster.workers=1"]
    let (lwf, none) = (
      try FirstSteps(sets + ["method.name=lwf", "method.distillation=2"]), try FirstSteps(sets)
    )
    let (begin, later) = (lwf.weights(seed: 1), lwf.weights(seed: 2))
    let (held, free) = (
      try lwf.gradients(at: [begin, later]), try none.gradients(at: [begin, later])
    )
    #expect(Conformance.distance(held[0].array, free[0].array) < 1e-6)
    let pull = Vector(count: begin.count)
    for index in 0..<pull.count { pull.base[index] = held[1][index] - free[1][index] }
    let largest = pull.array.map { abs($0) }.max() ?? 0
    #expect(largest > 1e-3)
    let distance = lwf.derivativeOfDistance(from: begin, at: later)
    #expect(Conformance.distance(distance, pull.array) < 1e-2)
  }
}

/// The first steps of the second of two tasks, each with a head.
private struct FirstSteps {
  private let blueprint: Blueprint

  init(_ sets: [String]) throws {
    blueprint = try Blueprint(try tinyExperiment(sets), data: try tinyData())
  }

  func weights(seed: UInt64) -> Vector {
    blueprint.model.initialWeights(.pytorch, seed: seed)
  }

  /// What a worker pushes at the steps, one after another at these weights.
  func gradients(at weights: [Vector]) throws -> [VectorView] {
    var performer = NodePerformer(sharing: blueprint, NodeBuffers(blueprint))
    _ = performer.perform(.prepareWorker(experiment: "", rank: 0, workerCount: 1))
    return try weights.enumerated().map { step, weights in
      let held = HeldWeights(blocks: [weights.view], versions: [UInt64(step)])
      let result = performer.perform(.gradient(stage: 1, step: step, weights: held, penalty: nil))
      guard let (vector, _) = result.gradient else { throw FirstStepsError() }
      return vector
    }
  }

  /// By central differences: of twice the mean divergence of the first head's softened answers to
  /// the examples of the second step.
  func derivativeOfDistance(from teacher: Vector, at weights: Vector) -> [Float] {
    var schedule = blueprint.schedule(stage: 1, rank: 0)
    let own = blueprint.examples(stage: 1, rank: 0)
    let examples = schedule.examples(at: 1).map { own[$0] }
    var batch = Batch(capacity: examples.count, inputs: blueprint.stream.inputCount)
    for example in examples { blueprint.write(example, to: &batch, noise: nil) }
    let workspace = Workspace(model: blueprint.model, capacity: examples.count)
    func answers(_ weights: Vector) -> [[Double]] {
      let logits = blueprint.model.logits(of: batch, at: weights.base, using: workspace)
      return examples.indices.map { row in
        let scores = (0..<2).map { Double(logits[row * 4 + $0]) / 2 }
        let norm = scores.map { exp($0) }.reduce(0, +)
        return scores.map { exp($0) / norm }
      }
    }
    let wanted = answers(teacher)
    func distance(_ weights: Vector) -> Double {
      zip(wanted, answers(weights)).reduce(0.0) { sum, pair in
        zip(pair.0, pair.1).reduce(sum) { $0 + $1.0 * log($1.0 / $1.1) }
      } * 2 / Double(examples.count)
    }
    let moved = Vector(copying: weights.view)
    return (0..<weights.count).map { index in
      let step: Float = 4e-3
      moved[index] = weights[index] + step
      let above = distance(moved)
      moved[index] = weights[index] - step
      let below = distance(moved)
      moved[index] = weights[index]
      return Float((above - below) / Double(2 * step))
    }
  }

  private struct FirstStepsError: Error {}
}
