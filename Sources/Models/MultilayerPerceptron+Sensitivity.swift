import Tensors

extension MultilayerPerceptron {
  /// Adds Σ_n |∂‖f(x_n)‖²/∂θ| of a batch to `sum`, f being the active scores: the importance of memory
  /// aware synapses. Needs no labels. For fully connected layers |δ aᵀ| = |δ| |a|ᵀ, so it is one
  /// product a layer.
  ///
  /// - Source: Aljundi et al. 2018, "Memory aware synapses", §4.1.
  /// - Complexity: that of a gradient.
  public func addOutputSensitivity(
    of batch: Batch, at weights: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    guard batch.count > 0 else { return }
    forward(batch, at: weights, using: workspace)
    let scores = workspace.activations[layerCount - 1].base
    let top = workspace.deltas[layerCount - 1].base
    top.update(repeating: 0, count: batch.count * outputCount)
    for row in 0..<batch.count {
      for unit in batch.active[row] {
        top[row * outputCount + unit] = 2 * scores[row * outputCount + unit]
      }
    }
    for layer in stride(from: layerCount - 1, through: 0, by: -1) {
      if layer > 0 { propagate(layer, count: batch.count, at: weights, using: workspace) }
      let deltaCount = batch.count * widths[layer + 1]
      let inputCount = batch.count * widths[layer]
      let deltas = workspace.buffer(0, count: deltaCount)
      let values = workspace.buffer(1, count: inputCount)
      magnitude(workspace.deltas[layer].base, into: deltas, count: deltaCount)
      magnitude(inputs(of: layer, batch, workspace), into: values, count: inputCount)
      addOuterProducts(deltas, values, count: batch.count, layer: layer, beta: 1, into: sum)
    }
  }

  private func magnitude(
    _ values: UnsafePointer<Float>, into magnitudes: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { magnitudes[index] = values[index].magnitude }
  }
}
