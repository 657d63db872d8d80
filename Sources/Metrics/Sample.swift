/// A figure measured several times, as with several seeds: its mean and how sure that is.
public struct Sample: Sendable, Hashable {
  /// Number of values, ≥ 1.
  public let count: Int
  public let mean: Double
  /// With n − 1 in the denominator; `nil` for a single value.
  public let standardDeviation: Double?

  /// `nil` without a value. The order of the values does not matter to more than rounding.
  public init?(_ values: [Double]) {
    guard let first = values.first else { return nil }
    count = values.count
    // Shifted by a value, so that equal values have exactly their mean and no deviation.
    let n = Double(values.count)
    let mean = first + values.reduce(0) { $0 + ($1 - first) } / n
    self.mean = mean
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = values.count > 1 ? (squares / (n - 1)).squareRoot() : nil
  }

  /// Half the width of the 95 % interval of the mean, t · s / √n; `nil` for a single value.
  ///
  /// - Source: Student 1908; the values are taken as independent and normal.
  public var halfWidth95: Double? {
    standardDeviation.map {
      StudentT.bound95(degreesOfFreedom: count - 1) * $0 / Double(count).squareRoot()
    }
  }

  /// mean ± ``halfWidth95``; `nil` for a single value.
  public var interval95: ClosedRange<Double>? {
    halfWidth95.flatMap { $0.isFinite && mean.isFinite ? mean - $0...mean + $0 : nil }
  }
}
