public import Launch
public import Roles

extension Interruption {
  /// Ends work that nobody else interrupts.
  ///
  /// - Throws: ``RunFailure`` once a signal has come.
  public static func check() throws {
    if let reason { throw RunFailure(kind: .interrupted, description: reason) }
  }
}

/// A run that ended early; what it measured has been kept.
public struct RunFailure: Error, CustomStringConvertible {
  /// Why; it fixes the exit code.
  public let kind: FailureKind
  /// One sentence.
  public let description: String

  /// - Parameters:
  ///   - kind: Why; it fixes the exit code.
  ///   - description: One sentence.
  public init(kind: FailureKind, description: String) {
    self.kind = kind
    self.description = description
  }
}
