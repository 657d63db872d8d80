public import Tensors

extension Codec {
  /// What a payload stands for, whichever codec wrote it.
  ///
  /// Every payload that an encoder did not write is an error or decodes to finite values; memory is
  /// taken for `count` values at most, whatever the payload claims.
  ///
  /// - Parameters:
  ///   - bytes: The payload, at any address.
  ///   - count: Number of values in the block, known to the receiver.
  ///   - indexSeed: Equal to the sender's.
  public static func decode(
    _ bytes: UnsafeRawBufferPointer, count: Int, indexSeed: RandomStream
  ) throws(CodecError) -> Decoded {
    precondition(count >= 0 && count <= Int(Int32.max), "a block has 0 to 2^31 - 1 values")
    var reader = try PayloadReader(bytes, count: count)
    switch reader.kind {
    case .none, .fp16, .bf16: return .whole(try PlainCode.decode(&reader, count: count))
    case .int8, .int4, .ternary: return .whole(try BucketCode.decode(&reader, count: count))
    case .sign: return .whole(try SignCode.decode(&reader, count: count))
    case .sparse: return try SparseCode.decode(&reader, count: count)
    case .randomK:
      return try SparseCode.decodeRandom(&reader, count: count, indexSeed: indexSeed)
    case .lowRank: return .whole(try LowRankCode.decode(&reader, count: count))
    case .log8: return .whole(try LogCode.decode(&reader, count: count))
    case .places: throw reader.damaged("it lists places where values are expected")
    }
  }

  /// Decodes a payload that is an array.
  public static func decode(
    _ bytes: [UInt8], count: Int, indexSeed: RandomStream
  ) throws(CodecError) -> Decoded {
    let result = bytes.withUnsafeBytes { buffer in
      Result { () throws(CodecError) in try decode(buffer, count: count, indexSeed: indexSeed) }
    }
    return try result.get()
  }
}
