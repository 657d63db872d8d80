import Tensors

/// The loss of classification: −log p(label), natural logarithm, softmax over each example's active
/// units.
enum CrossEntropy {
  /// Replaces logits by the loss's derivatives by them, unscaled, one row per example.
  ///
  /// - Parameter logits: examples × units of the pass.
  /// - Returns: Σ −log p(label) over the examples.
  static func replaceByRows(
    _ logits: UnsafeMutablePointer<Float>, of pass: Pass
  ) -> Double {
    var loss = 0.0
    for (index, example) in pass.examples.enumerated() {
      let row = logits + index * pass.units.count
      let label = pass.batch.labels[example] - pass.units.lowerBound
      let active = pass.active(of: example)
      let score = Double(row[label])
      loss += Softmax.normalize(row, count: pass.units.count, active: active) - score
      Softmax.subtractLabel(label, from: row, active: active)
    }
    return loss
  }
}

extension Network {
  /// The mean of −log p(label) over a batch (natural logarithm); 0 for an empty batch.
  public func loss(
    of batch: Batch, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) -> Double {
    guard batch.count > 0 else { return 0 }
    var sum = 0.0
    for block in (0..<batch.count).pieces(of: Self.blockSize) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      sum += CrossEntropy.replaceByRows(forward(pass), of: pass)
    }
    return sum / Double(batch.count)
  }

  /// Writes the mean gradient of the softmax cross-entropy over a batch.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten. Parameters of output units that are active
  ///     for no example get exactly 0.
  /// - Returns: The mean of −log p(label) over the batch (natural logarithm); 0 for an empty batch.
  public func gradient(
    of batch: Batch, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    self.gradient(
      of: batch, examples: 0..<batch.count, at: weights, into: gradient, using: workspace)
  }

  /// Writes the mean gradient over a part of a batch.
  func gradient(
    of batch: Batch, examples: Range<Int>, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    gradient.update(repeating: 0, count: layout.count)
    guard !examples.isEmpty else { return 0 }
    let pass = Pass(self, batch, examples, at: weights, using: workspace)
    let rows = forward(pass)
    let loss = CrossEntropy.replaceByRows(rows, of: pass)
    Kernels.scale(
      rows, by: 1 / Float(examples.count), count: examples.count * pass.units.count)
    addGradient(of: rows, in: pass, to: gradient)
    return loss / Double(examples.count)
  }
}
