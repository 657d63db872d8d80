/// Golomb's code of the gaps between ascending indices, for divisors 2^s (Rice's code) and 3 · 2^s.
///
/// A gap g is ⌊g / m⌋ zeros and a one, then g mod m: for the base 3 its upper part as 0, 10 or 11,
/// then s bits. Rice's code alone loses up to 3.3 % to the entropy of random index sets below a
/// density of a quarter (at 21 %, where no power of two is near the best divisor); with the
/// divisors between it is 1.5 %.
///
/// - Source: Golomb 1966, "Run-length encodings"; Rice 1979.
struct GolombCode: Hashable {
  /// s, at most 30.
  let shift: Int
  /// Whether the divisor is 3 · 2^s.
  let isTripled: Bool

  /// One byte.
  var byte: UInt8 { UInt8(shift) | (isTripled ? 0x80 : 0) }

  init(shift: Int, isTripled: Bool) {
    self.shift = shift
    self.isTripled = isTripled
  }

  /// `nil` for a byte that stands for no divisor.
  init?(byte: UInt8) {
    guard byte & 0x7F <= 30 else { return nil }
    self.init(shift: Int(byte & 0x7F), isTripled: byte >= 0x80)
  }

  /// Exact length of the coded gaps.
  func bitCount(_ gaps: [UInt32]) -> Int {
    let shift = UInt32(shift)
    // The sums stay below 2³²: the gaps add up to less than the number of values.
    var quotients: UInt32 = 0
    if isTripled {
      for gap in gaps { quotients &+= ((gap &>> shift) &+ 2) / 3 }
      return gaps.count * (2 + self.shift) + Int(quotients)
    }
    for gap in gaps { quotients &+= gap &>> shift }
    return gaps.count * (1 + self.shift) + Int(quotients)
  }

  /// The cheapest divisor and its exact cost. The cost of Rice's code is convex in s, so its best
  /// is found by descent; the tripled divisors are tried around it.
  static func best(for gaps: [UInt32]) -> (code: GolombCode, bitCount: Int) {
    let sum = gaps.reduce(into: 0) { $0 += Int($1) }
    let guess = sum * 7 / 10 / max(gaps.count, 1)
    func cost(_ shift: Int, _ isTripled: Bool) -> (code: GolombCode, bitCount: Int) {
      let code = GolombCode(shift: shift, isTripled: isTripled)
      return (code, code.bitCount(gaps))
    }
    var best = cost(min(30, Int.bitWidth - max(guess, 1).leadingZeroBitCount - 1), false)
    for step in [-1, 1] {
      while (0...30).contains(best.code.shift + step) {
        let other = cost(best.code.shift + step, false)
        guard other.bitCount < best.bitCount else { break }
        best = other
      }
    }
    let middle = best.code.shift
    for shift in max(0, middle - 2)...min(30, middle + 1) {
      let other = cost(shift, true)
      if other.bitCount < best.bitCount { best = other }
    }
    return best
  }

  func encode(_ gaps: [UInt32], to writer: inout BitWriter) {
    let low = (UInt64(1) << UInt64(shift)) - 1
    for gap in gaps {
      var quotient = Int(gap) >> shift
      var tail = UInt64(gap) & low
      var tailCount = shift
      if isTripled {
        let digit = quotient % 3
        quotient /= 3
        tail = digit == 0 ? tail &<< 1 : tail &<< 2 | UInt64(2 * digit - 1)
        tailCount += digit == 0 ? 1 : 2
      }
      while quotient > 24 {
        writer.append(0, count: 24)
        quotient -= 24
      }
      writer.append((tail &<< 1 | 1) &<< UInt64(quotient), count: quotient + 1 + tailCount)
    }
    writer.finish()
  }

  /// `count` ascending indices below `limit`, coded in the whole of `bytes`; `nil` if they are not.
  func decode(_ bytes: UnsafeRawBufferPointer, count: Int, below limit: Int) -> [Int32]? {
    guard count <= 8 * bytes.count, 1 << shift <= max(limit, 1) else { return nil }
    var reader = BitReader(bytes)
    var isValid = true
    let indices = [Int32](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      var next = 0
      while initializedCount < count {
        guard let index = gap(&reader, below: limit - next) else { break }
        next += index
        buffer[initializedCount] = Int32(truncatingIfNeeded: next)
        initializedCount += 1
        next += 1
      }
      isValid = initializedCount == count
    }
    return isValid && reader.isAtEnd ? indices : nil
  }

  @inline(__always)
  private func gap(_ reader: inout BitReader, below limit: Int) -> Int? {
    // A quotient is below 2³⁷ bits of payload, so nothing overflows before the comparison.
    guard var quotient = reader.unary(), quotient <= limit else { return nil }
    if isTripled {
      let digit = reader.window & 3
      reader.skip(digit & 1 == 0 ? 1 : 2)
      quotient = 3 * quotient + (digit & 1 == 0 ? 0 : digit == 1 ? 1 : 2)
    }
    let gap = quotient << shift | Int(reader.read(shift))
    return gap < limit && !reader.isPastEnd ? gap : nil
  }
}
