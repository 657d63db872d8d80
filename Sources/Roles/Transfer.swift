import Tensors

/// Weights on their way to a worker: which blocks of a vector have arrived, and of which version.
struct Transfer: Sendable {
  private let expected: [Range<Int>]
  private var isReceived: [Bool]
  private var missingCount: Int
  private(set) var version: UInt64?

  /// - Parameter shards: The ranges of the servers, each cut into blocks the same way on both
  ///   sides.
  init(shards: [Range<Int>]) {
    expected = shards.flatMap { $0.pieces(of: blockCountMaximum) }
    isReceived = Array(repeating: false, count: expected.count)
    missingCount = expected.count
  }

  var isComplete: Bool { missingCount == 0 }

  enum Verdict: Equatable {
    case new, repeated
    case wrong(String)
  }

  /// Enters a block. All blocks of a transfer must be of one version.
  mutating func enter(_ range: Range<Int>, version: UInt64) -> Verdict {
    guard let index = expected.firstIndex(of: range) else {
      return .wrong("weights \(range) are no block of the parameter vector")
    }
    if isReceived[index] { return .repeated }
    if let known = self.version, known != version {
      return .wrong("servers answered one step with versions \(known) and \(version)")
    }
    self.version = version
    isReceived[index] = true
    missingCount -= 1
    return .new
  }
}
