@testable import Models
@testable import Tensors

/// A learner with its parameters, which learns whole batches.
struct LocalRuleSample {
  let learner: any LocalLearner
  private(set) var weights: Vector
  private let capacity: Int
  private let active: Range<Int>

  init(_ learner: any LocalLearner, capacity: Int = 64) {
    self.learner = learner
    self.capacity = capacity
    active = 0..<learner.outputs
    weights = learner.initialWeights(.pytorch, seed: 1)
  }

  func batch(_ inputs: [[Float]], _ labels: [Int], active: Range<Int>? = nil) -> Batch {
    var batch = Batch(capacity: capacity, inputs: learner.inputs)
    for (values, label) in zip(inputs, labels) {
      let row = batch.append(label: label, active: active ?? self.active)
      for (index, value) in values.enumerated() { row[index] = value }
    }
    return batch
  }

  /// What a batch adds, and the distance that comes with it.
  func sums(
    _ inputs: [[Float]], _ labels: [Int], stage: Int = 0, of stageCount: Int = 1, from number: Int
  ) -> (sums: [Float], distance: Double) {
    // What was there before must not matter.
    let sum = Vector(repeating: 7, count: learner.layout.count)
    let numbered = NumberedBatch(
      batch(inputs, labels), stage: stage, of: stageCount,
      numbers: Array(number..<number + inputs.count))
    let distance = learner.learn(
      numbered, at: weights.base, into: sum.base,
      using: Workspace(model: learner, capacity: capacity))
    return (sum.array, distance)
  }

  /// Learns a batch.
  ///
  /// - Returns: The distance that comes with it.
  @discardableResult
  mutating func learn(
    _ inputs: [[Float]], _ labels: [Int], stage: Int = 0, of stageCount: Int = 1, from number: Int
  ) -> Double {
    let (sums, distance) = sums(inputs, labels, stage: stage, of: stageCount, from: number)
    weights = Vector(zip(weights.array, sums).map { $0 + $1 })
    return distance
  }

  /// By example the scores of all output units.
  func logits(_ inputs: [[Float]]) -> [[Float]] {
    let all = learner.logits(
      of: batch(inputs, inputs.map { _ in 0 }), at: weights.base,
      using: Workspace(model: learner, capacity: capacity))
    return inputs.indices.map { Array(all[$0 * learner.outputs..<($0 + 1) * learner.outputs]) }
  }

  func answers(_ inputs: [[Float]], _ labels: [Int], active: Range<Int>? = nil) -> [Bool] {
    learner.answers(
      to: batch(inputs, labels, active: active), at: weights.base,
      using: Workspace(model: learner, capacity: capacity))
  }
}

/// Examples of full-range values on the grid of levels, as inputs.
func drawnInputs(
  _ count: Int, width: Int, seed: UInt64, levels: PixelLevels = PixelLevels()
) -> [[Float]] {
  var random = RandomStream(seed: seed, purpose: .test)
  return (0..<count).map { _ in
    (0..<width).map { _ in
      (Float(random.index(below: 256)) / 255 - levels.mean) / levels.deviation
    }
  }
}
