/// How far two lists of numbers put the same things in the same order.
public struct RankCorrelation: Sendable, Hashable {
  /// Spearman's ρ, -1…1: the correlation of the ranks, where equal numbers share the mean of
  /// theirs.
  public let value: Double
  /// Things that were ranked.
  public let count: Int

  /// - Parameters:
  ///   - x: Finite numbers, one a thing.
  ///   - y: As many.
  /// - Returns: `nil` for fewer than three things, and where all numbers of a list are equal.
  /// - Complexity: O(n log n).
  public init?(_ x: [Double], _ y: [Double]) {
    precondition(x.count == y.count, "both lists rank the same things")
    guard x.count >= 3 else { return nil }
    let (first, second) = (Self.ranks(x), Self.ranks(y))
    let middle = Double(x.count + 1) / 2
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - middle) }
    }
    let spread = (product(first, first) * product(second, second)).squareRoot()
    guard spread > 0 else { return nil }
    value = min(1, max(-1, product(first, second) / spread))
    count = x.count
  }

  /// By thing: its rank from 1; equal numbers share the mean of theirs.
  static func ranks(_ numbers: [Double]) -> [Double] {
    let order = numbers.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    var ranks = [Double](repeating: 0, count: numbers.count)
    var begin = 0
    while begin < order.count {
      var end = begin + 1
      while end < order.count, numbers[order[end]] == numbers[order[begin]] { end += 1 }
      for place in begin..<end { ranks[order[place]] = Double(begin + 1 + end) / 2 }
      begin = end
    }
    return ranks
  }
}
