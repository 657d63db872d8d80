/// How a sparse codec writes the values it sends.
public enum ValueFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// As they are.
  case fp32
  /// IEEE half precision, rounded to nearest even; magnitudes below 65520.
  case fp16
  /// 255 equal steps between −s and s, where s, the largest magnitude, goes along in fp32.
  case int8

  /// Bytes a value, the scale of int8 aside.
  var byteCount: Int {
    switch self {
    case .fp32: 4
    case .fp16: 2
    case .int8: 1
    }
  }
}
