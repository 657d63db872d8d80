import Tensors

extension MultilayerPerceptron {
  /// Examples that go through the network together when nothing has to come back.
  private static let blockSize = 512

  /// The mean of −log p(label) over a batch (natural logarithm); 0 for an empty batch.
  public func loss(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Double {
    guard batch.count > 0 else { return 0 }
    var sum = 0.0
    for block in (0..<batch.count).pieces(of: Self.blockSize) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      pass.forward()
      sum += pass.replaceLogitsByDeltas()
    }
    return sum / Double(batch.count)
  }

  /// How many examples get the highest score for their label among their active units. Of equal
  /// scores the first unit's counts as the highest; a score that is not a number is never right.
  public func correctCount(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Int {
    answers(to: batch, at: weights, using: workspace).count { $0 }
  }

  /// Which examples get the highest score for their label, in the same sense.
  public func answers(
    to batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [Bool] {
    var answers: [Bool] = []
    for block in (0..<batch.count).pieces(of: Self.blockSize) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      let logits = pass.forward()
      for (index, example) in block.enumerated() {
        let row = logits + index * pass.units.count
        let label = batch.labels[example] - pass.units.lowerBound
        let active = pass.active(of: example)
        let isHighest =
          (active.lowerBound..<label).allSatisfy { row[$0] < row[label] }
          && (label..<active.upperBound).allSatisfy { row[$0] <= row[label] }
        answers.append(isHighest)
      }
    }
    return answers
  }

  /// The scores of all output units, active or not: row-major, `batch.count` × `outputs`.
  public func logits(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [Float] {
    guard batch.count > 0 else { return [] }
    let pass = Pass(
      self, batch, 0..<batch.count, units: 0..<outputs, at: weights, using: workspace)
    return Array(UnsafeBufferPointer(start: pass.forward(), count: batch.count * outputs))
  }
}
