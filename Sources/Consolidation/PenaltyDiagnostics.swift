public import Archives
public import Tensors

/// What the penalty of a shard looks like at given weights, in a form that adds up over shards.
public struct PenaltyDiagnostics: Sendable, Hashable, Codable {
  /// Bins of the histogram.
  public static let binCount = 162

  /// Σ U.
  public var foldedSum = 0.0
  /// ‖λ(Uθ − V)‖².
  public var squaredGradientNorm = 0.0
  /// Largest ηλU.
  public var curvatureMaximum = 0.0
  /// Coordinates with ηλU > 2, where the explicit form diverges.
  public var divergingCount = 0
  /// Coordinates by ηλU: bin 0 below 2⁻⁴⁰ (zero included), then half octaves up to 2⁴⁰.
  public var histogram = [Int](repeating: 0, count: Self.binCount)
  /// η of the last step and λ.
  public var rate: Float = 0
  public var strength: Float = 0

  /// Nothing folded.
  public init() {}

  /// Measures a penalty. O(count).
  ///
  /// - Parameters:
  ///   - weights: θ of the whole shard.
  ///   - rate: η of the optimiser.
  public init(_ penalty: FoldedPenalty, at weights: VectorView, rate: Float) {
    self.rate = rate
    strength = penalty.strength
    guard let u = penalty.importance, let v = penalty.weightedAnchor else {
      histogram[0] = weights.count
      return
    }
    for index in 0..<u.count {
      let gradient = Double(strength * (u.base[index] * weights.base[index] - v.base[index]))
      squaredGradientNorm += gradient * gradient
      foldedSum += Double(u.base[index])
      let curvature = Double(rate) * Double(strength) * Double(u.base[index])
      curvatureMaximum = max(curvatureMaximum, curvature)
      if curvature > 2 { divergingCount += 1 }
      histogram[Self.bin(of: curvature)] += 1
    }
  }

  /// The bin of a value: 0 under 2⁻⁴⁰, 161 from 2⁴⁰ on.
  static func bin(of value: Double) -> Int {
    guard value >= 0x1p-40 else { return 0 }
    guard value < 0x1p40 else { return 161 }
    return 1 + 2 * (Int(value.exponent) + 40) + (value.significand >= 2.squareRoot() ? 1 : 0)
  }

  /// Upper edge of a bin: an upper bound of its values.
  static func edge(of bin: Int) -> Double {
    let octave = (bin - 1) / 2 - 40
    let isUpper = (bin - 1) % 2 == 1
    let base = Double(sign: .plus, exponent: octave, significand: 1)
    return isUpper ? 2 * base : base * 2.squareRoot()
  }

  /// The p-quantile of ηλU, 0 ≤ p ≤ 1, to within half an octave (never below the true one); 0 in
  /// the lowest bin.
  public func curvatureQuantile(_ p: Double) -> Double {
    let total = histogram.reduce(0, +)
    guard total > 0 else { return 0 }
    let wanted = max(1, Int((p * Double(total)).rounded(.up)))
    var seen = 0
    for (bin, count) in histogram.enumerated() {
      seen += count
      if seen >= wanted { return bin == 0 ? 0 : min(Self.edge(of: bin), curvatureMaximum) }
    }
    return curvatureMaximum
  }

  /// The diagnostics of two shards together.
  public func merging(_ other: PenaltyDiagnostics) -> PenaltyDiagnostics {
    var sum = self
    sum.foldedSum += other.foldedSum
    sum.squaredGradientNorm += other.squaredGradientNorm
    sum.curvatureMaximum = max(curvatureMaximum, other.curvatureMaximum)
    sum.divergingCount += other.divergingCount
    sum.histogram = zip(histogram, other.histogram).map(+)
    sum.rate = max(rate, other.rate)
    sum.strength = max(strength, other.strength)
    return sum
  }
}

extension PenaltyDiagnostics: Storable {
  /// Writes it field by field, each under its name.
  public func store(in archive: inout Archive) {
    archive.put("foldedSum", foldedSum)
    archive.put("squaredGradientNorm", squaredGradientNorm)
    archive.put("curvatureMaximum", curvatureMaximum)
    archive.put("divergingCount", divergingCount)
    archive.put("histogram", histogram)
    archive.put("rate", rate)
    archive.put("strength", strength)
  }

  public init(from reader: inout ArchiveReader) throws(ArchiveError) {
    self.init()
    foldedSum = try reader.take("foldedSum")
    squaredGradientNorm = try reader.take("squaredGradientNorm")
    curvatureMaximum = try reader.take("curvatureMaximum")
    divergingCount = try reader.take("divergingCount")
    histogram = try reader.take("histogram", count: Self.binCount)
    rate = try reader.take("rate")
    strength = try reader.take("strength")
  }
}
