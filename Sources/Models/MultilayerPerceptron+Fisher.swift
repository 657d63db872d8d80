public import Tensors

extension MultilayerPerceptron {
  /// Adds Σ_n of the per-example Fisher diagonals of a batch to `sum`, so that batch sizes do not
  /// matter; divide by the number of examples at the end.
  ///
  /// For fully connected layers the per-example squares need no per-example loop:
  /// Σ_n (δ_n a_nᵀ)² = (δ∘δ)ᵀ(a∘a), one matrix product a layer. The δ are not divided by the batch
  /// size.
  ///
  /// - Parameters:
  ///   - sum: `layout.count` elements.
  ///   - labelDraws: Used by `.sampled` only.
  /// - Complexity: that of a gradient; `.exact` propagates one δ for each active class.
  public func addFisher(
    _ estimator: FisherEstimator, of batch: Batch, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace,
    labelDraws: inout RandomStream
  ) {
    guard batch.count > 0 else { return }
    forward(batch, at: weights, using: workspace)
    _ = softmax(batch, using: workspace)
    switch estimator {
    case .exact: addExactFisher(batch, at: weights, to: sum, using: workspace)
    case .batched(let size):
      addBatchedFisher(batch, size: size, at: weights, to: sum, using: workspace)
    case .sampled, .empirical, .predicted:
      let top = workspace.deltas[layerCount - 1].base
      for row in 0..<batch.count {
        let label = label(estimator, row, batch, workspace, &labelDraws)
        top[row * outputCount + label] -= 1
      }
      addSquares(batch, at: weights, to: sum, using: workspace)
    }
  }

  private func label(
    _ estimator: FisherEstimator, _ row: Int, _ batch: Batch, _ workspace: Workspace,
    _ draws: inout RandomStream
  ) -> Int {
    let probabilities = workspace.deltas[layerCount - 1].base + row * outputCount
    switch estimator {
    case .empirical: return batch.labels[row]
    case .predicted: return topUnit(probabilities, batch.active[row])
    default:
      var rest = draws.uniform()
      for unit in batch.active[row] {
        rest -= probabilities[unit]
        if rest < 0 { return unit }
      }
      return batch.active[row].upperBound - 1
    }
  }

  /// Adds Σ_n (δ_n a_nᵀ)² for the δ that stand in the last layer.
  private func addSquares(
    _ batch: Batch, at weights: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>,
    using workspace: Workspace
  ) {
    for layer in stride(from: layerCount - 1, through: 0, by: -1) {
      let width = widths[layer + 1]
      if layer > 0 { propagate(layer, count: batch.count, at: weights, using: workspace) }
      let squares = workspace.buffer(0, count: batch.count * width)
      square(workspace.deltas[layer].base, into: squares, count: batch.count * width)
      addOuterProducts(
        squares, squaredInputs(of: layer, batch, workspace), count: batch.count, layer: layer,
        beta: 1, into: sum)
    }
  }

  private func squaredInputs(
    of layer: Int, _ batch: Batch, _ workspace: Workspace
  ) -> UnsafePointer<Float> {
    let count = batch.count * widths[layer]
    let squares = workspace.buffer(1, count: count)
    square(inputs(of: layer, batch, workspace), into: squares, count: count)
    return UnsafePointer(squares)
  }

  private func square(
    _ values: UnsafePointer<Float>, into squares: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { squares[index] = values[index] * values[index] }
  }

  private func addBatchedFisher(
    _ batch: Batch, size: Int, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) {
    precondition(size >= 1, "a group has at least one example")
    for group in (0..<batch.count).pieces(of: size) {
      var part = Batch(capacity: group.count, inputs: inputCount)
      for row in group {
        part.append(label: batch.labels[row], active: batch.active[row])
          .update(from: batch.inputs.base + row * inputCount, count: inputCount)
      }
      let mean = workspace.buffer(2, count: layout.count)
      _ = gradient(of: part, at: weights, into: mean, using: workspace)
      let groupCount = Float(group.count)
      for index in 0..<layout.count { sum[index] += groupCount * (mean[index] * mean[index]) }
    }
  }
}
