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

  /// Writes the index section of these ascending indices, which begins at `start`.
  func encode(
    _ indices: [Int32], gaps: [UInt32], count: Int, into start: UnsafeMutableRawPointer
  ) {
    switch self {
    case .golomb(let code, _):
      start.storeBytes(of: code.byte, as: UInt8.self)
      var writer = BitWriter(start + 1)
      code.encode(gaps, to: &writer)
    case .bitmap:
      var mask = BitMask(count: count)
      for index in indices { mask.insert(Int(index)) }
      mask.encode(into: start)
    case .every: break
    }
  }

  /// Reads `kept` ascending indices from an index section, which is all the rest.
  ///
  /// - Parameter code: Of ``golomb(_:bitCount:)`` or ``bitmap``.
  static func decode(
    _ reader: inout PayloadReader, code: UInt8, kept: Int, count: Int
  ) throws(CodecError) -> [Int32] {
    if code == IndexPlan.bitmap.code {
      let body = try reader.takeRest(BitMask.byteCount(count: count))
      guard let mask = BitMask(body, count: count), mask.population == kept else {
        throw reader.damaged("its bitmap does not fit its count")
      }
      return mask.indices(population: kept)
    }
    guard let code = GolombCode(byte: try reader.byte()),
      let indices = code.decode(reader.body, count: kept, below: count)
    else { throw reader.damaged("its indices are not ascending indices of the block") }
    return indices
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
