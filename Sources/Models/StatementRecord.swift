/// A part of what workers say of the examples that they keep, so that a ``Readout`` can be fitted
/// to it: numbers under a key. What has the same key is added.
public struct StatementRecord: Sendable, Hashable, Codable {
  /// What the numbers are of: a class, or an example. Other keys, other things.
  public let key: UInt64
  /// As many for each key as the readout says.
  public var values: [Float]

  /// - Parameters:
  ///   - key: What the numbers are of.
  ///   - values: As many for each key as the readout says.
  public init(key: UInt64, values: [Float]) {
    self.key = key
    self.values = values
  }
}

extension [StatementRecord] {
  /// All that several workers say: by key, ascending, with the sum of what has the same key, added
  /// in the order of the statements. O(n log n) for n records.
  ///
  /// - Parameter statements: By worker.
  /// - Returns: `nil` if what has the same key is not equally long.
  public static func merged(_ statements: [[StatementRecord]]) -> [StatementRecord]? {
    var places: [UInt64: Int] = [:]
    var merged: [StatementRecord] = []
    for record in statements.joined() {
      guard let place = places[record.key] else {
        places[record.key] = merged.count
        merged.append(record)
        continue
      }
      guard merged[place].values.count == record.values.count else { return nil }
      for (index, value) in record.values.enumerated() { merged[place].values[index] += value }
    }
    return merged.sorted { $0.key < $1.key }
  }
}
