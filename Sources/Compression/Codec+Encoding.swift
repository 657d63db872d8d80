public import Tensors

extension Codec {
  /// The payload of a block: a header that says all but what the receiver knows, then the values.
  ///
  /// - Parameters:
  ///   - x: The block; NaN and infinity are refused.
  ///   - draws: For stochastic rounding and the start of a power iteration; moves on by what it
  ///     takes. The sender's own.
  ///   - indexSeed: Where ``randomK(density:values:isUnbiased:)`` takes its indices from; the
  ///     receiver decodes with an equal stream, so it must be one per sender and step.
  ///   - shape: For ``powerSGD(rank:)``, the block as a row-major matrix; its last row may be
  ///     short. A nearly square one if `nil`.
  public func encode(
    _ x: VectorView, draws: inout RandomStream, indexSeed: RandomStream,
    shape: (rows: Int, columns: Int)? = nil
  ) throws(CodecError) -> [UInt8] {
    try check()
    switch self {
    case .none: return try PlainCode.encodeNone(x)
    case .fp16: return try PlainCode.encodeHalf(x)
    case .bf16: return try PlainCode.encodeBrain(x)
    case .int8(let bucket):
      return try BucketCode(kind: .int8, bucket: bucket).encode(x, draws: &draws)
    case .int4(let bucket):
      return try BucketCode(kind: .int4, bucket: bucket).encode(x, draws: &draws)
    case .ternary(let bucket):
      return try BucketCode(kind: .ternary, bucket: bucket).encode(x, draws: &draws)
    case .sign: return try SignCode.encode(x)
    case .topK(let density, let format):
      _ = try finitePeak(x)
      let kept = Self.keptCount(of: x.count, density: density)
      return try SparseCode(format: format).encode(x, indices: Selection.largest(kept, of: x))
    case .threshold(let value, let format):
      _ = try finitePeak(x)
      return try SparseCode(format: format).encode(x, indices: Selection.atLeast(value, of: x))
    case .randomK(let density, let format, let isUnbiased):
      _ = try finitePeak(x)
      return try SparseCode(format: format).encodeRandom(
        x, kept: Self.keptCount(of: x.count, density: density), isUnbiased: isUnbiased,
        indexSeed: indexSeed, draws: &draws)
    case .powerSGD:
      var cold: [Float] = []
      return try encodeLowRank(x, start: &cold, draws: &draws, shape: shape)
    case .log8: return try LogCode.encode(x)
    }
  }

  /// ``topK(density:values:)`` of the largest products of magnitude and rank.
  func encodeRanked(
    _ x: VectorView, by ranking: VectorView, density: Double, _ format: ValueFormat
  ) throws(CodecError) -> [UInt8] {
    precondition(ranking.count == x.count, "every value has a rank")
    try check()
    _ = try finitePeak(x)
    let ranked = Vector(uninitialized: x.count)
    for index in 0..<x.count { ranked.base[index] = x.base[index] * ranking.base[index] }
    let kept = Self.keptCount(of: x.count, density: density)
    return try SparseCode(format: format).encode(
      x, indices: Selection.largest(kept, of: ranked.view))
  }

  /// ``powerSGD(rank:)`` with the memory that a sender keeps.
  func encodeLowRank(
    _ x: VectorView, start: inout [Float], draws: inout RandomStream,
    shape: (rows: Int, columns: Int)?
  ) throws(CodecError) -> [UInt8] {
    guard case .powerSGD(let rank) = self else { preconditionFailure("not a low-rank codec") }
    try check()
    let code = try LowRankCode(rank: rank, count: x.count, shape: shape)
    return try code.encode(x, start: &start, draws: &draws)
  }

  /// The size of a payload of `count` values, header included; `nil` for codecs whose size depends
  /// on the values: top-k (by its indices) and threshold.
  ///
  /// - Parameter shape: As for encoding.
  public func byteCount(count: Int, shape: (rows: Int, columns: Int)? = nil) -> Int? {
    func header(_ kind: PayloadKind, _ parameters: Int...) -> Int {
      var header = PayloadHeader(kind, count: count)
      for parameter in parameters { header.append(parameter) }
      return header.bytes.count
    }
    func buckets(_ kind: PayloadKind, _ bucket: Int) -> Int {
      header(kind, bucket) + BucketCode(kind: kind, bucket: bucket).bodyByteCount(count: count)
    }
    switch self {
    case .none: return header(.none) + 4 * count
    case .fp16: return header(.fp16) + 2 * count
    case .bf16: return header(.bf16) + 2 * count
    case .int8(let bucket): return buckets(.int8, bucket)
    case .int4(let bucket): return buckets(.int4, bucket)
    case .ternary(let bucket): return buckets(.ternary, bucket)
    case .sign: return header(.sign) + 4 + SignCode.bodyByteCount(count: count)
    case .topK, .threshold: return nil
    case .randomK(let density, let format, _):
      let kept = Self.keptCount(of: count, density: density)
      return header(.randomK, kept) + 1 + SparseValues(format: format).byteCount(kept)
    case .powerSGD(let rank):
      return try? LowRankCode(rank: rank, count: count, shape: shape).byteCount
    case .log8: return header(.log8) + 8 + count
    }
  }
}
