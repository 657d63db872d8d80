import Testing

@testable import Models
@testable import Tensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@Suite struct `Fisher information` {
  /// Σ over examples and active units c of weight(example, log p)[c] · (∂ log p_c)², by
  /// differences.
  private func enumerated(
    _ sample: Sample, _ weight: (Int, [Double]) -> [Double]
  ) -> [Double] {
    let reference = sample.reference
    var sum = [Double](repeating: 0, count: sample.model.layout.count)
    for example in 0..<sample.batch.count {
      let (input, active) = (sample.input(example), sample.batch.active[example])
      let logProbabilities = reference.logProbabilities(input, active, sample.doubleWeights)
      for (unit, factor) in weight(example, logProbabilities).enumerated() where factor > 0 {
        let derivative = centralDifferences(at: sample.doubleWeights) {
          reference.logProbabilities(input, active, $0)[unit]
        }
        for (index, value) in derivative.enumerated() { sum[index] += factor * value * value }
      }
    }
    return sum
  }

  private func indicator(_ place: Int, of values: [Double]) -> [Double] {
    values.indices.map { $0 == place ? 1 : 0 }
  }

  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `exact is the expectation over the active labels by enumeration`(
    hidden: [Int], seed: UInt64
  ) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    expectClose(sample.fisher(.exact), enumerated(sample) { $1.map { exp($0) } })
  }

  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `empirical squares the derivative of the true label`(hidden: [Int], seed: UInt64) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    expectClose(
      sample.fisher(.empirical),
      enumerated(sample) { example, values in
        indicator(sample.batch.labels[example] - mixedRanges[example].lowerBound, of: values)
      })
  }

  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `predicted squares the derivative of the most probable label`(
    hidden: [Int], seed: UInt64
  ) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    expectClose(
      sample.fisher(.predicted),
      enumerated(sample) { indicator($1.firstIndex(of: $1.max()!)!, of: $1) })
  }

  /// The labels are drawn here once more: one draw per example against the cumulated probabilities.
  @Test(arguments: shapes, [1, 2] as [UInt64])
  func `sampled squares the derivative of the label drawn for each example`(
    hidden: [Int], seed: UInt64
  ) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    var draws = RandomStream(seed: seed, purpose: .fisherLabel)
    let expected = enumerated(sample) { _, logProbabilities in
      var below = 0.0
      let draw = draws.uniform(in: 0...1)
      let cumulated = logProbabilities.map { value in
        below += exp(value)
        return below
      }
      return indicator(
        cumulated.firstIndex { draw < $0 } ?? cumulated.count - 1, of: logProbabilities)
    }
    expectClose(sample.fisher(.sampled, seed: seed), expected)
  }

  @Test func `sampled approaches exact over many draws`() {
    let ranges = (0..<3000).map { _ in 1..<5 }
    var sample = Sample(hidden: [4], ranges: [1..<5], seed: 3)
    // The same example over and over, so that only the label varies.
    let input = sample.input(0)
    sample.batch = Batch(capacity: ranges.count, inputs: sample.model.inputs)
    for range in ranges {
      let row = sample.batch.append(label: 1, active: range)
      for (index, value) in input.enumerated() { row[index] = value }
    }
    let (exact, sampled) = (sample.fisher(.exact), sample.fisher(.sampled))
    let error = zip(exact, sampled).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    let norm = exact.reduce(0.0) { $0 + Double($1 * $1) }
    // The relative standard error of a mean of 3000 draws is about 1/√3000 ≈ 2 %.
    #expect((error / norm).squareRoot() < 0.1)
    #expect(error > 0)
    // Other draws give another estimate.
    #expect(sample.fisher(.sampled, seed: 2) != sampled)
  }

  /// One outer product and one label at a time, by the gradient of a batch of one example.
  @Test(arguments: [1, 2] as [UInt64])
  func `factorised sums equal a loop over examples and labels`(seed: UInt64) {
    let ranges = (0..<40).map { [0..<10, 0..<2, 4..<6, 3..<10][$0 % 4] }
    let sample = Sample(inputs: 12, hidden: [9, 8], outputs: 10, ranges: ranges, seed: seed)
    let count = sample.model.layout.count
    var (exact, empirical) = (
      [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for (example, range) in ranges.enumerated() {
      let logProbabilities = sample.reference.logProbabilities(
        sample.input(example), range, sample.doubleWeights)
      for (logProbability, label) in zip(logProbabilities, range) {
        var batch = Batch(capacity: 1, inputs: 12)
        let row = batch.append(label: label, active: range)
        for (index, value) in sample.input(example).enumerated() { row[index] = value }
        for (index, value) in sample.gradient(of: batch).enumerated() {
          let square = Double(value) * Double(value)
          exact[index] += exp(logProbability) * square
          if label == sample.batch.labels[example] { empirical[index] += square }
        }
      }
    }
    expectClose(sample.fisher(.exact), exact)
    expectClose(sample.fisher(.empirical), empirical)
  }

  @Test(arguments: [FisherInformation.exact, .sampled, .empirical, .predicted])
  func `does not depend on the size of the batches`(estimator: FisherInformation) {
    // More examples than go through the network together.
    let ranges = (0..<300).map { mixedRanges[$0 % mixedRanges.count] }
    let sample = Sample(hidden: [5, 4], ranges: ranges, seed: 5)
    let whole = sample.fisher(estimator)
    for size in [1, 7, 64] {
      expectClose(sample.fisher(estimator, slices: (0..<300).pieces(of: size)), whole)
    }
  }

  @Test func `exact stays right when the labels of one example fill a block`() {
    let sample = Sample(
      inputs: 2, hidden: [3], outputs: 700, ranges: [0..<700, 5..<6, 0..<700], seed: 6)
    let expected = (0..<3).map { sample.fisher(.exact, slices: [$0..<$0 + 1]) }
    expectClose(
      sample.fisher(.exact),
      expected[0].indices.map { Double(expected[0][$0]) + Double(expected[2][$0]) })
    #expect(expected[1].allSatisfy { $0 == 0 })
  }

  /// x = 2, p = (½, ½): (∂ log p / ∂w)² = (½·2)² = 1 for both labels, and ¼ for the biases.
  @Test(arguments: [FisherInformation.exact, .sampled, .empirical, .predicted, .batched(size: 3)])
  func `of one layer by hand`(estimator: FisherInformation) {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 1, active: 0..<2)[0] = 2
    let (weights, sum) = (Vector(count: 4), Vector([10, 20, 30, 40]))
    var draws = RandomStream(seed: 1, purpose: .fisherLabel)
    estimator.add(
      batch, of: model, at: weights.base, to: sum.base,
      using: Workspace(model: model, capacity: 1), draws: &draws)
    expectClose(sum.array, [11, 21, 30.25, 40.25], relative: 1e-6)
  }

  @Test(arguments: [FisherInformation.exact, .sampled, .empirical, .predicted, .batched(size: 2)])
  func `of nothing, or of a single class, is zero`(estimator: FisherInformation) {
    let sample = Sample(hidden: [5], ranges: [2..<3, 4..<5], seed: 7)
    #expect(sample.fisher(estimator).allSatisfy { $0 == 0 })
    #expect(sample.fisher(estimator, slices: [0..<0]).allSatisfy { $0 == 0 })
  }

  @Test func `only sampled draws labels, one per example`() {
    let sample = Sample(hidden: [5], ranges: mixedRanges, seed: 8)
    let sum = Vector(count: sample.model.layout.count)
    for estimator in [FisherInformation.exact, .empirical, .predicted, .batched(size: 2), .sampled]
    {
      var draws = RandomStream(seed: 1, purpose: .fisherLabel)
      estimator.add(
        sample.batch, of: sample.model, at: sample.weights.base, to: sum.base,
        using: sample.workspace, draws: &draws)
      var expected = RandomStream(seed: 1, purpose: .fisherLabel)
      if estimator == .sampled { for _ in mixedRanges { _ = expected.next() } }
      #expect(draws.next() == expected.next())
    }
  }

  @Test func `does not hide a parameter that is no number`() {
    let sample = Sample(hidden: [5], ranges: [0..<6], seed: 9)
    sample.weights[sample.weights.count - 1] = .nan
    #expect(sample.fisher(.exact).contains { $0.isNaN })
  }
}

