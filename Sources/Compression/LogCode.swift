import CKernels
import Tensors

/// Values that are not negative, one byte each: 0 for zero, 1…255 on a logarithmic scale between
/// the smallest and the largest positive value of the block, at most 40 octaves apart.
enum LogCode {
  static func encode(_ x: VectorView) throws(CodecError) -> [UInt8] {
    let high = try finitePeak(x)
    if let index = x.elements.firstIndex(where: { $0 < 0 }) { throw .negative(index: index) }
    let low = max(smallestPositive(x), high * 0x1p-40)
    var header = PayloadHeader(.log8, count: x.count)
    header.append(low)
    header.append(high)
    let start = low > 0 ? hebb_log(Double(low)) : 0
    let range = high > low ? hebb_log(Double(high)) - start : 0
    let steps = range > 0 ? 254 / range : 0
    return header.payload(bodyByteCount: x.count) { body in
      for index in 0..<x.count {
        let value = x.base[index]
        let code: UInt8
        if value < low {
          code = value > low / 2 ? 1 : 0
        } else if value == 0 {
          code = 0
        } else {
          code = UInt8(max(1, min(255, 1.5 + (hebb_log(Double(value)) - start) * steps)))
        }
        body.storeBytes(of: code, toByteOffset: index, as: UInt8.self)
      }
    }
  }

  static func decode(_ reader: inout PayloadReader, count: Int) throws(CodecError) -> Vector {
    let (low, high) = (try reader.scale(), try reader.scale())
    guard low <= high, (low == 0) == (high == 0) else {
      throw reader.damaged("the range of its scale is empty")
    }
    let body = try reader.takeRest(count)
    let levels = levels(low: low, high: high)
    let vector = Vector(uninitialized: count)
    for index in 0..<count { vector.base[index] = levels[Int(body[index])] }
    return vector
  }

  /// What each code stands for.
  private static func levels(low: Float, high: Float) -> [Float] {
    guard high > 0 else { return [Float](repeating: 0, count: 256) }
    let start = hebb_log(Double(low))
    let step = (hebb_log(Double(high)) - start) / 254
    var levels: [Float] = [0]
    for code in 0..<255 {
      levels.append(max(low, min(high, Float(hebb_exp(start + Double(code) * step)))))
    }
    // The ends without the rounding of a logarithm.
    levels[1] = low
    levels[255] = high
    return levels
  }

  private static func smallestPositive(_ x: VectorView) -> Float {
    var smallest = Float.infinity
    for value in x.elements where value > 0 && value < smallest { smallest = value }
    return smallest == .infinity ? 0 : smallest
  }
}
