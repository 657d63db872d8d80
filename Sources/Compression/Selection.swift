import Tensors

/// Which values a sparse codec sends: ascending indices.
enum Selection {
  /// The `kept` largest magnitudes, exactly so many; of equal ones the first.
  ///
  /// A threshold guessed from a sample leaves few candidates, among which a radix select finds the
  /// exact one; when the guess was too high all values are candidates. Finite input. O(`x.count`).
  static func largest(_ kept: Int, of x: VectorView) -> [Int32] {
    precondition(kept >= 0 && kept <= x.count)
    guard kept > 0 else { return [] }
    guard kept < x.count else { return (0..<Int32(kept)).map { $0 } }
    var mask = BitMask(x, atLeast: thresholdGuess(kept, of: x))
    var population = mask.population
    if population < kept {
      mask = BitMask(x, atLeast: 0)
      population = x.count
    }
    let candidates = mask.indices(population: population)
    let magnitudes = candidates.map { magnitude(x.base[Int($0)]) }
    let threshold = largest(kept, among: magnitudes)

    var ties = kept
    for magnitude in magnitudes where magnitude > threshold { ties -= 1 }
    return [Int32](unsafeUninitializedCapacity: kept + 1) { buffer, initializedCount in
      // Always stored, kept by advancing: without branches. One place is to spare.
      var cursor = 0
      for (index, magnitude) in zip(candidates, magnitudes) {
        let isTie = magnitude == threshold && ties > 0
        buffer[cursor] = index
        cursor &+= magnitude > threshold || isTie ? 1 : 0
        ties &-= isTie ? 1 : 0
      }
      initializedCount = cursor
    }
  }

  /// All magnitudes of `threshold` and more.
  static func atLeast(_ threshold: Double, of x: VectorView) -> [Int32] {
    var bound = Float(threshold)
    if Double(bound) < threshold { bound = bound.nextUp }
    let mask = BitMask(x, atLeast: bound.bitPattern)
    return mask.indices(population: mask.population)
  }

  /// `kept` of `count` indices, every set of them equally likely (Floyd; Bentley 1987).
  static func drawn(_ kept: Int, of count: Int, seed: RandomStream) -> [Int32] {
    precondition(kept >= 0 && kept <= count)
    var draws = seed
    var mask = BitMask(count: count)
    // Whichever is less is drawn: those in the set or those out of it.
    let drawn = min(kept, count - kept)
    for last in count - drawn..<count {
      let index = draws.index(below: last + 1)
      mask.insert(mask[index] ? last : index)
    }
    if drawn < kept { mask.invert() }
    return mask.indices(population: kept)
  }

  @inline(__always)
  private static func magnitude(_ value: Float) -> UInt32 { value.bitPattern & 0x7FFF_FFFF }

  /// A bit pattern that probably somewhat more than `kept` magnitudes reach: that of a sample's
  /// order statistic, four standard deviations to the safe side. 0 where a sample does not pay.
  private static func thresholdGuess(_ kept: Int, of x: VectorView) -> UInt32 {
    let sampleCount = min(1 << 14, x.count / 8)
    guard sampleCount >= 256 else { return 0 }
    let expected = Double(sampleCount) * Double(kept) / Double(x.count)
    let rank = Int(expected + 4 * expected.squareRoot() + 8)
    guard rank < sampleCount / 2 else { return 0 }
    let stride = x.count / sampleCount
    var sample = [UInt32]()
    sample.reserveCapacity(sampleCount)
    for number in 0..<sampleCount {
      // Scattered within its stride, so that the columns of a matrix do not beat with it.
      let hash = UInt64(UInt32(truncatingIfNeeded: number) &* 0x9E37_79B9)
      let offset = Int((hash &* UInt64(stride)) >> 32)
      sample.append(magnitude(x.base[number &* stride &+ offset]))
    }
    return largest(rank, among: sample)
  }

  /// The `rank`-th largest of the given numbers below 2³¹, counted from 1: eleven bits at a time.
  static func largest(_ rank: Int, among numbers: [UInt32]) -> UInt32 {
    precondition(rank >= 1 && rank <= numbers.count)
    var (rest, rank, found) = (numbers, rank, UInt32(0))
    for (shift, bits) in [(20, 11), (9, 11), (0, 9)] as [(UInt32, UInt32)] {
      let mask = (UInt32(1) << bits) - 1
      var histogram = [Int](repeating: 0, count: 1 << Int(bits))
      for number in rest { histogram[Int((number &>> shift) & mask)] &+= 1 }
      var digit = histogram.count - 1
      while histogram[digit] < rank {
        rank -= histogram[digit]
        digit -= 1
      }
      found |= UInt32(digit) << shift
      rest = rest.filter { ($0 &>> shift) & mask == UInt32(digit) }
    }
    return found
  }
}
