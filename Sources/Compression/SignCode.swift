import CKernels
import Tensors

/// One bit a value, and the mean magnitude.
enum SignCode {
  static func bodyByteCount(count: Int) -> Int { (count + 7) / 8 }

  static func encode(_ x: VectorView) throws(CodecError) -> [UInt8] {
    let sum = sumOfMagnitudes(x.base, count: x.count)
    guard sum.isFinite else { throw firstNotFinite(x) }
    var header = PayloadHeader(.sign, count: x.count)
    header.append(Float(sum / Double(max(x.count, 1))))
    return header.payload(bodyByteCount: bodyByteCount(count: x.count)) {
      hebb_mask_negative(x.base, x.count, $0)
    }
  }

  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Vector {
    let scale = try reader.scale()
    let body = try reader.takeRest(bodyByteCount(count: count))
    if let last = body.last, count % 8 > 0, last >> UInt8(count % 8) != 0 {
      throw reader.damaged("bits are set past the last value")
    }
    let vector = Vector(uninitialized: count)
    let y = UnsafeMutableRawPointer(vector.base)
    // Each bit times its own power of two becomes the sign bit.
    let powers = SIMD8<UInt32>(
      0x8000_0000, 0x4000_0000, 0x2000_0000, 0x1000_0000, 0x800_0000, 0x400_0000, 0x200_0000,
      0x100_0000)
    for byte in 0..<count / 8 {
      let signs = (SIMD8(repeating: UInt32(body[byte])) &* powers) & 0x8000_0000
      y.storeBytes(
        of: signs | scale.bitPattern, toByteOffset: 32 * byte, as: SIMD8<UInt32>.self)
    }
    for index in count / 8 * 8..<count {
      vector.base[index] = body[index / 8] >> UInt8(index % 8) & 1 == 0 ? scale : -scale
    }
    return vector
  }

  /// Σ |xᵢ| in double precision, the lanes in a fixed order.
  static func sumOfMagnitudes(_ x: UnsafePointer<Float>, count: Int) -> Double {
    var lanes = SIMD8<Double>.zero
    var index = 0
    while index + 8 <= count {
      let bits = UnsafeRawPointer(x + index).loadUnaligned(as: SIMD8<UInt32>.self)
      lanes += SIMD8<Double>(unsafeBitCast(bits & 0x7FFF_FFFF, to: SIMD8<Float>.self))
      index += 8
    }
    var sum = lanes.sum()
    while index < count {
      sum += Double(abs(x[index]))
      index += 1
    }
    return sum
  }
}
