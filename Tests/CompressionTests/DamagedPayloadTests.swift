import Tensors
import Testing

@testable import Compression

@Suite struct `Damaged payloads` {
  /// Either an error, or finite values of the right number.
  private func survives(_ bytes: [UInt8], count: Int) -> Bool {
    do {
      let decoded = try decodePayload(bytes, count: count)
      if case .sparse(let indices, let values, _) = decoded {
        guard indices.count == values.count, indices.allSatisfy({ $0 >= 0 && $0 < count }),
          zip(indices, indices.dropFirst()).allSatisfy({ $0 < $1 })
        else { return false }
      }
      return decoded.count == count && decoded.dense.array.allSatisfy(\.isFinite)
    } catch {
      return "\(error)".hasSuffix(".")
    }
  }

  @Test(arguments: everyCodec + [.log8])
  func `of random bytes changed are refused or decode to something finite`(codec: Codec) throws {
    var draws = stream(17)
    for round in 0..<150 {
      let count = draws.index(below: round % 10 == 0 ? 700 : 60)
      var bytes = try codec.payload(codec.input(count, seed: UInt64(round)))
      for _ in 0...draws.index(below: 3) {
        // Headers are short, so half of the damage is done there.
        let reach = draws.nextWord() & 1 == 0 ? min(8, bytes.count) : bytes.count
        let byte = UInt8(truncatingIfNeeded: draws.nextWord())
        bytes[draws.index(below: reach)] ^= byte.nonzeroBitCount > 4 ? byte : 1 << (byte & 7)
      }
      #expect(survives(bytes, count: count), "\(bytes)")
    }
  }

