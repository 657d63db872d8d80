public import Consolidation

/// Mean gradients of examples of finished tasks, which workers push beside the gradient of every
/// step, and what servers make of them.
public struct References: Sendable {
  /// What there is a reference of.
  public enum Source: Sendable, Hashable {
    /// Of each finished stage one, from all that is kept of it.
    case eachStage
    /// One, from so many examples of all that is kept, drawn anew at every step, ≥ 1.
    case drawn(batch: Int)
  }

  /// What there is a reference of.
  public let source: Source
  /// From dot products to the direction of the step.
  public let transform: any GradientTransform

  /// - Parameters:
  ///   - source: What there is a reference of.
  ///   - transform: From dot products to the direction of the step.
  public init(_ source: Source, _ transform: any GradientTransform) {
    self.source = source
    self.transform = transform
  }
}
