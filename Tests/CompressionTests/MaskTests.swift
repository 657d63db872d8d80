import Tensors
import Testing

@testable import Compression

@Suite struct `Mask of a block` {
  private func places(_ count: Int, share: Double, seed: UInt64) -> Mask {
    var draws = stream(seed)
    return Mask(of: Vector((0..<count).map { _ in draws.uniform() }).view, atMost: Float(share))
  }

  @Test(arguments: [0.0, 0.001, 0.02, 0.4, 0.6, 0.98, 0.999, 1.0], [0, 1, 7, 1000, 20_001])
  func `come back from their bytes`(share: Double, count: Int) throws {
    let places = places(count, share: share, seed: 3)
    #expect(try Mask.decode(places.encode(), count: count) == places)
  }

  @Test(arguments: [0.001, 0.02, 0.1, 0.9, 0.98, 0.999])
  func `cost what a random set of so many must cost`(share: Double) {
    let places = places(100_000, share: share, seed: 4)
    let bound = entropyBoundBits(count: 100_000, k: places.indices.count) / 8
    #expect(Double(places.encode().count) < 1.02 * bound + 12)
  }

  @Test func `gather and scatter by hand`() {
    let places = Mask(of: Vector([5, 1, 9, 2]).view, atMost: 4)
    #expect(places.indices == [1, 3] && !places.isWhole)
    #expect(places.gather(Vector([10, 20, 30, 40]).view).array == [20, 40])
    #expect(places.scatter(Vector([7, 8]).view).array == [0, 7, 0, 8])
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func `damaged bytes are refused or list other places`(seed: UInt64) throws {
    var bytes = places(300, share: 0.1, seed: 5).encode()
    var draws = stream(seed, step: 9)
    bytes[draws.index(below: bytes.count)] ^= UInt8(1 << draws.index(below: 8))
    if let decoded = try? Mask.decode(bytes, count: 300) {
      #expect(decoded.indices.allSatisfy { $0 >= 0 && $0 < 300 })
      #expect(zip(decoded.indices, decoded.indices.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect(throws: CodecError.self) { try Mask.decode(bytes, count: 299) }
    #expect(throws: CodecError.self) { try Mask.decode(Array(bytes.prefix(2)), count: 300) }
  }

  @Test func `are no values`() throws {
    let bytes = places(100, share: 0.5, seed: 6).encode()
    #expect(throws: CodecError.self) { try decodePayload(bytes, count: 100) }
    let values = try Codec.sign.payload(gradient(100, seed: 1))
    #expect(throws: CodecError.self) { try Mask.decode(values, count: 100) }
  }
}

@Suite struct `Entropy bound of a payload` {
  @Test(arguments: everyCodec + [.log8])
  func `is at most the payload`(codec: Codec) throws {
    for count in [0, 1, 100, 5000] {
      let payload = try codec.payload(codec.input(count, seed: 1))
      let bits = Codec.boundBits(of: payload, countMaximum: count)
      #expect(bits >= 0 && bits <= Double(8 * payload.count))
    }
  }

  @Test func `counts by hand`() throws {
    let x = Vector([3, 0, 0, 0, -3, 0, 0, 0])
    let sparse = try Codec.topK(density: 0.25, values: .sign).payload(x)
    // 8 · H(1/4) for the places, a sign each and a scale.
    #expect(abs(Codec.boundBits(of: sparse, countMaximum: 8) - (6.490 + 2 + 32)) < 0.01)
    #expect(Codec.boundBits(of: try Codec.fp16.payload(x), countMaximum: 8) == 128)
    // Half of the bytes are zeros, half of them ones, but for what stands before them.
    let even = Vector((0..<4096).map { $0 % 2 == 0 ? 1 : -1 })
    let dense = try Codec.int8(bucket: 4096).payload(even)
    #expect(abs(Codec.boundBits(of: dense, countMaximum: 4096) / 4096 - 1) < 0.05)
  }

  @Test func `of what is no payload is its size`() {
    #expect(Codec.boundBits(of: [255, 1, 2], countMaximum: 9) == 24)
  }
}

@Suite struct `Selection by rank` {
  @Test func `takes what would move most and keeps the rest`() throws {
    var feedback = ErrorFeedback(count: 4, codec: .topK(density: 0.25))
    var draws = stream(1)
    let payload = try feedback.encode(
      gradient: Vector([8, -4, 2, 1]).view, step: 0, draws: &draws, indexSeed: draws,
      ranking: Vector([0.1, 0.5, 0.1, 1]).view)
    #expect(try decodePayload(payload, count: 4).dense.array == [0, -4, 0, 0])
    #expect(feedback.residual.array == [8, 0, 2, 1])
  }

  @Test func `with equal ranks is selection by magnitude`() throws {
    let x = gradient(2000, seed: 9)
    var (plain, ranked) = (
      ErrorFeedback(count: 2000, codec: .topK(density: 0.03)),
      ErrorFeedback(count: 2000, codec: .topK(density: 0.03))
    )
    for step in 0..<3 {
      var draws = stream(1, step: step)
      let one = try plain.encode(gradient: x.view, step: step, draws: &draws, indexSeed: draws)
      let other = try ranked.encode(
        gradient: x.view, step: step, draws: &draws, indexSeed: draws,
        ranking: Vector(repeating: 0.5, count: 2000).view)
      #expect(one == other)
    }
  }
}
