import Testing

@testable import Models
@testable import Tensors

@Suite struct `Initial weights` {
  private let model = MultilayerPerceptron(inputs: 60, hidden: [30], outputs: 40)

  private func values(_ rule: Initialization, _ tensor: Int) -> [Float] {
    let weights = model.initialWeights(rule, seed: 1)
    return Array(weights.array[model.layout.tensors[tensor].range])
  }

  /// Within a bound, and close to it: of 1,200 uniform draws the largest misses the bound by 1 %
  /// only once in e¹² times.
  private func expectUniform(_ values: [Float], bound: Float) {
    let largest = values.map(\.magnitude).max() ?? 0
    #expect(largest <= bound)
    #expect(largest > bound * (values.count > 1000 ? 0.99 : 0.8))
    expectVariance(values, bound * bound / 3)
  }

  /// The relative standard error of a variance of n draws is at most √(2/n).
  private func expectVariance(_ values: [Float], _ expected: Float) {
    let count = Float(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + $1 * $1 } / count
    #expect(abs(mean) < 5 * (expected / count).squareRoot())
    #expect(abs(variance / expected - 1) < 5 * (2 / count).squareRoot())
  }

  @Test func `pytorch draws weights and biases within one over the root of the inputs`() {
    for (tensor, inputs) in [(0, 60), (1, 60), (2, 30), (3, 30)] as [(Int, Float)] {
      expectUniform(values(.pytorch, tensor), bound: 1 / inputs.squareRoot())
    }
  }

  @Test func `xavier-uniform draws weights by inputs and outputs and no biases`() {
    expectUniform(values(.xavierUniform, 0), bound: (6.0 / 90 as Float).squareRoot())
    expectUniform(values(.xavierUniform, 2), bound: (6.0 / 70 as Float).squareRoot())
    for tensor in [1, 3] { #expect(values(.xavierUniform, tensor).allSatisfy { $0 == 0 }) }
  }

  @Test func `he-normal draws weights of variance two over inputs and no biases`() {
    expectVariance(values(.heNormal, 0), 2.0 / 60)
    expectVariance(values(.heNormal, 2), 2.0 / 30)
    // A normal draw leaves two standard deviations; a uniform one of that variance never does.
    #expect(values(.heNormal, 0).contains { $0.magnitude > 2 * (2.0 / 60 as Float).squareRoot() })
    for tensor in [1, 3] { #expect(values(.heNormal, tensor).allSatisfy { $0 == 0 }) }
  }

  @Test(arguments: Initialization.allCases)
  func `are the same for the same seed and draw, and different for others`(rule: Initialization) {
    let weights = model.initialWeights(rule, seed: 1).array
    #expect(model.initialWeights(rule, seed: 1, draw: 0).array == weights)
    #expect(model.initialWeights(rule, seed: 2).array != weights)
    #expect(model.initialWeights(rule, seed: 1, draw: 1).array != weights)
  }

  @Test func `of one layer do not depend on the layers behind it`() {
    let wider = MultilayerPerceptron(inputs: 60, hidden: [30, 7], outputs: 2)
    let first = model.layout.tensors[0].range
    #expect(
      model.initialWeights(.pytorch, seed: 3).array[first]
        == wider.initialWeights(.pytorch, seed: 3).array[first])
  }

  @Test func `of two layers of one shape differ`() {
    let square = MultilayerPerceptron(inputs: 5, hidden: [5], outputs: 5)
    let weights = square.initialWeights(.pytorch, seed: 1).array
    #expect(weights[0..<30] != weights[30..<60])
  }

  @Test func `go by the names of the experiment file`() {
    #expect(
      Initialization.allCases.map(\.rawValue) == [
        "pytorch", "xavier-uniform", "he-normal", "normal",
      ])
  }
}
