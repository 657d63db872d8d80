import Testing

@testable import Models
@testable import Tensors

@Suite struct `Gradient of examples that do not count alike` {
  private let factors: [Float] = [0.5, 2, 0, 1.25]

  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `is the sum of their gradients times their factors`(hidden: [Int], seed: UInt64) {
    let sample = Sample(hidden: hidden, ranges: [0..<2, 1..<4, 2..<6, 0..<6], seed: seed)
    let result = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.batch, factors: factors, at: sample.weights.base, into: result.base,
      using: sample.workspace)
    var expected = Array(repeating: 0.0, count: result.count)
    var expectedLoss = 0.0
    for (index, factor) in factors.enumerated() {
      let part = sample.part(index..<index + 1)
      for (place, value) in sample.gradient(of: part).enumerated() {
        expected[place] += Double(factor) * Double(value)
      }
      expectedLoss +=
        Double(factor)
        * sample.model.loss(of: part, at: sample.weights.base, using: sample.workspace)
    }
    expectClose(result.array, expected)
    #expect(abs(loss - expectedLoss) < 1e-5 * expectedLoss)
  }

  @Test func `is zero without examples`() {
    let sample = Sample(hidden: [4], ranges: [0..<2], seed: 1)
    let result = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.part(0..<0), factors: [], at: sample.weights.base, into: result.base,
      using: sample.workspace)
    #expect(loss == 0 && result.array.allSatisfy { $0 == 0 })
  }
}
