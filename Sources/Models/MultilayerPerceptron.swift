/// A fully connected network with rectified linear units between its layers and raw scores
/// (logits) at its output.
///
/// Heads of task-incremental learning and class masks are ranges of the one output layer, per
/// example: see ``Batch``.
public struct MultilayerPerceptron: LayeredNetwork {
  /// Inputs, hidden layers, outputs: one width more than there are layers.
  public let widths: [Int]
  /// Its tensors are `layer1.weight` [out, in], `layer1.bias` [out], `layer2.weight`, …: PyTorch's
  /// order and orientation.
  let stack: LayerStack

  /// - Parameters:
  ///   - inputs: Values per example, ≥ 1.
  ///   - hidden: Widths of the hidden layers, each ≥ 1; none makes a linear model.
  ///   - outputs: Output units of all heads together, ≥ 1.
  public init(inputs: Int, hidden: [Int], outputs: Int) {
    let widths = [inputs] + hidden + [outputs]
    precondition(widths.allSatisfy { $0 >= 1 }, "every layer needs a unit")
    self.widths = widths
    stack = LayerStack(
      (1..<widths.count).map { number in
        let layer = DenseLayer(
          inputs: widths[number - 1], outputs: widths[number],
          isRectified: number < widths.count - 1)
        return (name: "layer\(number)", layer: layer)
      })
  }
}
