import Tensors
import Testing

@testable import Compression

@Suite struct `Index codes` {
  /// The dumb way: strings of bits, by the definition of Golomb's code with truncated binary
  /// remainders.
  private func string(_ gaps: [UInt32], divisor: Int) -> String {
    var bits = ""
    var width = 0
    while 1 << width < divisor { width += 1 }
    let short = 1 << width - divisor
    for gap in gaps.map(Int.init) {
      bits += String(repeating: "0", count: gap / divisor) + "1"
      let remainder = gap % divisor
      if remainder < short {
        bits += binary(remainder, width - 1)
      } else {
        bits += binary(remainder + short, width)
      }
    }
    return bits
  }

  private func binary(_ value: Int, _ width: Int) -> String {
    let digits = String(value, radix: 2)
    return width <= 0 ? "" : String(repeating: "0", count: width - digits.count) + digits
  }

  private func encoded(_ gaps: [UInt32], _ code: GolombCode) -> [UInt8] {
    let byteCount = (code.bitCount(gaps) + 7) / 8
    var bytes = [UInt8](repeating: 0xAA, count: byteCount + 8)
    bytes.withUnsafeMutableBytes {
      var writer = BitWriter($0.baseAddress!)
      code.encode(gaps, to: &writer)
    }
    return Array(bytes.prefix(byteCount))
  }

  private func randomIndices(_ kept: Int, of count: Int, seed: UInt64) -> [Int32] {
    Selection.drawn(kept, of: count, seed: stream(seed))
  }

  private static let codes = (0...12).flatMap {
    [GolombCode(shift: $0, isTripled: false), GolombCode(shift: $0, isTripled: true)]
  }

  @Test(arguments: codes)
  func `have the length of strings of bits`(code: GolombCode) {
    let divisor = (code.isTripled ? 3 : 1) << code.shift
    for seed in 0..<4 as Range<UInt64> {
      let gaps = IndexPlan.gaps(randomIndices(40, of: 3000, seed: seed))
      #expect(code.bitCount(gaps) == string(gaps, divisor: divisor).count)
    }
  }

  @Test(arguments: 0..<30 as Range<UInt32>)
  func `for powers of two are the strings of bits, remainders from the low end`(gap: UInt32) {
    for shift in 0...4 {
      let bytes = encoded([gap], GolombCode(shift: shift, isTripled: false))
      var bits: [String] = bytes.flatMap { byte -> [String] in
        (0..<8).map { byte >> $0 & 1 == 1 ? "1" : "0" }
      }
      let zeros = Int(gap) >> shift
      #expect(Array(bits.prefix(zeros + 1)) == Array(repeating: "0", count: zeros) + ["1"])
      bits.removeFirst(zeros + 1)
      let remainder = binary(Int(gap) & (1 << shift - 1), shift)
      #expect(bits.prefix(shift).joined() == String(remainder.reversed()))
      #expect(bits.dropFirst(shift).allSatisfy { $0 == "0" })
    }
  }

  @Test(arguments: codes)
  func `give the indices back`(code: GolombCode) {
    for (kept, count) in [(0, 10), (1, 1), (1, 5000), (7, 4096), (300, 5000), (4000, 5000)] {
      guard 1 << code.shift <= count else { continue }
      let indices = randomIndices(kept, of: count, seed: UInt64(kept))
      let bytes = encoded(IndexPlan.gaps(indices), code)
      bytes.withUnsafeBytes {
        #expect(code.decode($0, count: kept, below: count) == indices)
        // One index more, one less, a smaller block, a byte more: each is found out.
        #expect(code.decode($0, count: kept + 1, below: count) == nil)
        if let last = indices.last {
          #expect(code.decode($0, count: kept, below: Int(last)) == nil)
        }
      }
      (bytes + [0]).withUnsafeBytes {
        #expect(code.decode($0, count: kept, below: count) == nil)
      }
    }
  }

  @Test(arguments: 0..<8 as Range<UInt64>)
  func `take the cheapest divisor there is`(seed: UInt64) {
    var draws = stream(seed)
    for count in [1, 100, 10000] {
      for _ in 0..<6 {
        let kept = 1 + draws.index(below: count)
        var indices = randomIndices(kept, of: count, seed: seed)
        // Every second set is clustered: most of it near the start.
        if draws.nextWord() & 1 == 0 {
          indices = Set(indices.map { $0 * $0 / Int32(count) }).sorted()
        }
        let gaps = IndexPlan.gaps(indices)
        let best = GolombCode.best(for: gaps)
        #expect(best.bitCount == best.code.bitCount(gaps))
        let all = (0...30).flatMap { shift in
          [false, true].map { GolombCode(shift: shift, isTripled: $0).bitCount(gaps) }
        }
        #expect(best.bitCount == all.min()!)
      }
    }
  }

