public import Roles

/// Exit codes by kind of failure; the README lists them.
public enum ExitStatus: Int32 {
  case configuration = 2
  case data = 3
  case output = 4
  case lostNode = 5
  case notFinite = 6
  case endpoint = 7
  case preparation = 8
  case violation = 9
  case launch = 10
  case computation = 11
  case standardOutput = 12
  case interrupted = 130

  /// The code of a run that failed.
  public init(_ kind: FailureKind) {
    self =
      switch kind {
      case .lostNode: .lostNode
      case .notFinite: .notFinite
      case .preparation: .preparation
      case .computation: .computation
      case .endpoint: .endpoint
      case .violation: .violation
      case .interrupted: .interrupted
      }
  }
}
