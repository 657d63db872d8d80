/// Why values cannot be encoded or bytes cannot be decoded: one sentence, with the remedy if the
/// sender has one.
public enum CodecError: Error, Sendable, Hashable, CustomStringConvertible {
  /// A value to encode is NaN or infinite.
  case notFinite(index: Int)
  /// A value to encode has a larger magnitude than its format holds.
  case beyondRange(index: Int, limit: Float)
  /// A value for ``Codec/log8`` is below zero.
  case negative(index: Int)
  /// A codec's parameter is outside of its range.
  case parameter(codec: String, requirement: String)
  /// A matrix shape that does not hold the values.
  case shape(rows: Int, columns: Int, count: Int)
  /// A payload of a codec that this version does not know.
  case unknownCodec(id: UInt8)
  /// A payload for another number of values.
  case wrongCount(claimed: Int, expected: Int)
  /// A payload that is shorter or longer than its header says.
  case wrongLength(byteCount: Int, expected: Int)
  /// A payload that no encoder writes.
  case malformed(codec: String, reason: String)

  public var description: String {
    switch self {
    case .notFinite(let index):
      "Value \(index) is not finite, so nothing can be encoded; lower the learning rate or clip."
    case .beyondRange(let index, let limit):
      "The magnitude of value \(index) is beyond \(limit), the codec's limit; use fp32 or bf16."
    case .negative(let index):
      "Value \(index) is negative, and log8 codes only importances, which are not."
    case .parameter(let codec, let requirement):
      "Codec \(codec): \(requirement)."
    case .shape(let rows, let columns, let count):
      "A matrix of \(rows) × \(columns) does not hold \(count) values with only its last row short."
    case .unknownCodec(let id):
      "The payload's codec, number \(id), is unknown; run the same version on both sides."
    case .wrongCount(let claimed, let expected):
      "The payload holds \(claimed) values where \(expected) are due."
    case .wrongLength(let byteCount, let expected):
      "The payload has \(byteCount) bytes where its header needs \(expected)."
    case .malformed(let codec, let reason):
      "The payload of codec \(codec) is damaged: \(reason)."
    }
  }
}
