import CKernels
import Tensors

/// The key of a block's dither: 64 bits of the caller's stream. The draws themselves are a hash of
/// each value's position under this key, which costs a fraction of a stream's words.
struct DitherKey {
  let words: (UInt32, UInt32)

  init(_ draws: inout RandomStream) {
    words = (draws.nextWord(), draws.nextWord())
  }
}

/// Stochastic rounding to few equal steps between −s and s, where s is the largest magnitude of
/// each bucket of consecutive values.
///
/// A payload holds all scales, then all codes. Within a bucket, codes that share a byte lie a
/// stride apart, so that packing is a few operations on whole runs. A bucket whose s is below
/// 2⁻¹²⁰ is sent as zeros.
struct BucketCode {
  let kind: PayloadKind
  /// Values a bucket; the last one may have fewer.
  let bucket: Int

  /// Steps on either side of zero.
  private var levels: Int {
    switch kind {
    case .int8: 127
    case .int4: 7
    default: 1
    }
  }

  /// Codes a byte.
  private var density: Int {
    switch kind {
    case .int8: 1
    case .int4: 2
    default: 5
    }
  }

  private func packedByteCount(_ count: Int) -> Int { (count + density - 1) / density }

  func bodyByteCount(count: Int) -> Int {
    let (full, rest) = count.quotientAndRemainder(dividingBy: bucket)
    return 4 * (full + (rest > 0 ? 1 : 0)) + full * packedByteCount(bucket) + packedByteCount(rest)
  }

  /// The smallest scale that is not taken for zero.
  static let smallestScale: Float = 0x1p-120

  /// Steps a unit, 0 for a scale that is taken for zero.
  static func inverse(levels: Int, scale: Float) -> Float {
    scale < smallestScale ? 0 : Float(levels) / scale
  }
}

extension BucketCode {
  func encode(_ x: VectorView, draws: inout RandomStream) throws(CodecError) -> [UInt8] {
    let key = DitherKey(&draws)
    let buckets = (0..<x.count).pieces(of: bucket)
    var header = PayloadHeader(kind, count: x.count)
    header.append(bucket)
    var peak: UInt32 = 0
    let capacity = min(bucket, x.count) + density
    let payload = header.payload(bodyByteCount: bodyByteCount(count: x.count)) { body in
      var packed = body + 4 * buckets.count
      withUnsafeTemporaryAllocation(of: Int8.self, capacity: capacity) { codes in
        for (number, range) in buckets.enumerated() {
          let start = x.base + range.lowerBound
          let bits = hebb_peak_bits(start, range.count)
          peak = max(peak, bits)
          let scale = Float(bitPattern: bits)
          body.storeBytes(
            of: scale < Self.smallestScale ? 0 : scale, toByteOffset: 4 * number, as: Float.self)
          hebb_quantize(
            start, range.count, Self.inverse(levels: levels, scale: scale), Float(levels),
            UInt32(truncatingIfNeeded: range.lowerBound), key.words.0, key.words.1,
            kind == .int8 ? packed : UnsafeMutableRawPointer(codes.baseAddress!))
          if kind != .int8 { pack(codes.baseAddress!, count: range.count, into: packed) }
          packed += packedByteCount(range.count)
        }
      }
    }
    guard peak < 0x7F80_0000 else { throw firstNotFinite(x) }
    return payload
  }

  /// `codes` has room for whole bytes' worth.
  private func pack(
    _ codes: UnsafeMutablePointer<Int8>, count: Int, into bytes: UnsafeMutableRawPointer
  ) {
    let stride = packedByteCount(count)
    for index in count..<density * stride { codes[index] = 0 }
    let out = bytes.assumingMemoryBound(to: UInt8.self)
    if kind == .int4 {
      for index in 0..<stride {
        let low = UInt8(bitPattern: codes[index]) & 15
        out[index] = low | UInt8(bitPattern: codes[stride &+ index]) &<< 4
      }
      return
    }
    for index in 0..<stride {
      // Each code + 1 is a digit to base three, the first the lowest.
      var byte = UInt8(bitPattern: codes[index] &+ 1)
      byte &+= UInt8(bitPattern: codes[stride &+ index] &+ 1) &* 3
      byte &+= UInt8(bitPattern: codes[2 &* stride &+ index] &+ 1) &* 9
      byte &+= UInt8(bitPattern: codes[3 &* stride &+ index] &+ 1) &* 27
      byte &+= UInt8(bitPattern: codes[4 &* stride &+ index] &+ 1) &* 81
      out[index] = byte
    }
  }
}

extension BucketCode {
  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Vector {
    let bucket = try reader.integer()
    guard bucket >= 1 else { throw reader.damaged("its buckets are empty") }
    return try BucketCode(kind: reader.kind, bucket: bucket).decodeBody(&reader, count: count)
  }

  private func decodeBody(
    _ reader: inout PayloadReader, count: Int
  ) throws(CodecError) -> Vector {
    let body = try reader.takeRest(bodyByteCount(count: count))
    let vector = Vector(uninitialized: count)
    guard let start = body.baseAddress else { return vector }
    let buckets = (0..<count).pieces(of: bucket)
    var packed = start + 4 * buckets.count
    var fault: String?
    withUnsafeTemporaryAllocation(of: Int8.self, capacity: min(bucket, count) + density) { room in
      let codes = room.baseAddress!
      for (number, range) in buckets.enumerated() {
        let scale = start.loadUnaligned(fromByteOffset: 4 * number, as: Float.self)
        if scale.bitPattern >= 0x7F80_0000 { fault = "a scale is negative or not finite" }
        unpack(packed, count: range.count, into: codes)
        if !isValid(codes, count: range.count) { fault = "a code is none of the \(levels)" }
        let (step, y) = (scale / Float(levels), vector.base + range.lowerBound)
        for index in 0..<range.count {
          // Rounded up, the last level of the largest scales would be infinite.
          y[index] = max(-scale, min(scale, Float(codes[index]) * step))
        }
        packed += packedByteCount(range.count)
      }
    }
    if let fault { throw reader.damaged(fault) }
    return vector
  }

  private func unpack(
    _ bytes: UnsafeRawPointer, count: Int, into codes: UnsafeMutablePointer<Int8>
  ) {
    let stride = packedByteCount(count)
    let source = bytes.assumingMemoryBound(to: UInt8.self)
    switch kind {
    case .int8:
      UnsafeMutableRawPointer(codes).copyMemory(from: bytes, byteCount: count)
    case .int4:
      for index in 0..<stride {
        let byte = source[index]
        codes[index] = Int8(bitPattern: ((byte & 15) ^ 8) &- 8)
        codes[stride &+ index] = Int8(bitPattern: byte) &>> 4
      }
    default:
      for index in 0..<stride {
        var rest = UInt16(source[index])
        for digit in 0..<5 {
          // rest / 3 for rest below 256; a fifth digit of 3 shows that the byte was above 242.
          let quotient = digit < 4 ? (rest &* 171) &>> 9 : 0
          codes[digit &* stride &+ index] = Int8(truncatingIfNeeded: rest &- 3 &* quotient) &- 1
          rest = quotient
        }
      }
    }
  }

  /// Whether all codes are within ±levels and those past the last value are zero.
  private func isValid(_ codes: UnsafeMutablePointer<Int8>, count: Int) -> Bool {
    var (least, largest): (Int8, Int8) = (0, 0)
    for index in 0..<count {
      least = min(least, codes[index])
      largest = max(largest, codes[index])
    }
    for index in count..<density * packedByteCount(count) where codes[index] != 0 { return false }
    return Int(least) >= -levels && Int(largest) <= levels
  }
}
