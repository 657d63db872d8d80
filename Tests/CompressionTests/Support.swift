import Tensors

@testable import Compression

/// One of each codec, the sparse ones with each format.
let everyCodec: [Codec] =
  [
    .none, .fp16, .bf16, .int8(bucket: 512), .int8(bucket: 7), .int4(bucket: 512),
    .int4(bucket: 9), .ternary(bucket: 512), .ternary(bucket: 13), .sign, .powerSGD(rank: 2),
  ]
  + ValueFormat.allCases.flatMap {
    [
      .topK(density: 0.05, values: $0), .topK(density: 0.6, values: $0),
      .randomK(density: 0.1, values: $0, isUnbiased: false),
      .randomK(density: 0.1, values: $0, isUnbiased: true), .threshold(0.5, values: $0),
    ] as [Codec]
  }

func stream(_ seed: UInt64, step: Int = 0) -> RandomStream {
  RandomStream(seed: seed, purpose: .test, step: step)
}

/// Normal values of a scale that differs from stretch to stretch, as in a gradient.
func gradient(_ count: Int, seed: UInt64) -> Vector {
  var draws = RandomStream(seed: seed, purpose: .test, node: 1)
  return Vector((0..<count).map { Float(draws.normal()) * ($0 / 64 % 3 == 0 ? 1 : 0.125) })
}

/// Of the same magnitudes, none negative.
func importances(_ count: Int, seed: UInt64) -> Vector {
  Vector(gradient(count, seed: seed).array.map { $0 * $0 })
}

extension Codec {
  /// Input that the codec takes.
  func input(_ count: Int, seed: UInt64) -> Vector {
    self == .log8 ? importances(count, seed: seed) : gradient(count, seed: seed)
  }

  func payload(_ x: Vector, seed: UInt64 = 0) throws(CodecError) -> [UInt8] {
    var draws = stream(seed)
    return try encode(x.view, draws: &draws, indexSeed: stream(seed, step: 1))
  }

  func decoded(_ x: Vector, seed: UInt64 = 0) throws(CodecError) -> Vector {
    try decodePayload(payload(x, seed: seed), count: x.count, seed: seed).dense
  }
}

func decodePayload(_ bytes: [UInt8], count: Int, seed: UInt64 = 0) throws(CodecError) -> Decoded {
  try Codec.decode(bytes, count: count, indexSeed: stream(seed, step: 1))
}
