import CKernels
import Tensors

/// Formats that write every value by itself: fp32, fp16, bf16.
enum PlainCode {
  static func encodeNone(_ x: VectorView) throws(CodecError) -> [UInt8] {
    _ = try finitePeak(x)
    return PayloadHeader(.none, count: x.count).payload(bodyByteCount: 4 * x.count) {
      $0.copyMemory(from: x.base, byteCount: 4 * x.count)
    }
  }

  static func encodeHalf(_ x: VectorView) throws(CodecError) -> [UInt8] {
    try check(x, below: halfLimit)
    return PayloadHeader(.fp16, count: x.count).payload(bodyByteCount: 2 * x.count) {
      hebb_half_from_float(x.base, x.count, $0)
    }
  }

  static func encodeBrain(_ x: VectorView) throws(CodecError) -> [UInt8] {
    // From here on the rounding gives infinity.
    try check(x, below: Float(bitPattern: 0x7F7F_8000))
    return PayloadHeader(.bf16, count: x.count).payload(bodyByteCount: 2 * x.count) { body in
      for index in 0..<x.count {
        let bits = x.base[index].bitPattern
        let rounded = (bits &+ 0x7FFF &+ ((bits &>> 16) & 1)) &>> 16
        body.storeBytes(
          of: UInt16(truncatingIfNeeded: rounded), toByteOffset: 2 &* index, as: UInt16.self)
      }
    }
  }

  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Vector {
    let body = try reader.takeRest((reader.kind == .none ? 4 : 2) * count)
    let vector = Vector(uninitialized: count)
    guard let start = body.baseAddress, count > 0 else { return vector }
    switch reader.kind {
    case .none: UnsafeMutableRawPointer(vector.base).copyMemory(from: start, byteCount: 4 * count)
    case .fp16: hebb_float_from_half(start, count, vector.base)
    default:
      let y = vector.base
      for index in 0..<count {
        let bits = UInt32(start.loadUnaligned(fromByteOffset: 2 &* index, as: UInt16.self))
        y[index] = Float(bitPattern: bits &<< 16)
      }
    }
    guard Kernels.allFinite(vector.base, count: count) else {
      throw reader.damaged("a value is not finite")
    }
    return vector
  }
}
