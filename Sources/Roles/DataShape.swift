/// What of an experiment's data the model's shape depends on. The coordinator, which has the data,
/// tells it to nodes that have none.
public struct DataShape: Sendable, Hashable, Codable {
  /// Width of an example as the network takes it.
  public let inputs: Int
  /// Width of the output layer.
  public let outputs: Int
  /// Most output units that are active for a training example.
  public let active: Int

  /// All ≥ 1.
  ///
  /// - Parameter active: All outputs, if it is left out.
  public init(inputs: Int, outputs: Int, active: Int? = nil) {
    self.inputs = inputs
    self.outputs = outputs
    self.active = active ?? outputs
  }

  /// Whether a network can have it: what a message says may be any number.
  var isPossible: Bool { [inputs, outputs, active].allSatisfy { (1...1 << 30).contains($0) } }
}
