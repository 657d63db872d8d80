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
  /// - Complexity: Two matrix products per layer and one for the first; no allocation.
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
    guard !examples.isEmpty else {
      gradient.update(repeating: 0, count: layout.count)
      return 0
    }
    let pass = Pass(self, batch, examples, at: weights, using: workspace)
    let deltas = pass.forward()
    let loss = pass.replaceLogitsByDeltas()
    Kernels.scale(
      deltas, by: 1 / Float(examples.count), count: examples.count * pass.units.count)
    pass.backward(from: deltas, into: gradient)
    return loss / Double(examples.count)
  }
}

extension Pass {
  /// Carries deltas of the logits (examples × units) down and writes all parameters' derivatives.
  fileprivate func backward(
    from top: UnsafeMutablePointer<Float>, into gradient: UnsafeMutablePointer<Float>
  ) {
    var delta = top
    for (index, layer) in model.layers.enumerated().reversed() {
      let units = units(of: index)
      clearInactive(layer, but: units, in: gradient)
      multiply(
        rows: units.count, columns: layer.inputs, inner: examples.count,
        delta, .transposed, input(of: index),
        into: gradient + layer.weightOffset + units.lowerBound * layer.inputs)
      let bias = gradient + layer.biasOffset + units.lowerBound
      bias.update(repeating: 0, count: units.count)
      RowKernels.addColumnSums(of: delta, rows: examples.count, columns: units.count, to: bias)
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

  /// Zeros the derivatives of a layer's units outside of `units`.
  private func clearInactive(
    _ layer: MultilayerPerceptron.Layer, but units: Range<Int>,
    in gradient: UnsafeMutablePointer<Float>
  ) {
    for range in [0..<units.lowerBound, units.upperBound..<layer.outputs] where !range.isEmpty {
      (gradient + layer.weightOffset + range.lowerBound * layer.inputs)
        .update(repeating: 0, count: range.count * layer.inputs)
      (gradient + layer.biasOffset + range.lowerBound).update(repeating: 0, count: range.count)
    }
  }
}
