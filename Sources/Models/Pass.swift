import Tensors

/// Some examples of a batch on their way through a network: what `forward` leaves in the workspace
/// is what the way back needs.
struct Pass {
  let model: MultilayerPerceptron
  let batch: Batch
  let examples: Range<Int>
  /// The output units that are active for any of the examples; nothing is computed for the others.
  let units: Range<Int>
  let weights: UnsafePointer<Float>
  let workspace: Workspace

  /// - Parameters:
  ///   - examples: Which of the batch's examples, at least one.
  ///   - units: Output units to compute; those that any of the examples needs if left out.
  init(
    _ model: MultilayerPerceptron, _ batch: Batch, _ examples: Range<Int>,
    units: Range<Int>? = nil, at weights: UnsafePointer<Float>, using workspace: Workspace
  ) {
    precondition(batch.inputCount == model.inputs, "the batch has another number of inputs")
    precondition(workspace.widths == model.widths, "the workspace belongs to another model")
    self.model = model
    self.batch = batch
    self.examples = examples
    self.weights = weights
    self.workspace = workspace
    var needed = batch.active[examples.lowerBound]
    for active in batch.active[examples] {
      let upper = max(needed.upperBound, active.upperBound)
      needed = min(needed.lowerBound, active.lowerBound)..<upper
    }
    precondition(
      needed.lowerBound >= 0 && needed.upperBound <= model.outputs,
      "an active output unit does not exist")
    self.units = units ?? needed
  }

  /// The output units of a layer that take part.
  func units(of layer: Int) -> Range<Int> {
    layer == model.layers.count - 1 ? units : 0..<model.layers[layer].outputs
  }

  /// The active units of an example, counted from the first of `units`.
  func active(of example: Int) -> Range<Int> {
    let range = batch.active[example]
    return range.lowerBound - units.lowerBound..<range.upperBound - units.lowerBound
  }

  /// What goes into a layer, examples × inputs.
  func input(of layer: Int) -> UnsafePointer<Float> {
    layer == 0
      ? UnsafePointer(batch.inputs.base + examples.lowerBound * batch.inputCount)
      : UnsafePointer(workspace.activations[layer - 1].base)
  }

  /// The weight rows of a layer that take part, units × inputs.
  func weight(of layer: Int) -> UnsafePointer<Float> {
    let shape = model.layers[layer]
    return weights + shape.weightOffset + units(of: layer).lowerBound * shape.inputs
  }

  /// Computes the activations of all hidden layers and the logits of `units`.
  ///
  /// - Returns: The logits, examples × units, in the workspace.
  @discardableResult
  func forward() -> UnsafeMutablePointer<Float> {
    for (index, layer) in model.layers.enumerated() {
      let units = units(of: index)
      let isLast = index == model.layers.count - 1
      let output =
        isLast
        ? workspace.logits.reserve(examples.count * units.count)
        : workspace.activations[index].reserve(examples.count * units.count)
      // The biases go in first and the product adds to them: one pass over the output less.
      RowKernels.fill(
        output, withRow: weights + layer.biasOffset + units.lowerBound, rows: examples.count,
        columns: units.count)
      multiply(
        rows: examples.count, columns: units.count, inner: layer.inputs,
        input(of: index), .asStored, weight(of: index), .transposed, beta: 1, into: output)
      if !isLast { RowKernels.rectify(output, count: examples.count * units.count) }
    }
    return workspace.logits.base
  }

  /// Replaces the logits by the derivative of −log p(label), unscaled.
  ///
  /// - Returns: Σ −log p(label) over the examples.
  func replaceLogitsByDeltas() -> Double {
    let logits = workspace.logits.base
    var loss = 0.0
    for (index, example) in examples.enumerated() {
      let row = logits + index * units.count
      let label = batch.labels[example] - units.lowerBound
      let active = active(of: example)
      let score = Double(row[label])
      loss += Softmax.normalize(row, count: units.count, active: active) - score
      Softmax.subtractLabel(label, from: row, active: active)
    }
    return loss
  }
}
