import CKernels
import Tensors

/// A draw from a symmetric Dirichlet law.
///
/// Kept as logarithms of the gamma variates behind it, so that shares too small for a number
/// keep their ratios: whatever entries are left over, they have shares that sum to 1.
struct DirichletLaw: Sendable {
  private let logWeights: [Double]

  /// - Parameter logWeights: Logarithms of what the shares are proportional to, finite.
  init(logWeights: [Double]) { self.logWeights = logWeights }

  /// - Parameters:
  ///   - concentration: Of every entry, above 0.
  ///   - count: Entries.
  init(concentration: Double, count: Int, random: inout RandomStream) {
    self.init(logWeights: (0..<count).map { _ in random.logGamma(shape: concentration) })
  }

  /// The shares of some entries among themselves: of sum 1, the largest at least 1/count.
  func shares(among entries: [Int]) -> [Double] {
    let logs = entries.map { logWeights[$0] }
    guard let largest = logs.max() else { return [] }
    let weights = logs.map { hebb_exp($0 - largest) }
    let sum = weights.reduce(0, +)
    return weights.map { $0 / sum }
  }
}

/// Cuts `count` things into contiguous ranges at the cumulative shares, each cut at the nearest
/// whole number.
///
/// - Parameter shares: Of sum 1, 0 or more each. An entry of share 0 gets nothing.
func ranges(of count: Int, shares: [Double]) -> [Range<Int>] {
  var cumulative = 0.0
  var start = 0
  return shares.indices.map { place in
    cumulative += shares[place]
    let isLast = place == shares.count - 1
    let cut = isLast ? count : Int((cumulative * Double(count)).rounded())
    let end = min(max(cut, start), count)
    defer { start = end }
    return start..<end
  }
}
