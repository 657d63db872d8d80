public import Tensors

/// A network of fully connected layers with ReLU between them and raw scores (logits) at the end.
///
/// Parameters are laid out as PyTorch's `Linear` layers: `layer1.weight` of shape [out, in],
/// `layer1.bias` of shape [out], and so on.
public struct MultilayerPerceptron: Sendable, Hashable {
  /// Inputs, hidden widths, outputs.
  public let widths: [Int]
  /// Names the tensors in the flat parameter vector.
  public let layout: ParameterLayout

  /// - Parameters:
  ///   - inputs: Width of an example, ≥ 1.
  ///   - hidden: Widths of the hidden layers; none makes a linear model.
  ///   - outputs: Number of output units, ≥ 1.
  public init(inputs: Int, hidden: [Int], outputs: Int) {
    widths = [inputs] + hidden + [outputs]
    precondition(widths.allSatisfy { $0 >= 1 }, "a layer has at least one unit")
    let widths = widths
    layout = ParameterLayout(
      (1..<widths.count).flatMap { layer in
        [
          (name: "layer\(layer).weight", shape: [widths[layer], widths[layer - 1]]),
          (name: "layer\(layer).bias", shape: [widths[layer]]),
        ]
      })
  }

  /// Number of layers with weights.
  public var layerCount: Int { widths.count - 1 }
  /// Width of an example.
  public var inputCount: Int { widths[0] }
  /// Number of output units.
  public var outputCount: Int { widths[layerCount] }

  /// Where the weights of a layer (0-based) begin.
  func weightOffset(_ layer: Int) -> Int { layout.tensors[2 * layer].offset }
  /// Where the biases of a layer (0-based) begin.
  func biasOffset(_ layer: Int) -> Int { layout.tensors[2 * layer + 1].offset }
}
