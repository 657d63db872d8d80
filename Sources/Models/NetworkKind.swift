public import Settings
public import Tensors

/// A network before its data are known: a value whose stored properties are its settings.
///
/// A further one is a file in this room and a line in ``Networks/all``.
public protocol NetworkKind: Selectable {
  /// The network for examples of a shape.
  ///
  /// - Parameters:
  ///   - example: What is no image is one row.
  ///   - outputs: Output units of all heads together, ≥ 1.
  func network(for example: ImageShape, outputs: Int) -> any Network
}
