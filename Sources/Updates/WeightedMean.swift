/// The mean of the workers' gradients weighted by how many examples each stands for, summed in
/// worker order: floating-point addition rounds, and arrival order differs from run to run.
public struct WeightedMean: Sendable {
  private let factors: [Float]

  /// - Parameter exampleCounts: By worker, ≥ 0. A worker with none is left out; all none gives
  ///   zeros.
  public init(exampleCounts: [Int]) {
    let total = exampleCounts.reduce(0, +)
    factors = exampleCounts.map { total > 0 ? Float($0) / Float(total) : 0 }
  }

  /// Writes one tile of the mean.
  ///
  /// - Parameters:
  ///   - gradients: The tile of every worker's gradient, in worker order.
  ///   - mean: `count` elements, overwritten.
  public func write(
    _ gradients: [UnsafePointer<Float>], to mean: UnsafeMutablePointer<Float>, count: Int
  ) {
    var isFirst = true
    for (gradient, factor) in zip(gradients, factors) where factor > 0 {
      switch (isFirst, factor) {
      case (true, 1): mean.update(from: gradient, count: count)
      case (true, _): for index in 0..<count { mean[index] = factor * gradient[index] }
      case (false, _): for index in 0..<count { mean[index] += factor * gradient[index] }
      }
      isFirst = false
    }
    if isFirst { mean.update(repeating: 0, count: count) }
  }
}
