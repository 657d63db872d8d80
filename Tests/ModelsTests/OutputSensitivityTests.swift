import Testing

@testable import Models
@testable import Tensors

@Suite struct `Output sensitivity` {
  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `is the magnitude of the derivative of the squared active logits`(
    hidden: [Int], seed: UInt64
  ) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    let reference = sample.reference
    var expected = [Double](repeating: 0, count: sample.model.layout.count)
    for (example, active) in mixedRanges.enumerated() {
      let derivative = centralDifferences(at: sample.doubleWeights) { weights in
        reference.logits(sample.input(example), weights)[active].reduce(0) { $0 + $1 * $1 }
      }
      for (index, value) in derivative.enumerated() { expected[index] += abs(value) }
    }
    expectClose(sample.sensitivity(), expected)
  }

  /// f = (2, −2) at x = 2, w = (1, −1): ∂(f₀² + f₁²)/∂w = 2·f·x = (8, −8), and (4, −4) for biases.
  @Test func `of one layer by hand`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<2)[0] = 2
    let (weights, sum) = (Vector([1, -1, 0, 0]), Vector([1, 1, 1, 1]))
    var draws = RandomStream(seed: 1, purpose: .test)
    OutputSensitivity().add(
      batch, of: model, at: weights.base, to: sum.base,
      using: Workspace(model: model, capacity: 1), draws: &draws)
    var untouched = RandomStream(seed: 1, purpose: .test)
    #expect(draws.next() == untouched.next())
    #expect(sum.array == [9, 9, 5, 5])
  }

  @Test func `does not depend on the size of the batches`() {
    let ranges = (0..<300).map { mixedRanges[$0 % mixedRanges.count] }
    let sample = Sample(hidden: [5, 4], ranges: ranges, seed: 3)
    for size in [1, 7, 64] {
      expectClose(sample.sensitivity(slices: (0..<300).pieces(of: size)), sample.sensitivity())
    }
  }

  @Test func `does not look at labels`() {
    let sample = Sample(hidden: [5], ranges: [1..<4, 2..<6], seed: 4)
    var relabelled = Batch(capacity: 2, inputs: 4)
    for (example, label) in [3, 2].enumerated() {
      let row = relabelled.append(label: label, active: sample.batch.active[example])
      for (index, value) in sample.input(example).enumerated() { row[index] = value }
    }
    #expect(relabelled.labels != sample.batch.labels)
    let sum = Vector(count: sample.model.layout.count)
    var draws = RandomStream(seed: 1, purpose: .test)
    OutputSensitivity().add(
      relabelled, of: sample.model, at: sample.weights.base, to: sum.base,
      using: sample.workspace, draws: &draws)
    #expect(sum.array == sample.sensitivity())
  }
}
