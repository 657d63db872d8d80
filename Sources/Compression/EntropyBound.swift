import CKernels

extension Codec {
  /// What a payload's content would take at least, in bits: the entropy of its indices as a random
  /// set of so many, and of its quantised values by how often each occurs; halves and floats count
  /// with all their bits. O(payload).
  ///
  /// - Parameter countMaximum: Values in the block; a payload may hold fewer, of open places only.
  /// - Returns: The payload's own size where its content cannot be told from its bytes.
  public static func boundBits(of payload: [UInt8], countMaximum: Int) -> Double {
    let whole = Double(8 * payload.count)
    let result = payload.withUnsafeBytes { buffer in
      Result { () throws(CodecError) -> Double? in
        let count = try PayloadReader.claimedCount(buffer)
        guard (1...max(1, countMaximum)).contains(count) else { return nil }
        return try bound(of: buffer, count: count)
      }
    }
    guard case .success(let bits?) = result else { return whole }
    return min(bits, whole)
  }

  private static func bound(
    of bytes: UnsafeRawBufferPointer, count: Int
  ) throws(CodecError) -> Double? {
    var reader = try PayloadReader(bytes, count: count)
    switch reader.kind {
    case .none: return Double(32 * count)
    case .fp16, .bf16: return Double(16 * count)
    // Bytes of int4 and ternary hold several codes: their entropy is that of codes together.
    case .int8, .int4, .ternary, .log8: return symbolBits(reader.body)
    case .lowRank: return nil
    case .sign: return Double(32 + count)
    case .places:
      _ = try reader.byte()
      return entropyBoundBits(count: count, k: try reader.integer())
    case .sparse, .randomK:
      let isSparse = reader.kind == .sparse
      let flags = try reader.byte()
      let kept = try reader.integer()
      guard kept <= count, let format = ValueFormat(code: flags >> (isSparse ? 2 : 1)) else {
        return nil
      }
      let isDense = isSparse && flags & 3 == 2
      let values = try reader.take(format.byteCount(isDense ? count : kept))
      let indexBits = isSparse ? entropyBoundBits(count: count, k: kept) : 0
      switch format {
      case .int8: return indexBits + symbolBits(values)
      case .sign: return indexBits + Double(32 + kept)
      case .fp32, .fp16: return indexBits + Double(8 * format.byteCount(kept))
      }
    }
  }

  /// n · H of the bytes' own frequencies.
  private static func symbolBits(_ bytes: UnsafeRawBufferPointer) -> Double {
    guard !bytes.isEmpty else { return 0 }
    var counts = [Int](repeating: 0, count: 256)
    for byte in bytes { counts[Int(byte)] &+= 1 }
    let total = Double(bytes.count)
    var nats = 0.0
    for count in counts where count > 0 {
      nats -= Double(count) * hebb_log(Double(count) / total)
    }
    return nats / hebb_log(2)
  }
}
