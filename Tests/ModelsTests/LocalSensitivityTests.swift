import Tensors
import Testing

@testable import Models

@Suite struct `Local sensitivity` {
  /// One hidden unit 2·x = 2 and one −x that is off, at x = 1; f = 3·2 = 6 with bias 0: weights
  /// 2·2·1 and 0, 2·6·2 and 2·6·0, biases 2·2, 0 and 2·6.
  @Test func `of two layers by hand`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [2], outputs: 1)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<1)[0] = 1
    let (weights, sum) = (Vector([2, -1, 0, 0, 3, 5, 0]), Vector(repeating: 1, count: 7))
    var draws = RandomStream(seed: 1, purpose: .test)
    LocalSensitivity().add(
      batch, of: model, at: weights.base, to: sum.base,
      using: Workspace(model: model, capacity: 1), draws: &draws)
    #expect(sum.array == [5, 1, 5, 1, 25, 1, 13])
  }

  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `is the correlation of both sides of a weight`(hidden: [Int], seed: UInt64) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    let (model, weights) = (sample.model, sample.doubleWeights)
    var expected = [Double](repeating: 0, count: model.layout.count)
    for (example, active) in mixedRanges.enumerated() {
      var values = sample.input(example).map(Double.init)
      for layer in 1..<model.widths.count {
        let weight = model.layout.tensors[2 * (layer - 1)].offset
        let bias = model.layout.tensors[2 * (layer - 1) + 1].offset
        let isLast = layer == model.widths.count - 1
        var next: [Double] = []
        for unit in 0..<model.widths[layer] {
          let sum = values.indices.reduce(weights[bias + unit]) {
            $0 + weights[weight + unit * values.count + $1] * values[$1]
          }
          let output = isLast ? (active.contains(unit) ? sum : 0) : max(0, sum)
          for index in values.indices {
            expected[weight + unit * values.count + index] += abs(2 * output * values[index])
          }
          expected[bias + unit] += abs(2 * output)
          next.append(output)
        }
        values = next
      }
    }
    expectClose(sample.sensitivity(LocalSensitivity()), expected)
  }

  @Test func `of one layer is the global one`() {
    let sample = Sample(hidden: [], ranges: mixedRanges, seed: 3)
    #expect(sample.sensitivity(LocalSensitivity()) == sample.sensitivity())
  }

  @Test func `does not depend on the size of the batches`() {
    let ranges = (0..<300).map { mixedRanges[$0 % mixedRanges.count] }
    let sample = Sample(hidden: [5, 4], ranges: ranges, seed: 3)
    for size in [1, 7, 64] {
      expectClose(
        sample.sensitivity(LocalSensitivity(), slices: (0..<300).pieces(of: size)),
        sample.sensitivity(LocalSensitivity()))
    }
  }

  @Test func `fits networks of layers only`() {
    #expect(LocalSensitivity().fits(MultilayerPerceptron(inputs: 2, hidden: [3], outputs: 2)))
    #expect(OutputSensitivity().fits(MultilayerPerceptron(inputs: 2, hidden: [], outputs: 2)))
  }
}
