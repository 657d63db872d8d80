public import Tensors

/// What one worker found of a stage's importance, or the server itself.
public struct ImportanceEstimate: Sendable {
  /// The worker that found it; `nil` for the server's own estimate over all workers.
  public let worker: Int?
  /// Sums over examples, cut into consecutive blocks: see ``ImportanceRule``.
  public let sum: [VectorView]
  /// Examples behind the sum; with none it says nothing.
  public let exampleCount: Int
  /// θ*: the whole shard at which the importance was estimated.
  public let anchor: VectorView

  /// - Parameters:
  ///   - worker: Who says it; `nil` for all workers together.
  ///   - sum: Of importances over its examples, cut into consecutive blocks.
  ///   - exampleCount: Of those examples.
  ///   - anchor: θ*: the whole shard at which the importance was estimated.
  public init(worker: Int?, sum: [VectorView], exampleCount: Int, anchor: VectorView) {
    self.worker = worker
    self.sum = sum
    self.exampleCount = exampleCount
    self.anchor = anchor
  }
}
