import Tensors

extension MultilayerPerceptron {
  /// The mean gradient of the cross-entropy over a batch.
  ///
  /// - Parameters:
  ///   - gradient: `layout.count` elements, overwritten; outputs that are never active get exactly 0.
  /// - Returns: The mean loss in nats; 0, and a zero gradient, for an empty batch.
  /// - Complexity: O(batch · parameters), three matrix products a layer.
  public func gradient(
    of batch: Batch, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    guard batch.count > 0 else {
      gradient.update(repeating: 0, count: layout.count)
      return 0
    }
    forward(batch, at: weights, using: workspace)
    let loss = softmax(batch, using: workspace)
    let top = workspace.deltas[layerCount - 1].base
    for row in 0..<batch.count { top[row * outputCount + batch.labels[row]] -= 1 }
    Kernels.scale(top, by: 1 / Float(batch.count), count: batch.count * outputCount)
    for layer in stride(from: layerCount - 1, through: 0, by: -1) {
      addOuterProducts(
        workspace.deltas[layer].base, inputs(of: layer, batch, workspace), count: batch.count,
        layer: layer, beta: 0, into: gradient)
      if layer > 0 { propagate(layer, count: batch.count, at: weights, using: workspace) }
    }
    return loss / Double(batch.count)
  }

  /// What enters a layer: the batch, or the activations of the layer before.
  func inputs(
    of layer: Int, _ batch: Batch, _ workspace: Workspace
  ) -> UnsafePointer<Float> {
    UnsafePointer(layer == 0 ? batch.inputs.base : workspace.activations[layer - 1].base)
  }

  /// sum ← beta · sum + Σ_n δ_n a_nᵀ for the weights of a layer, Σ_n δ_n for its biases.
  func addOuterProducts(
    _ deltas: UnsafePointer<Float>, _ inputs: UnsafePointer<Float>, count: Int, layer: Int,
    beta: Float, into sum: UnsafeMutablePointer<Float>
  ) {
    let (inner, width) = (widths[layer], widths[layer + 1])
    multiply(
      rows: width, columns: inner, inner: count, deltas, .transposed, inputs, .asStored,
      beta: beta, into: sum + weightOffset(layer))
    let biases = sum + biasOffset(layer)
    if beta == 0 { biases.update(repeating: 0, count: width) }
    for row in 0..<count { Kernels.add(deltas + row * width, to: biases, count: width) }
  }

  /// δ of the layer below: δ W, where ReLU let the activation through.
  func propagate(
    _ layer: Int, count: Int, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) {
    let below = workspace.deltas[layer - 1].base
    let width = widths[layer]
    multiply(
      rows: count, columns: width, inner: widths[layer + 1],
      workspace.deltas[layer].base, .asStored, weights + weightOffset(layer), .asStored,
      into: below)
    let activations = workspace.activations[layer - 1].base
    for index in 0..<count * width { below[index] = activations[index] > 0 ? below[index] : 0 }
  }
}
