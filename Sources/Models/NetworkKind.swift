public import Settings
public import Tensors

/// A network before its data are known: a value whose stored properties are its settings.
///
/// A further one is a file in this room and a line in ``Networks/all``.
public protocol NetworkKind: Selectable {
  /// Whether its inputs are the words of questions about texts, not quantities.
  var readsText: Bool { get }

  /// The network for examples of a shape.
  ///
  /// - Parameters:
  ///   - example: What is no image is one row.
  ///   - outputs: Output units of all heads together, ≥ 1.
  func network(for example: ImageShape, outputs: Int) -> any Network

  /// The network that training begins with at each stage, if that is another one.
  ///
  /// - Parameters:
  ///   - example: As for the network.
  ///   - outputs: As for the network.
  func opening(for example: ImageShape, outputs: Int) -> Opening?
}

/// Quantities, and one network all along, unless a kind says otherwise.
extension NetworkKind {
  /// Its inputs are quantities.
  public var readsText: Bool { false }

  /// There is no other network.
  public func opening(for example: ImageShape, outputs: Int) -> Opening? { nil }
}

/// Another function of the same parameters, with which the training of a stage begins.
public struct Opening: Sendable {
  /// Its parameters and intermediate results are those of the network proper.
  public let network: any Network
  /// Of the stage's steps, 0..<1.
  public let share: Double

  /// Whether it is the one that is trained.
  ///
  /// - Parameter step: Of `stepCount` steps, 0-based.
  public func isOn(atStep step: Int, of stepCount: Int) -> Bool {
    Double(step) < share * Double(stepCount)
  }
}
