/// Why data, or a stream over them, cannot be used: one sentence that names the place and the
/// remedy.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}
