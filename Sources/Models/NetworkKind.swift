public import Settings

/// A network before its data are known: a value whose stored properties are its settings.
///
/// A further one is a file in this room and a line in ``Networks/all``.
public protocol NetworkKind: Selectable {
  /// The network for data of these shapes.
  ///
  /// - Parameters:
  ///   - inputs: Values of an example, ≥ 1.
  ///   - outputs: Output units of all heads together, ≥ 1.
  func network(inputs: Int, outputs: Int) -> any Network
}
