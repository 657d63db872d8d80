public import Tensors

/// A fully connected network with rectified linear units between its layers and raw scores
/// (logits) at its output.
///
/// The value holds shapes only; parameters are one flat vector that comes with every call. Heads of
/// task-incremental learning and class masks are ranges of the one output layer, per example: see
/// ``Batch``. The computations are in extensions: loss, gradient, Fisher information, output
/// sensitivity.
public struct MultilayerPerceptron: Sendable, Hashable {
  /// Inputs, hidden layers, outputs: one width more than there are layers.
  public let widths: [Int]
  /// `layer1.weight` [out, in], `layer1.bias` [out], `layer2.weight`, …: PyTorch's order and
  /// orientation.
  public let layout: ParameterLayout
  let layers: [Layer]

  /// Shape and place of one linear layer.
  struct Layer: Sendable, Hashable {
    let inputs: Int
    let outputs: Int
    /// Where the weight [outputs, inputs] begins in the flat vector.
    let weightOffset: Int
    /// Where the bias [outputs] begins in the flat vector.
    var biasOffset: Int { weightOffset + inputs * outputs }
  }

  /// - Parameters:
  ///   - inputs: Values per example, ≥ 1.
  ///   - hidden: Widths of the hidden layers, each ≥ 1; none makes a linear model.
  ///   - outputs: Output units of all heads together, ≥ 1.
  public init(inputs: Int, hidden: [Int], outputs: Int) {
    let widths = [inputs] + hidden + [outputs]
    precondition(widths.allSatisfy { $0 >= 1 }, "every layer needs a unit")
    self.widths = widths
    let layout = ParameterLayout(
      (1..<widths.count).flatMap { layer in
        [
          (name: "layer\(layer).weight", shape: [widths[layer], widths[layer - 1]]),
          (name: "layer\(layer).bias", shape: [widths[layer]]),
        ]
      })
    self.layout = layout
    layers = (1..<widths.count).map { layer in
      Layer(
        inputs: widths[layer - 1], outputs: widths[layer],
        weightOffset: layout.tensors[2 * (layer - 1)].offset)
    }
  }

  /// Values per example.
  public var inputs: Int { widths[0] }
  /// Output units of all heads together.
  public var outputs: Int { widths[widths.count - 1] }
}
