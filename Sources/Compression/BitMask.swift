import CKernels
import Tensors

/// A set of indices below `count`, a bit each.
struct BitMask {
  let count: Int
  private(set) var words: [UInt64]

  init(count: Int) {
    self.count = count
    words = [UInt64](repeating: 0, count: (count + 63) / 64)
  }

  /// The indices whose magnitude has at least this bit pattern (at most 0x7FFF_FFFF).
  init(_ x: VectorView, atLeast threshold: UInt32) {
    self.init(count: x.count)
    words.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      hebb_mask_at_least(x.base, x.count, threshold, base)
    }
  }

  /// What `encode` wrote; `nil` if bits are set past the end.
  init?(_ bytes: UnsafeRawBufferPointer, count: Int) {
    precondition(bytes.count == Self.byteCount(count: count))
    self.init(count: count)
    words.withUnsafeMutableBytes { $0.copyMemory(from: bytes) }
    if count % 64 > 0, words[count / 64] >> UInt64(count % 64) != 0 { return nil }
  }

  static func byteCount(count: Int) -> Int { (count + 7) / 8 }

  func encode(into start: UnsafeMutableRawPointer) {
    words.withUnsafeBytes {
      guard let base = $0.baseAddress else { return }
      start.copyMemory(from: base, byteCount: Self.byteCount(count: count))
    }
  }

  subscript(index: Int) -> Bool { words[index >> 6] >> UInt64(index & 63) & 1 == 1 }

  mutating func insert(_ index: Int) { words[index >> 6] |= 1 << UInt64(index & 63) }

  /// Takes every index in that was out, and the reverse.
  mutating func invert() {
    for index in words.indices { words[index] = ~words[index] }
    if count % 64 > 0 { words[count / 64] &= (1 << UInt64(count % 64)) - 1 }
  }

  /// How many indices are in the set.
  var population: Int { words.reduce(into: 0) { $0 += $1.nonzeroBitCount } }

  /// The indices in ascending order.
  func indices(population: Int) -> [Int32] {
    [Int32](unsafeUninitializedCapacity: population) { buffer, initializedCount in
      var cursor = 0
      for place in words.indices {
        var word = words[place]
        while word != 0 {
          buffer[cursor] = Int32(truncatingIfNeeded: place &<< 6 &+ word.trailingZeroBitCount)
          cursor &+= 1
          word &= word &- 1
        }
      }
      initializedCount = cursor
    }
  }
}
