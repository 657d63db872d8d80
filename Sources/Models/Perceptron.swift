public import Settings
public import Tensors

/// A ``MultilayerPerceptron`` by the widths of its hidden layers.
public struct Perceptron: NetworkKind {
  public static let name = "mlp"
  public static let keys: [Key<Perceptron>] = [
    .integers(
      "hidden", \.hidden, 1...100_000,
      "Widths of the hidden layers (ReLU); an empty list makes a linear model.")
  ]

  /// Each ≥ 1; none makes a linear model.
  public var hidden = [100, 100]

  /// Two hidden layers of a hundred units.
  public init() {}

  /// The perceptron between these widths.
  public func network(for example: ImageShape, outputs: Int) -> any Network {
    MultilayerPerceptron(inputs: example.count, hidden: hidden, outputs: outputs)
  }
}
