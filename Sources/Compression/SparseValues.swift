import CKernels
import Tensors

/// The values of a sparse payload, in one of the ``ValueFormat``s.
struct SparseValues {
  let format: ValueFormat

  /// Their scale included.
  func byteCount(_ count: Int) -> Int { format.byteCount(count) }

  /// - Parameter dither: Rounds int8 up or down by chance; to the nearest without.
  func encode(
    _ values: UnsafePointer<Float>, count: Int, dither: DitherKey?,
    into start: UnsafeMutableRawPointer
  ) {
    switch format {
    case .fp32: start.copyMemory(from: values, byteCount: 4 * count)
    case .fp16: hebb_half_from_float(values, count, start)
    case .sign:
      let mean = SignCode.sumOfMagnitudes(values, count: count) / Double(max(count, 1))
      start.storeBytes(of: Float(mean), as: Float.self)
      hebb_mask_negative(values, count, start + 4)
    case .int8:
      let peak = Float(bitPattern: hebb_peak_bits(values, count))
      let inverse = BucketCode.inverse(levels: 127, scale: peak)
      start.storeBytes(of: inverse == 0 ? 0 : peak, as: Float.self)
      let codes = start + 4
      if let dither {
        hebb_quantize(values, count, inverse, 127, 0, dither.words.0, dither.words.1, codes)
        return
      }
      for index in 0..<count {
        // Adding 1.5 · 2²³ leaves the nearest integer in the low bits.
        let bits = (values[index] * inverse + 12_582_912).bitPattern &- 0x4B40_0000
        codes.storeBytes(
          of: Int8(truncatingIfNeeded: Int32(bitPattern: bits)), toByteOffset: index, as: Int8.self)
      }
    }
  }

  /// - Parameter bytes: `byteCount(count)` of them.
  func decode(
    _ bytes: UnsafeRawBufferPointer, count: Int, for reader: PayloadReader
  ) throws(CodecError) -> [Float] {
    var fault: String?
    let values = [Float](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      initializedCount = count
      guard count > 0, let start = bytes.baseAddress, let base = buffer.baseAddress else { return }
      switch format {
      case .fp32: UnsafeMutableRawPointer(base).copyMemory(from: start, byteCount: 4 * count)
      case .fp16: hebb_float_from_half(start, count, base)
      case .sign:
        let mean = start.loadUnaligned(as: Float.self)
        if mean.bitPattern >= 0x7F80_0000 { fault = "a scale is negative or not finite" }
        for index in 0..<count {
          let isNegative = bytes[4 + index / 8] >> UInt8(index % 8) & 1 == 1
          base[index] = isNegative ? -mean : mean
        }
        if count % 8 > 0, bytes[4 + count / 8] >> UInt8(count % 8) != 0 {
          fault = "bits are set past the last value"
        }
      case .int8:
        let scale = start.loadUnaligned(as: Float.self)
        if scale.bitPattern >= 0x7F80_0000 { fault = "a scale is negative or not finite" }
        let codes = (start + 4).assumingMemoryBound(to: Int8.self)
        let step = scale / 127
        var least: Int8 = 0
        for index in 0..<count {
          least = min(least, codes[index])
          // Rounded up, the last level of the largest scales would be infinite.
          base[index] = max(-scale, min(scale, Float(codes[index]) * step))
        }
        if least < -127 { fault = "a code is none of the 127" }
      }
      if !Kernels.allFinite(base, count: count) { fault = fault ?? "a value is not finite" }
    }
    if let fault { throw reader.damaged(fault) }
    return values
  }
}

extension ValueFormat {
  /// As written in a payload.
  var code: UInt8 {
    switch self {
    case .fp32: 0
    case .fp16: 1
    case .int8: 2
    case .sign: 3
    }
  }

  init?(code: UInt8) {
    guard let format = Self.allCases.first(where: { $0.code == code }) else { return nil }
    self = format
  }
}
