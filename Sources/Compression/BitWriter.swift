/// Appends bits, the lowest first, to memory that has eight bytes to spare.
struct BitWriter {
  private var next: UnsafeMutableRawPointer
  private var pending: UInt64 = 0
  private var pendingCount = 0

  init(_ start: UnsafeMutableRawPointer) { next = start }

  /// The lowest `count` bits of `value`, whose others are zero. 0 ≤ `count` ≤ 57.
  @inline(__always)
  mutating func append(_ value: UInt64, count: Int) {
    pending |= value &<< UInt64(pendingCount)
    pendingCount &+= count
    if pendingCount >= 64 {
      next.storeBytes(of: pending, as: UInt64.self)
      next += 8
      pendingCount &-= 64
      pending = value &>> UInt64(count &- pendingCount)
    }
  }

  /// Writes what is pending; the last byte's unused bits are zero. The writer is used up.
  func finish() { next.storeBytes(of: pending, as: UInt64.self) }
}
