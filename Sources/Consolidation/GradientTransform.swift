/// What servers make of a step before the penalty and the optimiser: from the mean gradient and the
/// mean references of all workers a direction, by nothing but their dot products over all shards.
///
/// A pure function, which every server computes by itself from equal numbers: all decide alike.
public protocol GradientTransform: Sendable {
  /// The direction as a sum of the step's vectors.
  ///
  /// - Parameter gram: Of the mean gradient, which is vector 0, and the references.
  /// - Returns: By vector what it is multiplied by; `nil` where the gradient stays as it is.
  /// - Throws: ``TransformError`` if there is no direction that could be trusted.
  func coefficients(of gram: GramMatrix) throws(TransformError) -> [Double]?
}

/// Why servers found no direction.
public enum TransformError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A quadratic program was not solved: its conditions are violated by so much, relative to their
  /// own size.
  case unsolved(residual: Double)
  /// Dot products are not finite.
  case notFinite

  public var description: String {
    switch self {
    case .unsolved(let residual):
      "the quadratic program of a projection was not solved: its conditions are violated by "
        + "\(residual) of their size; lower optimizer.rate or set optimizer.clip"
    case .notFinite:
      "the references of a step have no finite dot products; lower optimizer.rate or set "
        + "optimizer.clip"
    }
  }
}
