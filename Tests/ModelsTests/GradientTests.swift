import Testing

@testable import Models
@testable import Tensors

@Suite struct `Gradient` {
  @Test(arguments: shapes, [1, 2, 3] as [UInt64])
  func `equals finite differences with several active ranges in one batch`(
    hidden: [Int], seed: UInt64
  ) {
    let sample = Sample(hidden: hidden, ranges: mixedRanges, seed: seed)
    let reference = sample.reference
    func meanLoss(_ weights: [Double]) -> Double {
      let losses = mixedRanges.indices.map { example in
        -reference.logProbabilities(
          sample.input(example), mixedRanges[example], weights)[
            sample.batch.labels[example] - mixedRanges[example].lowerBound]
      }
      return losses.reduce(0, +) / Double(losses.count)
    }

    let gradient = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.batch, at: sample.weights.base, into: gradient.base, using: sample.workspace)

    let expected = meanLoss(sample.doubleWeights)
    #expect(abs(loss - expected) < 1e-5 * expected)
    #expect(
      abs(
        sample.model.loss(of: sample.batch, at: sample.weights.base, using: sample.workspace)
          - expected) < 1e-5 * expected)
    expectClose(
      gradient.array, centralDifferences(at: sample.doubleWeights, of: meanLoss))
  }

  /// Scores are 0, so that p = ½; δ = (½, −½); the gradient is δ xᵀ, and the loss ln 2.
  @Test func `of one layer by hand`() {
    let model = MultilayerPerceptron(inputs: 3, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 3)
    let row = batch.append(label: 1, active: 0..<2)
    (row[0], row[1], row[2]) = (2, 0, -4)
    let (weights, gradient) = (Vector(count: 8), Vector(count: 8))
    let loss = model.gradient(
      of: batch, at: weights.base, into: gradient.base,
      using: Workspace(model: model, capacity: 1))
    #expect(abs(loss - 0.6931471805599453) < 1e-7)
    #expect(gradient.array == [1, 0, -2, -1, 0, 2, 0.5, -0.5])
  }

  @Test(arguments: shapes)
  func `of an output unit that is never active is exactly zero`(hidden: [Int]) {
    let sample = Sample(hidden: hidden, ranges: [1..<3, 3..<5, 1..<2, 3..<4], seed: 4)
    let gradient = sample.gradient(of: sample.batch)
    let (weight, bias) = (
      sample.model.layout.tensors[2 * hidden.count],
      sample.model.layout.tensors[2 * hidden.count + 1]
    )
    for unit in [0, 5] {
      let row = weight.offset + unit * weight.shape[1]
      #expect(gradient[row..<row + weight.shape[1]].allSatisfy { $0 == 0 })
      #expect(gradient[bias.offset + unit] == 0)
    }
    #expect(gradient[bias.offset + 1] != 0)
  }

  @Test func `does not depend on the logits of inactive units`() {
    let sample = Sample(hidden: [5], ranges: [2..<4, 2..<4], seed: 5)
    let before = sample.gradient(of: sample.batch)
    let bias = sample.model.layout.tensors[3]
    for unit in [0, 1, 4, 5] { sample.weights[bias.offset + unit] += 100 }
    #expect(sample.gradient(of: sample.batch) == before)
  }

  @Test func `of nothing is zero`() {
    let sample = Sample(hidden: [5], ranges: [0..<6], seed: 6)
    let gradient = Vector(repeating: .nan, count: sample.model.layout.count)
    let loss = sample.model.gradient(
      of: sample.part(0..<0), at: sample.weights.base, into: gradient.base,
      using: sample.workspace)
    #expect(loss == 0)
    #expect(gradient.array.allSatisfy { $0 == 0 })
  }

  @Test func `of a batch is the mean over its examples`() {
    let sample = Sample(hidden: [5, 4], ranges: mixedRanges, seed: 7)
    var mean = [Double](repeating: 0, count: sample.model.layout.count)
    for example in mixedRanges.indices {
      for (index, value) in sample.gradient(of: sample.part(example..<example + 1)).enumerated() {
        mean[index] += Double(value) / Double(mixedRanges.count)
      }
    }
    expectClose(sample.gradient(of: sample.batch), mean)
  }

  @Test func `has the same bits every time and in every workspace`() {
    let sample = Sample(hidden: [5, 4], ranges: mixedRanges, seed: 8)
    let small = sample.part(0..<2)
    let fresh = Vector(count: sample.model.layout.count)
    // A workspace that must grow.
    _ = sample.model.gradient(
      of: small, at: sample.weights.base, into: fresh.base,
      using: Workspace(model: sample.model, capacity: 0))
    _ = sample.gradient(of: sample.batch)
    _ = sample.fisher(.exact)
    #expect(sample.gradient(of: small) == fresh.array)
    #expect(sample.gradient(of: small) == sample.gradient(of: small))
  }

  @Test func `survives scores that overflow an exponential`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 2, inputs: 1)
    batch.append(label: 0, active: 0..<2)[0] = 1000
    batch.append(label: 1, active: 0..<2)[0] = 1000
    let (weights, gradient) = (Vector([1, -1, 0, 0]), Vector(count: 4))
    let loss = model.gradient(
      of: batch, at: weights.base, into: gradient.base,
      using: Workspace(model: model, capacity: 2))
    // The first is right for sure, the second is wrong by 2000.
    #expect(loss == 1000)
    #expect(gradient.array == [500, -500, 0.5, -0.5])
  }

  /// The label's δ is minus the sum of the others': p − 1 would be 0 in single precision.
  @Test func `keeps the little that is left to learn of a sure answer`() {
    let model = MultilayerPerceptron(inputs: 1, hidden: [], outputs: 2)
    var batch = Batch(capacity: 1, inputs: 1)
    batch.append(label: 0, active: 0..<2)[0] = 1
    let (weights, gradient) = (Vector([20, 0, 0, 0]), Vector(count: 4))
    _ = model.gradient(
      of: batch, at: weights.base, into: gradient.base,
      using: Workspace(model: model, capacity: 1))
    #expect(gradient[0] < 0)
    #expect(gradient[0] == -gradient[1])
  }

  @Test func `lets a parameter that is no number show`() {
    let sample = Sample(hidden: [5], ranges: [0..<6, 0..<6], seed: 9)
    sample.weights[0] = .nan
    let loss = sample.model.loss(
      of: sample.batch, at: sample.weights.base, using: sample.workspace)
    #expect(loss.isNaN)
    #expect(sample.gradient(of: sample.batch).contains { $0.isNaN })
  }
}
