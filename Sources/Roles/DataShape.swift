public import Tensors

/// What of an experiment's data the model's shape depends on. The coordinator, which has the data,
/// tells it to nodes that have none.
public struct DataShape: Sendable, Hashable, Codable {
  /// An example as the network takes it.
  public let example: ImageShape
  /// Width of the output layer.
  public let outputs: Int
  /// Most output units that are active for a training example.
  public let active: Int

  /// - Parameters:
  ///   - example: As the network takes it.
  ///   - outputs: Width of the output layer, ≥ 1.
  ///   - active: Most output units that are active for a training example, ≥ 1; all of them, if it
  ///     is left out.
  public init(example: ImageShape, outputs: Int, active: Int? = nil) {
    self.example = example
    self.outputs = outputs
    self.active = active ?? outputs
  }

  /// Whether a network can have it: what a message says may be any number.
  var isPossible: Bool {
    example.isPossible && [outputs, active].allSatisfy { (1...1 << 30).contains($0) }
  }
}
