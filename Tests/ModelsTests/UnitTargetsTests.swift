import Testing

@testable import Models
@testable import Tensors

@Suite struct `What each unit is to answer` {
  private let ranges: [Range<Int>] = [0..<4, 0..<2, 2..<6, 0..<6]
  private let factors: [Float] = [0.5, 2, 1, 0.25]

  private func other(_ sample: Sample) -> Vector {
    let weights = sample.model.initialWeights(.pytorch, seed: 9)
    Kernels.scale(weights.base, by: 3, count: weights.count)
    return weights
  }

  private func gradient(
    _ sample: Sample, _ targets: UnitTargets
  ) -> (values: [Float], labels: Double, targets: Double) {
    let result = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.batch, factors: factors, targets: targets, at: sample.weights.base,
      into: result.base, using: sample.workspace)
    return (result.array, loss.labels, loss.targets)
  }

  /// Binary cross-entropies in double precision, less the entropy of the answers held on to.
  private func byHand(
    _ sample: Sample, _ targets: UnitTargets, _ weights: [Double]
  ) -> (labels: Double, targets: Double) {
    func logistic(_ z: Double) -> Double { 1 / (1 + exponential(-z)) }
    var sums = (labels: 0.0, targets: 0.0)
    for (example, factor) in factors.enumerated() {
      let input = sample.input(example)
      let logits = sample.reference.logits(input, weights)
      let wanted = targets.weights.map {
        sample.reference.logits(input, $0.array.map(Double.init))
      }
      for unit in 0..<6 {
        let p = logistic(logits[unit])
        if let wanted, targets.known.contains(unit) {
          let q = logistic(wanted[unit] / Double(targets.temperature))
          sums.targets +=
            Double(factor)
            * (q * logarithm(q / p) + (1 - q) * logarithm((1 - q) / (1 - p)))
        } else if ranges[example].contains(unit) {
          let isRight = sample.batch.labels[example] == unit
          sums.labels -= Double(factor) * logarithm(isRight ? p : 1 - p)
        }
      }
    }
    return sums
  }

  @Test(arguments: shapes, [0..<0, 0..<3, 1..<6])
  func `has the gradient of finite differences`(hidden: [Int], known: Range<Int>) {
    let sample = Sample(hidden: hidden, ranges: ranges, seed: 3)
    let targets = UnitTargets(
      weights: known.isEmpty ? nil : other(sample), known: known,
      temperature: hidden.count == 1 ? 1 : 2.5)
    let found = gradient(sample, targets)
    let expected = byHand(sample, targets, sample.doubleWeights)
    #expect(abs(found.labels - expected.labels) < 1e-5 * max(1, expected.labels))
    #expect(abs(found.targets - expected.targets) < 1e-5 * max(1, expected.targets))
    expectClose(
      found.values,
      centralDifferences(at: sample.doubleWeights) {
        let loss = byHand(sample, targets, $0)
        return loss.labels + loss.targets
      }, relative: 1e-3)
  }

  @Test(arguments: shapes)
  func `is at no distance, and pulls nowhere, where the weights are the same`(hidden: [Int]) {
    let sample = Sample(hidden: hidden, ranges: [0..<4, 0..<2, 0..<4, 0..<4], seed: 3)
    let targets = UnitTargets(weights: Vector(copying: sample.weights.view), known: 0..<4)
    let found = gradient(sample, targets)
    #expect(found.targets == 0 && found.labels == 0)
    #expect(found.values.allSatisfy { $0 == 0 })
  }
}
