/// The mean of the workers' gradients weighted by how many examples each stands for, summed in
/// worker order: floating-point addition rounds, and arrival order differs from run to run.
public struct WeightedMean: Sendable {
  /// By worker: what its gradient is multiplied by.
  public let factors: [Float]

  /// - Parameters:
  ///   - exampleCounts: By worker, ≥ 0. A worker with none is left out; all none gives zeros.
  ///   - weights: By worker, 0…1: how much of a gradient counts. The others do not grow for it.
  public init(exampleCounts: [Int], weights: [Float]? = nil) {
    let total = exampleCounts.reduce(0, +)
    factors = exampleCounts.enumerated().map { index, count in
      total > 0 ? (weights?[index] ?? 1) * (Float(count) / Float(total)) : 0
    }
  }

  /// The mean over a part of the workers, with the factors of all of them.
  ///
  /// - Parameter isIncluded: By worker.
  public func part(_ isIncluded: [Bool]) -> WeightedMean {
    WeightedMean(factors: zip(factors, isIncluded).map { $1 ? $0 : 0 })
  }

  private init(factors: [Float]) { self.factors = factors }

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
      Self.enter(gradient, factor, isFirst: isFirst, into: mean, count: count)
      isFirst = false
    }
    if isFirst { mean.update(repeating: 0, count: count) }
  }

  /// Enters one gradient, for those who have only one of them at a time.
  ///
  /// - Parameters:
  ///   - factor: Of ``factors``, > 0.
  ///   - isFirst: Nothing has been entered before: `mean` is overwritten.
  public static func enter(
    _ gradient: UnsafePointer<Float>, _ factor: Float, isFirst: Bool,
    into mean: UnsafeMutablePointer<Float>, count: Int
  ) {
    switch (isFirst, factor) {
    case (true, 1): mean.update(from: gradient, count: count)
    case (true, _): for index in 0..<count { mean[index] = factor * gradient[index] }
    case (false, _): for index in 0..<count { mean[index] += factor * gradient[index] }
    }
  }
}