@Suite struct `Fisher information of mean gradients` {
  @Test(arguments: shapes) func `of groups of one is the empirical one`(hidden: [Int]) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: 1)
    expectClose(sample.fisher(.batched(size: 1)), sample.fisher(.empirical))
  }

  @Test func `squares the mean gradient of each group, weighted by its size`() {
    let sample = Sample(hidden: [5, 4], ranges: mixedRanges + [0..<6], seed: 2)
    var expected = [Double](repeating: 0, count: sample.model.layout.count)
    for group in [0..<3, 3..<6, 6..<7] {
      for (index, value) in sample.gradient(of: sample.part(group)).enumerated() {
        expected[index] += Double(group.count) * Double(value) * Double(value)
      }
    }
    expectClose(sample.fisher(.batched(size: 3)), expected)
  }

  /// Independent examples' gradients cancel but for a B-th of their squares.
  @Test func `is far smaller than the empirical one`() {
    let ranges = (0..<256).map { _ in 0..<6 }
    let sample = Sample(hidden: [5], ranges: ranges, seed: 3)
    let (batched, empirical) = (sample.fisher(.batched(size: 32)), sample.fisher(.empirical))
    // (mean of x)² ≤ mean of x², to rounding.
    #expect(zip(batched, empirical).allSatisfy { $0 <= $1 * 1.0001 })
    #expect(batched.reduce(0, +) < 0.5 * empirical.reduce(0, +))
  }
}
