public import Consolidation
public import Models

/// λ/2 Σ_q Σ_i Ω_q,i (θ_i − θ*_q,i)²: one term for every finished task.
public struct QuadraticPenalty: Sendable {
  /// Where Ω comes from.
  public enum Importance: Sendable {
    /// Summed by each worker over its own examples at the anchor and pushed once; from so many
    /// examples of a task in all, or from all of them.
    case estimated(any ImportanceEstimator, examples: Int?)
    /// Gathered by each shard while a task is trained; no bytes.
    case gathered(any PathImportance)
    /// Estimated by each worker anew before every push, and sent with it.
    case exchanged(any ImportanceEstimator, examples: Int?)
  }

  /// λ ≥ 0.
  public let strength: Double
  public let importance: Importance
  /// How the Ω of a finished task joins those before it.
  public let fold: FoldRule

  /// - Parameters:
  ///   - strength: λ ≥ 0.
  ///   - importance: Where Ω comes from.
  ///   - fold: How the Ω of a finished task joins those before it.
  public init(strength: Double, importance: Importance, fold: FoldRule) {
    self.strength = strength
    self.importance = importance
    self.fold = fold
  }

  /// What workers estimate, if they do.
  public var estimator: (any ImportanceEstimator)? {
    switch importance {
    case .estimated(let estimator, _), .exchanged(let estimator, _): estimator
    case .gathered: nil
    }
  }

  /// How the sums that workers push become Ω.
  ///
  /// - Parameter active: Most output units that are active for an example of a stage, ≥ 1.
  public func importanceRule(active: Int) -> ImportanceRule {
    estimator?.derivativeCount(active: active).map { .squaredMeans(count: $0) } ?? .mean
  }

  /// What servers gather, if they do.
  public var path: (any PathImportance)? {
    guard case .gathered(let path) = importance else { return nil }
    return path
  }

  /// Examples of a task that workers estimate from, over all of them; `nil` for all.
  public var examples: Int? {
    switch importance {
    case .estimated(_, let examples), .exchanged(_, let examples): examples
    case .gathered: nil
    }
  }
}
