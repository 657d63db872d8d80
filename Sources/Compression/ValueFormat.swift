/// How a sparse codec writes the values it sends.
public enum ValueFormat: String, Sendable, Hashable, Codable, CaseIterable {
  /// As they are.
  case fp32
  /// IEEE half precision, rounded to nearest even; magnitudes below 65520.
  case fp16
  /// 255 equal steps between −s and s, where s, the largest magnitude, goes along in fp32.
  case int8
  /// The sign of each, one bit, times the mean magnitude of those that are sent, in fp32. Needs
  /// error feedback. Source: Sattler et al. 2019 (sparse ternary compression), algorithm 1.
  case sign

  /// Bytes that a zero costs where all values of a block are sent; `nil` where none can be.
  var zeroByteCount: Int? {
    switch self {
    case .fp32: 4
    case .fp16: 2
    case .int8: 1
    case .sign: nil
    }
  }

  /// Bytes of so many values, with their scale.
  func byteCount(_ count: Int) -> Int {
    switch self {
    case .fp32: 4 * count
    case .fp16: 2 * count
    case .int8: 4 + count
    case .sign: 4 + SignCode.bodyByteCount(count: count)
    }
  }
}
