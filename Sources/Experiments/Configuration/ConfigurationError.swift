/// What is wrong with an experiment: one sentence that names file and line (or argument), key and
/// remedy.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}
