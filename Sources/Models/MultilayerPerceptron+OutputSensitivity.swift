import Tensors

extension MultilayerPerceptron {
  /// Adds Σ_n |∂‖f(x_n)‖² / ∂θ|, f being the logits of the example's active units: the importance
  /// of memory-aware synapses. It needs no labels. The caller takes the mean over all examples.
  ///
  /// - Parameters:
  ///   - weights: `layout.count` parameters.
  ///   - sum: `layout.count` elements, added to.
  /// - Complexity: For each linear layer one product |δ|ᵀ|a| instead of one outer product per
  ///   example.
  /// - Source: Aljundi et al. 2018, §4.1 (the form with the squared norm of the output).
  public func addOutputSensitivity(
    of batch: Batch, at weights: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    for block in (0..<batch.count).pieces(of: Pass.blockSize(rowsPerExample: 1)) {
      let pass = Pass(self, batch, block, at: weights, using: workspace)
      let rows = pass.forward()
      for (index, example) in block.enumerated() {
        let row = rows + index * pass.units.count
        let active = pass.active(of: example)
        for unit in 0..<pass.units.count {
          row[unit] = active.contains(unit) ? 2 * row[unit] : 0
        }
      }
      pass.setOneRowPerExample()
      pass.addMoments(.magnitude, of: rows, to: sum)
    }
  }
}
