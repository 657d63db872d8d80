import Tensors

extension Network {
  /// Writes the gradient of Σ_i f_i · −log p(label_i): the loss of a batch whose examples do not
  /// count alike.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - factors: By example, what its loss is multiplied by.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten. Parameters of output units that are active
  ///     for no example get exactly 0.
  /// - Returns: That loss (natural logarithm); 0 for an empty batch.
  public func gradient(
    of batch: Batch, factors: [Float], at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    precondition(factors.count == batch.count, "every example has a factor")
    gradient.update(repeating: 0, count: layout.count)
    guard batch.count > 0 else { return 0 }
    let pass = Pass(self, batch, 0..<batch.count, at: weights, using: workspace)
    let rows = forward(pass)
    let loss = CrossEntropy.replaceByRows(rows, of: pass, factors: factors)
    addGradient(of: rows, in: pass, to: gradient)
    return loss
  }
}

extension CrossEntropy {
  /// Replaces logits by the derivatives of Σ_i f_i · −log p(label_i) by them.
  ///
  /// - Parameters:
  ///   - logits: examples × units of the pass.
  ///   - factors: By example of the pass.
  /// - Returns: That sum.
  static func replaceByRows(
    _ logits: UnsafeMutablePointer<Float>, of pass: Pass, factors: [Float]
  ) -> Double {
    var loss = 0.0
    for (index, example) in pass.examples.enumerated() {
      let row = logits + index * pass.units.count
      let label = pass.batch.labels[example] - pass.units.lowerBound
      let active = pass.active(of: example)
      let score = Double(row[label])
      let norm = Softmax.normalize(row, count: pass.units.count, active: active)
      loss += Double(factors[index]) * (norm - score)
      Softmax.subtractLabel(label, from: row, active: active)
      Kernels.scale(row, by: factors[index], count: pass.units.count)
    }
    return loss
  }
}
