import Testing

@testable import Models
@testable import Tensors

@Suite struct `Evaluation` {
  /// Three outputs that repeat the three inputs.
  private let model = MultilayerPerceptron(inputs: 3, hidden: [], outputs: 3)
  private let identity = Vector([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0])

  private func isCorrect(_ scores: [Float], label: Int, active: Range<Int> = 0..<3) -> Bool {
    var batch = Batch(capacity: 1, inputs: 3)
    let row = batch.append(label: label, active: active)
    for (index, score) in scores.enumerated() { row[index] = score }
    return model.correctCount(
      of: batch, at: identity.base, using: Workspace(model: model, capacity: 1)) == 1
  }

  @Test func `the highest score wins`() {
    #expect(isCorrect([1, 3, 2], label: 1))
    #expect(!isCorrect([1, 3, 2], label: 2))
  }

  @Test func `only active units compete`() {
    #expect(isCorrect([1, 3, 2], label: 2, active: 2..<3))
    #expect(isCorrect([9, 1, 2], label: 2, active: 1..<3))
    #expect(!isCorrect([9, 1, 2], label: 1, active: 1..<3))
  }

  @Test func `the first of equal scores wins`() {
    #expect(isCorrect([2, 2, 1], label: 0))
    #expect(!isCorrect([2, 2, 1], label: 1))
    #expect(isCorrect([5, 2, 2], label: 1, active: 1..<3))
  }

  @Test func `a score that is no number is never right`() {
    for label in 0..<3 { #expect(!isCorrect([.nan, .nan, .nan], label: label)) }
    #expect(!isCorrect([.nan, 1, 0], label: 1))
  }

  @Test func `counts over a batch larger than a block like one by one`() {
    let ranges = (0..<1100).map { mixedRanges[$0 % mixedRanges.count] }
    let sample = Sample(hidden: [5], ranges: ranges, seed: 1)
    var correct = 0
    var loss = 0.0
    for example in ranges.indices {
      let logProbabilities = sample.reference.logProbabilities(
        sample.input(example), ranges[example], sample.doubleWeights)
      let label = sample.batch.labels[example] - ranges[example].lowerBound
      loss -= logProbabilities[label] / Double(ranges.count)
      if logProbabilities.firstIndex(of: logProbabilities.max()!) == label { correct += 1 }
    }
    #expect(
      sample.model.correctCount(
        of: sample.batch, at: sample.weights.base, using: sample.workspace) == correct)
    #expect(correct > 100 && correct < 1000)
    #expect(
      abs(
        sample.model.loss(of: sample.batch, at: sample.weights.base, using: sample.workspace)
          - loss) < 1e-5 * loss)
  }

  @Test(arguments: shapes) func `logits cover inactive units too`(hidden: [Int]) {
    let sample = Sample(hidden: hidden, ranges: [2..<3, 4..<6], seed: 2)
    let expected = (0..<2).flatMap {
      sample.reference.logits(sample.input($0), sample.doubleWeights)
    }
    expectClose(
      sample.model.logits(of: sample.batch, at: sample.weights.base, using: sample.workspace),
      expected)
  }

  @Test func `of nothing is nothing`() {
    let batch = Batch(capacity: 1, inputs: 3)
    let workspace = Workspace(model: model, capacity: 1)
    #expect(model.loss(of: batch, at: identity.base, using: workspace) == 0)
    #expect(model.correctCount(of: batch, at: identity.base, using: workspace) == 0)
    #expect(model.logits(of: batch, at: identity.base, using: workspace).isEmpty)
  }
}