  @Test(arguments: [
    0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.12, 0.14, 0.16, 0.17, 0.18, 0.19,
    0.2, 0.21, 0.22, 0.23, 0.24, 0.25,
  ])
  func `are within two percent of the entropy of random sets`(density: Double) {
    let count = 262_144
    let kept = Codec.keptCount(of: count, density: density)
    let gaps = IndexPlan.gaps(randomIndices(kept, of: count, seed: 1))
    let plan = IndexPlan(gaps: gaps, count: count, zeroByteCount: 4)
    let bits = Double(8 * plan.byteCount(count: count))
    let bound = entropyBoundBits(count: count, k: kept)
    #expect(bits <= 1.02 * bound)
    // Below the bound by more than chance would mean that something is missing.
    #expect(bits >= 0.97 * bound)
  }

  @Test func `the entropy bound is that of a coin`() {
    #expect(abs(entropyBoundBits(count: 1000, k: 500) - 1000) < 1e-9)
    #expect(abs(entropyBoundBits(count: 1000, k: 250) - 811.278124459) < 1e-6)
    #expect(entropyBoundBits(count: 1000, k: 0) == 0)
    #expect(entropyBoundBits(count: 1000, k: 1000) == 0)
    #expect(entropyBoundBits(count: 0, k: 0) == 0)
  }

  @Test func `the shortest of the three ways is taken`() {
    func plan(_ indices: [Int32], _ count: Int, _ zeroByteCount: Int?) -> IndexPlan {
      IndexPlan(gaps: IndexPlan.gaps(indices), count: count, zeroByteCount: zeroByteCount)
    }
    let few = randomIndices(50, of: 5000, seed: 1)
    guard case .golomb = plan(few, 5000, 4) else {
      Issue.record("few indices are coded by their gaps")
      return
    }
    #expect(plan((0..<5000).map { $0 }, 5000, 4) == .every)
    #expect(plan((0..<4990).map { $0 }, 5000, 1) == .every)
    let most = randomIndices(3500, of: 5000, seed: 2)
    #expect(plan(most, 5000, 4) == .bitmap)
    #expect(plan(randomIndices(4600, of: 5000, seed: 3), 5000, 1) == .every)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `bits come back as they were written`(seed: UInt64) {
    var draws = stream(seed)
    let fields = (0..<300).map { _ in
      let count = draws.index(below: 58)
      return (value: draws.next() & ((1 << UInt64(count)) - 1), count: count)
    }
    let bitCount = fields.reduce(0) { $0 + $1.count }
    var bytes = [UInt8](repeating: 0xFF, count: (bitCount + 7) / 8 + 8)
    bytes.withUnsafeMutableBytes {
      var writer = BitWriter($0.baseAddress!)
      for field in fields { writer.append(field.value, count: field.count) }
      writer.finish()
    }
    bytes.prefix((bitCount + 7) / 8).withUnsafeBytes {
      var reader = BitReader($0)
      for field in fields { #expect(reader.read(field.count) == field.value) }
      #expect(reader.isAtEnd && !reader.isPastEnd)
    }
  }

  @Test func `long runs of zeros are counted across words`() {
    for run in [0, 1, 56, 57, 58, 63, 64, 113, 114, 115, 1000] {
      for offset in 0..<8 {
        var bytes = [UInt8](repeating: 0, count: (run + offset) / 8 + 1)
        bytes[(run + offset) / 8] = 1 << UInt8((run + offset) % 8)
        bytes.withUnsafeBytes {
          var reader = BitReader($0)
          reader.skip(offset)
          #expect(reader.unary() == run)
          #expect(reader.position == run + offset + 1)
          #expect(reader.unary() == nil)
        }
      }
    }
  }

  @Test func `a mask gives its indices back and refuses bits past the end`() {
    for count in [1, 8, 63, 64, 65, 130] {
      let indices = randomIndices(count / 2, of: count, seed: 3)
      var mask = BitMask(count: count)
      for index in indices { mask.insert(Int(index)) }
      #expect(mask.indices(population: mask.population) == indices)
      #expect((0..<count).allSatisfy { mask[$0] == indices.contains(Int32($0)) })
      var bytes = [UInt8](repeating: 0, count: BitMask.byteCount(count: count))
      bytes.withUnsafeMutableBytes { mask.encode(into: $0.baseAddress!) }
      bytes.withUnsafeBytes { #expect(BitMask($0, count: count)?.words == mask.words) }
      if count % 8 > 0 {
        bytes[bytes.count - 1] |= 1 << UInt8(count % 8)
        bytes.withUnsafeBytes { #expect(BitMask($0, count: count) == nil) }
      }
      mask.invert()
      #expect(mask.population == count - count / 2)
    }
  }
}
