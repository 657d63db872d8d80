import Tensors

/// When each node begins.
public enum Onset: Sendable, Hashable {
  /// All at once.
  case sync
  /// Each so many steps after the one before it.
  case offset(steps: Int)
  /// As a Poisson process of so many nodes per step, the first node at once.
  case poisson(rate: Double)

  /// The global step at which each node begins: 0 for the first, ascending.
  ///
  /// A node's delay behind the one before it does not depend on how many follow.
  ///
  /// - Throws: ``DataError`` when the offset or the rate is out of its range.
  public func startSteps(nodeCount: Int, seed: UInt64) throws(DataError) -> [Int] {
    switch self {
    case .sync: return Array(repeating: 0, count: nodeCount)
    case .offset(let steps):
      guard (0...1_000_000_000).contains(steps) else {
        throw DataError("arrival.offset is \(steps); use 0 to 1000000000 steps")
      }
      return (0..<nodeCount).map { $0 * steps }
    case .poisson(let rate):
      guard rate.isFinite, rate >= 1e-9 else {
        throw DataError("arrival.rate is \(rate); use workers per step, 1e-09 or more")
      }
      var start = 0.0
      return (0..<nodeCount).map { node in
        guard node > 0 else { return 0 }
        var random = RandomStream(seed: seed, purpose: .onset, node: node)
        start -= random.logUniform() / rate
        return Int(start)
      }
    }
  }
}
