// JSON knows no NaN and no infinity. A run that diverged still has a result worth keeping, so what
// is not finite is written as null, and null is read where a number must be as NaN.

extension KeyedEncodingContainer {
  /// A number, or an explicit null where there is none or it is not finite.
  mutating func encodeNumber(_ value: Double?, forKey key: Key) throws {
    if let value, value.isFinite {
      try encode(value, forKey: key)
    } else {
      try encodeNil(forKey: key)
    }
  }
}

extension KeyedDecodingContainer {
  /// A number that must be there, NaN for null.
  func decodeNumber(forKey key: Key) throws -> Double {
    try decodeNil(forKey: key) ? .nan : decode(Double.self, forKey: key)
  }
}

/// The accuracies with what is not finite taken out.
func finite(_ values: [Double?]) -> [Double?] { values.map { $0.flatMap(finite) } }

/// The rows with what is not finite taken out.
func finite(_ rows: [[Double?]]) -> [[Double?]] { rows.map(finite) }

/// The value, if it is finite.
func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
