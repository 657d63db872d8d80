/// Reads bits, the lowest first; past the end there are zeros.
struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  /// Bits read so far; may pass the end.
  private(set) var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// Whether more was read than there is.
  var isPastEnd: Bool { position > 8 * bytes.count }

  /// At least the next 57 bits.
  @inline(__always)
  var window: UInt64 {
    let byte = position &>> 3
    if byte &+ 8 <= bytes.count {
      return bytes.loadUnaligned(fromByteOffset: byte, as: UInt64.self)
        &>> UInt64(position & 7)
    }
    var word: UInt64 = 0
    for index in stride(from: bytes.count - 1, through: byte, by: -1) {
      word = word &<< 8 | UInt64(bytes[index])
    }
    return word &>> UInt64(position & 7)
  }

  @inline(__always)
  mutating func skip(_ count: Int) { position &+= count }

  /// Zeros up to the next one, which is read too; `nil` when there is none.
  @inline(__always)
  mutating func unary() -> Int? {
    let first = window.trailingZeroBitCount
    if first < 57 {
      skip(first &+ 1)
      return first
    }
    return longUnary()
  }

  private mutating func longUnary() -> Int? {
    var count = 0
    while !isPastEnd {
      let zeros = min(57, window.trailingZeroBitCount)
      count += zeros
      skip(zeros)
      if zeros < 57 {
        skip(1)
        return count
      }
    }
    return nil
  }

  /// The next `count` bits. 0 ≤ `count` ≤ 57.
  @inline(__always)
  mutating func read(_ count: Int) -> UInt64 {
    let value = window & ((1 &<< UInt64(count)) &- 1)
    skip(count)
    return value
  }

  /// Whether all is read but less than a byte, and that is zero.
  var isAtEnd: Bool { (position + 7) / 8 == bytes.count && window == 0 }
}
