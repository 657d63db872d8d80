import CKernels

/// How a sparse payload says which indices it holds: the shortest of three ways.
enum IndexPlan: Equatable {
  /// The gaps between indices, after a byte for the divisor.
  case golomb(GolombCode, bitCount: Int)
  /// A bit for every value of the block.
  case bitmap
  /// Not at all: all values are sent, with the zeros.
  case every

  /// - Parameters:
  ///   - gaps: For each index the number of others since the one before.
  ///   - count: Values in the block.
  ///   - zeroByteCount: Cost of sending a zero; `nil` if that cannot be done.
  init(gaps: [UInt32], count: Int, zeroByteCount: Int?) {
    let (code, bitCount) = GolombCode.best(for: gaps)
    let golomb = IndexPlan.golomb(code, bitCount: bitCount)
    let bitmapByteCount = BitMask.byteCount(count: count)
    let zeroCount = count - gaps.count
    let everyByteCount = zeroCount == 0 ? 0 : zeroByteCount.map { zeroCount * $0 }
    let least = min(golomb.byteCount(count: count), bitmapByteCount)
    if let everyByteCount, everyByteCount <= least {
      self = .every
    } else {
      self = bitmapByteCount < golomb.byteCount(count: count) ? .bitmap : golomb
    }
  }

  /// Bytes of the index section.
  func byteCount(count: Int) -> Int {
    switch self {
    case .golomb(_, let bitCount): 1 + (bitCount + 7) / 8
    case .bitmap: BitMask.byteCount(count: count)
    case .every: 0
    }
  }

  /// As written in a payload.
  var code: UInt8 {
    switch self {
    case .golomb: 0
    case .bitmap: 1
    case .every: 2
    }
  }

  /// For each of the ascending indices the number of others since the one before.
  static func gaps(_ indices: [Int32]) -> [UInt32] {
    var previous: Int32 = -1
    return indices.map { index in
      defer { previous = index }
      return UInt32(bitPattern: index &- previous &- 1)
    }
  }
}

/// The entropy of a random set of `k` out of `count` indices, n · H(k/n) in bits: what no code of
/// such sets can undercut but for a term of the order of log n.
public func entropyBoundBits(count: Int, k: Int) -> Double {
  guard k > 0, k < count else { return 0 }
  let density = Double(k) / Double(count)
  let nats = density * hebb_log(density) + (1 - density) * hebb_log(1 - density)
  return -Double(count) * nats / hebb_log(2)
}
