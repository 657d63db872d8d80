import CKernels
import Tensors

extension MultilayerPerceptron {
  /// Fills the workspace's activations. O(batch · parameters).
  func forward(_ batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace) {
    precondition(workspace.model == self, "the workspace belongs to another network")
    precondition(batch.inputCount == inputCount, "the batch has examples of another width")
    workspace.reserve(batch.count)
    var input = UnsafePointer(batch.inputs.base)
    for layer in 0..<layerCount {
      let output = workspace.activations[layer].base
      let (inner, width) = (widths[layer], widths[layer + 1])
      // The biases go in first, so that the product adds onto them.
      let biases = weights + biasOffset(layer)
      for row in 0..<batch.count { (output + row * width).update(from: biases, count: width) }
      multiply(
        rows: batch.count, columns: width, inner: inner, input, .asStored,
        weights + weightOffset(layer), .transposed, beta: 1, into: output)
      if layer + 1 < layerCount { rectify(output, count: batch.count * width) }
      input = UnsafePointer(output)
    }
  }

  private func rectify(_ values: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<count { values[index] = values[index] > 0 ? values[index] : 0 }
  }

  /// Raw scores of every output unit, `batch.count` × `outputCount`.
  public func logits(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> [Float] {
    forward(batch, at: weights, using: workspace)
    return Array(workspace.activations[layerCount - 1].elements.prefix(batch.count * outputCount))
  }

  /// How many examples have their right unit on top of the active ones; the first wins a tie.
  public func correctCount(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Int {
    forward(batch, at: weights, using: workspace)
    let scores = workspace.activations[layerCount - 1].base
    return (0..<batch.count).reduce(0) { sum, row in
      let best = topUnit(scores + row * outputCount, batch.active[row])
      return sum + (best == batch.labels[row] ? 1 : 0)
    }
  }

  /// Mean cross-entropy of the batch in nats; 0 for an empty one.
  public func loss(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Double {
    forward(batch, at: weights, using: workspace)
    let sum = softmax(batch, using: workspace)
    return batch.count > 0 ? sum / Double(batch.count) : 0
  }

  func topUnit(_ scores: UnsafePointer<Float>, _ active: Range<Int>) -> Int {
    active.reduce(active.lowerBound) { scores[$1] > scores[$0] ? $1 : $0 }
  }

  /// Writes the probabilities over the active units to the last layer's deltas (0 elsewhere).
  ///
  /// - Returns: The sum of the examples' cross-entropies.
  func softmax(_ batch: Batch, using workspace: Workspace) -> Double {
    let scores = workspace.activations[layerCount - 1].base
    let probabilities = workspace.deltas[layerCount - 1].base
    var sum = 0.0
    for row in 0..<batch.count {
      let score = scores + row * outputCount
      let probability = probabilities + row * outputCount
      probability.update(repeating: 0, count: outputCount)
      let active = batch.active[row]
      let top = score[topUnit(score, active)]
      var total: Float = 0
      for unit in active {
        let value = hebb_expf(score[unit] - top)
        probability[unit] = value
        total += value
      }
      for unit in active { probability[unit] /= total }
      sum += Double(hebb_logf(total) - (score[batch.labels[row]] - top))
    }
    return sum
  }
}
