import Compression
import Foundation
import Launch
import Tensors
import Running

/// Every codec on a gradient: the time of both directions, and its size beside the bits that are in
/// what it sends.
struct CodecBench {
  let rounds: Int

  /// Parameters of 784-400-400-10.
  private static let count = 478_410

  private static let codecs: [(name: String, codec: Codec)] =
    [
      ("none", .none), ("fp16", .fp16), ("bf16", .bf16), ("int8", .int8()), ("int4", .int4()),
      ("ternary", .ternary()), ("sign", .sign), ("power-sgd, rank 2", .powerSGD(rank: 2)),
      ("log8", .log8), ("threshold 1.8, fp32", .threshold(1.8)),
    ]
    + ValueFormat.allCases.flatMap { format in
      [
        ("top-k 1 %, \(format.rawValue)", .topK(density: 0.01, values: format)),
        ("random-k 1 %, \(format.rawValue)", .randomK(density: 0.01, values: format)),
      ]
    }

  func rows() throws -> [BenchRow] {
    let gradient = Self.gradient
    return try Self.codecs.flatMap { try rows($0.name, $0.codec, gradient) }
  }

  private func rows(
    _ name: String, _ codec: Codec, _ gradient: Vector
  ) throws -> [BenchRow] {
    let input = codec == .log8 ? Self.magnitudes(gradient) : gradient
    let seed = RandomStream(seed: 1, purpose: .compression, node: 1)
    var (encoding, decoding): ([Double], [Double]) = ([], [])
    var payload: [UInt8] = []
    for round in 0...rounds {
      try Interruption.check()
      var draws = RandomStream(seed: 1, purpose: .compression, step: round)
      let encode = try seconds {
        payload = try codec.encode(input.view, draws: &draws, indexSeed: seed)
      }
      let decode = try seconds {
        _ = try Codec.decode(payload, count: Self.count, indexSeed: seed)
      }
      if round > 0 {
        encoding.append(encode / Double(Self.count) * 1e9)
        decoding.append(decode / Double(Self.count) * 1e9)
      }
    }
    let bits = Double(8 * payload.count) / Double(Self.count)
    let boundBits = Codec.boundBits(of: payload, countMaximum: Self.count) / Double(Self.count)
    // Of factors nothing can be said.
    let bound = codec == .powerSGD(rank: 2) ? nil : boundBits
    return [
      BenchRow(name: "\(name), encode", value: median(encoding), unit: "ns/value", target: ""),
      BenchRow(name: "\(name), decode", value: median(decoding), unit: "ns/value", target: ""),
      BenchRow(
        name: "\(name), size", value: bits, unit: "bits/value",
        yardstick: bound == nil ? nil : "entropy", yardstickValue: bound,
        ratio: bound.map { bits / $0 }, target: ""),
    ]
  }

  /// Normal values, as gradients of one layer are.
  private static var gradient: Vector {
    var draws = RandomStream(seed: 1, purpose: .test)
    return Vector((0..<count).map { _ in Float(draws.normal()) })
  }

  private static func magnitudes(_ gradient: Vector) -> Vector {
    Vector(gradient.array.map(\.magnitude))
  }
}