  @Test(arguments: everyCodec + [.log8])
  func `cut short or with a byte more are refused`(codec: Codec) throws {
    for count in [0, 1, 50, 300] {
      let payload = try codec.payload(codec.input(count, seed: 2))
      for length in 0..<payload.count {
        #expect(throws: CodecError.self) {
          try decodePayload(Array(payload.prefix(length)), count: count)
        }
      }
      #expect(throws: CodecError.self) { try decodePayload(payload + [0], count: count) }
      for other in [count - 1, count + 1, 2 * count + 2] where other >= 0 {
        #expect(throws: CodecError.wrongCount(claimed: count, expected: other)) {
          try decodePayload(payload, count: other)
        }
      }
    }
  }

  @Test(arguments: 0..<13 as Range<UInt8>)
  func `of random bytes after a good start are refused or finite`(id: UInt8) {
    var draws = stream(UInt64(id))
    for _ in 0..<300 {
      let count = draws.index(below: 100)
      let rest = (0..<draws.index(below: 120)).map { _ in
        // Small numbers now and then, as in a header.
        UInt8(truncatingIfNeeded: draws.nextWord() >> (draws.nextWord() & 1 == 0 ? 0 : 29))
      }
      #expect(survives([id, UInt8(count)] + rest, count: count))
    }
  }

  private func expectDamage(
    _ bytes: [UInt8], count: Int, _ reason: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: location) {
      try decodePayload(bytes, count: count)
    } throws: { error in
      guard case CodecError.malformed(_, let found) = error else { return false }
      return found.contains(reason)
    }
  }

  @Test func `are named by what is wrong with them`() {
    let notANumber: [UInt8] = [0, 0, 0xC0, 0x7F]
    #expect(throws: CodecError.unknownCodec(id: 0)) { try decodePayload([0, 0], count: 0) }
    #expect(throws: CodecError.wrongLength(byteCount: 0, expected: 1)) {
      try decodePayload([], count: 0)
    }
    #expect(throws: CodecError.wrongLength(byteCount: 5, expected: 6)) {
      try decodePayload([1, 1, 0, 0, 0], count: 1)
    }
    expectDamage([1, 0x81, 0], count: 1, "count in its header")
    expectDamage([1, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], count: 1, "count in its header")
    expectDamage([1, 1] + notANumber, count: 1, "not finite")
    expectDamage([2, 1, 0, 0x7C], count: 1, "not finite")
    expectDamage([3, 1, 0x80, 0x7F], count: 1, "not finite")
    expectDamage([4, 1, 0], count: 1, "buckets are empty")
    expectDamage([4, 1, 1] + notANumber + [1], count: 1, "a scale")
    expectDamage([4, 1, 1, 0, 0, 0x80, 0xBF, 1], count: 1, "a scale")
    expectDamage([4, 1, 1, 0, 0, 0x80, 0x3F, 0x80], count: 1, "a code")
    expectDamage([5, 1, 1, 0, 0, 0x80, 0x3F, 0x08], count: 1, "a code")
    expectDamage([5, 1, 1, 0, 0, 0x80, 0x3F, 0x10], count: 1, "a code")
    expectDamage([6, 1, 1, 0, 0, 0x80, 0x3F, 243], count: 1, "a code")
    expectDamage([6, 1, 1, 0, 0, 0x80, 0x3F, 242], count: 1, "a code")
    expectDamage([7, 1, 0, 0, 0x80, 0x3F, 2], count: 1, "past the last value")
    expectDamage([7, 1] + notANumber + [0], count: 1, "a scale")
    expectDamage([8, 1, 3, 0], count: 1, "asks for")
    expectDamage([8, 1, 16, 0], count: 1, "asks for")
    expectDamage([8, 1, 12, 1] + notANumber + [0, 0], count: 1, "a scale")
    expectDamage([8, 1, 12, 1, 0, 0, 0x80, 0x3F, 2, 0], count: 1, "past the last value")
    expectDamage([8, 1, 0, 2], count: 1, "asks for")
    expectDamage([8, 1, 2, 0, 0, 0, 0x80, 0x3F], count: 1, "more values")
    expectDamage([8, 2, 1, 1, 0, 0, 0x80, 0x3F, 3], count: 2, "bitmap")
    expectDamage([8, 2, 1, 1, 0, 0, 0x80, 0x3F, 5], count: 2, "bitmap")
    expectDamage([8, 2, 0, 1, 0, 0, 0x80, 0x3F, 31, 1], count: 2, "indices")
    // A gap of two, a divisor beyond the block, a bit past the end.
    expectDamage([8, 2, 0, 1, 0, 0, 0x80, 0x3F, 0, 4], count: 2, "indices")
    expectDamage([8, 2, 0, 1, 0, 0, 0x80, 0x3F, 2, 1], count: 2, "indices")
    expectDamage([8, 2, 0, 1, 0, 0, 0x80, 0x3F, 0, 3], count: 2, "indices")
    expectDamage([9, 1, 8, 0], count: 1, "asks for")
    expectDamage([9, 1, 0, 2], count: 1, "asks for")
    expectDamage([10, 4, 2, 2, 3], count: 4, "factors")
    expectDamage([10, 4, 2, 1, 1], count: 4, "factors")
    expectDamage([10, 4, 2, 2, 0], count: 4, "factors")
    expectDamage([11, 1, 0, 0, 0x80, 0x3F, 0, 0, 0, 0, 0], count: 1, "range")
    expectDamage([11, 1, 0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0], count: 1, "range")
  }

  @Test func `that claim far more than they hold take no memory`() {
    // 2³¹ − 1 as values, kept values, buckets, rows, columns and rank.
    let many: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0x07]
    let count = Int(Int32.max)
    for bytes in [
      [1] + many, [4] + many + [1], [4] + many + many, [6] + many + many,
      [7] + many + [0, 0, 0, 0],
      [8] + many + [0] + many, [8] + many + [1] + many, [8] + many + [2] + many,
      [8] + many + [2, 0], [9] + many + [0] + many, [10] + many + [1] + many + [1],
      [10] + many + many + [1] + [1], [11] + many + [0, 0, 0, 0, 0, 0, 0, 0],
    ] as [[UInt8]] {
      #expect(throws: CodecError.self) { try decodePayload(bytes, count: count) }
    }
  }
}
