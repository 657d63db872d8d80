import Tensors

/// How the sums that workers push become the Ω of a stage.
public enum ImportanceRule: Sendable, Hashable {
  /// One sum of per-example importances ≥ 0: Ω is their mean over all examples.
  case mean
  /// So many sums of per-example derivatives, ≥ 1, one vector after another: Ω is the sum of the
  /// squares of their means over all examples. What is squared is known only once all workers'
  /// sums have been added.
  case squaredMeans(count: Int)

  /// Vectors that every worker pushes for a stage.
  public var partCount: Int {
    switch self {
    case .mean: 1
    case .squaredMeans(let count): count
    }
  }

  /// Whether what workers push can be negative.
  var isSigned: Bool { self != .mean }

  /// Ω from the means over all examples. O(parts · `count`).
  ///
  /// - Parameters:
  ///   - means: `partCount` vectors of `count` elements, one after another.
  ///   - count: Elements of the shard.
  func importance(of means: Vector, count: Int) -> Vector {
    guard case .squaredMeans(let parts) = self else { return means }
    let result = Vector(count: count)
    for part in 0..<parts {
      let mean = means.base + part * count
      for index in 0..<count { result.base[index] += mean[index] * mean[index] }
    }
    return result
  }
}
