import Tensors
import Testing

@testable import Compression

/// What holds for all codecs.
@Suite struct `Every codec` {
  @Test(arguments: everyCodec + [.log8])
  func `takes blocks of any length`(codec: Codec) throws {
    for count in Array(0...34) + [63, 64, 65, 511, 512, 513, 1000] {
      let x = codec.input(count, seed: UInt64(count))
      let y = try codec.decoded(x)
      #expect(y.count == count)
      #expect(y.array.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: everyCodec + [.log8])
  func `sends zeros as zeros`(codec: Codec) throws {
    for count in [0, 1, 5, 100] {
      #expect(try codec.decoded(Vector(count: count)).array.allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: everyCodec + [.log8])
  func `gives the same bytes for the same streams`(codec: Codec) throws {
    let x = codec.input(700, seed: 3)
    #expect(try codec.payload(x, seed: 9) == codec.payload(x, seed: 9))
  }

  @Test(arguments: everyCodec + [.log8])
  func `decodes at any address`(codec: Codec) throws {
    let x = codec.input(333, seed: 4)
    let payload = try codec.payload(x)
    let expected = try decodePayload(payload, count: 333).dense.array
    for offset in 1...3 {
      let shifted = [UInt8](repeating: 0xEE, count: offset) + payload
      let decoded = try shifted.withUnsafeBytes {
        try Codec.decode(
          UnsafeRawBufferPointer(rebasing: $0[offset...]), count: 333,
          indexSeed: stream(0, step: 1))
      }
      #expect(decoded.dense.array == expected)
    }
  }

  @Test(arguments: everyCodec + [.log8], [Float.nan, .infinity, -.infinity])
  func `refuses what is not finite and names its place`(codec: Codec, bad: Float) {
    for (count, place) in [(1, 0), (20, 19), (600, 555)] {
      let x = codec.input(count, seed: 5)
      x[place] = bad
      #expect(throws: CodecError.notFinite(index: place)) { try codec.payload(x) }
    }
  }

  @Test(arguments: everyCodec + [.log8])
  func `adds a scaled block to another`(codec: Codec) throws {
    let x = codec.input(150, seed: 6)
    let decoded = try decodePayload(codec.payload(x), count: 150)
    let y = gradient(150, seed: 7)
    let expected = zip(y.array, decoded.dense.array).map { $0 + -0.5 * $1 }
    decoded.addScaled(-0.5, to: y.base)
    #expect(y.array == expected)
    #expect(decoded.count == 150)
    if case .sparse = decoded { #expect(codec.isSparse) }
  }

  @Test(arguments: everyCodec + [.log8])
  func `has the size that its formula says`(codec: Codec) throws {
    for count in [0, 1, 2, 9, 127, 128, 512, 513, 1025, 16384] {
      let payload = try codec.payload(codec.input(count, seed: 8))
      if let byteCount = codec.byteCount(count: count) { #expect(payload.count == byteCount) }
    }
  }

  @Test func `has the size that is counted by hand`() {
    // Kind, two bytes of count, then: bucket in two bytes, two scales, a code each.
    #expect(Codec.int8(bucket: 512).byteCount(count: 1000) == 3 + 2 + 8 + 1000)
    #expect(Codec.int4(bucket: 512).byteCount(count: 1001) == 3 + 2 + 8 + 256 + 245)
    #expect(Codec.ternary(bucket: 512).byteCount(count: 1000) == 3 + 2 + 8 + 103 + 98)
    #expect(Codec.sign.byteCount(count: 1001) == 3 + 4 + 126)
    #expect(Codec.none.byteCount(count: 100) == 2 + 400)
    #expect(Codec.bf16.byteCount(count: 100) == 2 + 200)
    #expect(Codec.log8.byteCount(count: 100) == 2 + 8 + 100)
    #expect(Codec.randomK(density: 0.1, values: .int8).byteCount(count: 1000) == 3 + 1 + 1 + 104)
    #expect(
      Codec.powerSGD(rank: 2).byteCount(count: 1000, shape: (20, 50)) == 3 + 3 + 4 * 2 * 70)
    #expect(Codec.topK(density: 0.1).byteCount(count: 1000) == nil)
    #expect(Codec.threshold(0.1).byteCount(count: 1000) == nil)
  }

  @Test(arguments: [
    Codec.int8(bucket: 0), .int4(bucket: -1), .ternary(bucket: 0), .topK(density: 0),
    .topK(density: 1.01), .topK(density: .nan), .randomK(density: -0.1), .threshold(-1),
    .threshold(.infinity), .threshold(.nan), .powerSGD(rank: 0),
  ])
  func `refuses parameters out of range`(codec: Codec) {
    #expect {
      try codec.payload(gradient(10, seed: 1))
    } throws: { error in
      guard case CodecError.parameter(codec.name, _) = error else { return false }
      return "\(error)".hasPrefix("Codec \(codec.name): the ")
    }
  }

  @Test func `says whether it is unbiased and whether it is sparse`() {
    let unbiased = everyCodec.filter(\.isUnbiased)
    #expect(
      unbiased == [
        .none, .int8(bucket: 512), .int8(bucket: 7), .int4(bucket: 512), .int4(bucket: 9),
        .ternary(bucket: 512), .ternary(bucket: 13),
        .randomK(density: 0.1, values: .fp32, isUnbiased: true),
        .randomK(density: 0.1, values: .int8, isUnbiased: true),
      ])
    #expect(everyCodec.filter(\.isSparse).count == 20)
  }
}
