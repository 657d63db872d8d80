import Tensors

extension MultilayerPerceptron {
  /// Writes the mean gradient of the softmax cross-entropy over a batch.
  ///
  /// - Parameters:
  ///   - batch: The examples; none gives a gradient of zeros.
  ///   - weights: `layout.count` parameters.
  ///   - gradient: `layout.count` elements, overwritten. Parameters of output units that are active
  ///     for no example get exactly 0.
  /// - Returns: The mean of −log p(label) over the batch (natural logarithm); 0 for an empty batch.
  /// - Complexity: Three matrix products per layer, two for the first; no allocation.
  public func gradient(
    of batch: Batch, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    self.gradient(
      of: batch, examples: 0..<batch.count, at: weights, into: gradient, using: workspace)
  }

  /// The same for a part of the batch.
  func gradient(
    of batch: Batch, examples: Range<Int>, at weights: UnsafePointer<Float>,
    into gradient: UnsafeMutablePointer<Float>, using workspace: Workspace
  ) -> Double {
    gradient.update(repeating: 0, count: layout.count)
    guard !examples.isEmpty else { return 0 }
    let pass = Pass(self, batch, examples, at: weights, using: workspace)
    let deltas = pass.forward()
    let loss = pass.replaceLogitsByDeltas()
    Kernels.scale(
      deltas, by: 1 / Float(examples.count), count: examples.count * pass.units.count)
    pass.addGradient(from: deltas, to: gradient)
    return loss / Double(examples.count)
  }
}

extension Pass {
  /// Carries deltas of the logits (examples × units) down and adds every parameter's derivative.
  fileprivate func addGradient(
    from top: UnsafeMutablePointer<Float>, to gradient: UnsafeMutablePointer<Float>
  ) {
    var delta = top
    for (index, layer) in model.layers.enumerated().reversed() {
      let units = units(of: index)
      // Adding to zeros is faster than the matrix library's own way to overwrite.
      multiply(
        rows: units.count, columns: layer.inputs, inner: examples.count,
        delta, .transposed, input(of: index), beta: 1,
        into: gradient + layer.weightOffset + units.lowerBound * layer.inputs)
      RowKernels.addColumnSums(
        of: delta, rows: examples.count, columns: units.count,
        to: gradient + layer.biasOffset + units.lowerBound)
      guard index > 0 else { break }

      let count = examples.count * layer.inputs
      let next =
        index.isMultiple(of: 2)
        ? workspace.deltas.0.reserve(count) : workspace.deltas.1.reserve(count)
      multiply(
        rows: examples.count, columns: layer.inputs, inner: units.count,
        delta, .asStored, weight(of: index), into: next)
      RowKernels.blockWhereOff(input(of: index), next, count: count)
      delta = next
    }
  }
}
