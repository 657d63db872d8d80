import ArgumentParser
import Experiments
import Foundation
import Launch
import Reports
import Roles
import Streams
import ZeroMQTransport

/// Exit codes by kind of failure; the README lists them.
enum ExitStatus: Int32 {
  case configuration = 2
  case data = 3
  case output = 4
  case lostNode = 5
  case notFinite = 6
  case endpoint = 7
  case preparation = 8
  case violation = 9
  case launch = 10
  case interrupted = 130

  init(_ kind: FailureKind) {
    self =
      switch kind {
      case .lostNode: .lostNode
      case .notFinite: .notFinite
      case .preparation: .preparation
      case .violation: .violation
      case .interrupted: .interrupted
      }
  }

  /// Says what is wrong in one sentence and ends the process.
  static func exit(for error: any Error) -> Never {
    let status: ExitStatus
    switch error {
    case is ConfigurationError: status = .configuration
    case is DataError: status = .data
    case is ReportError: status = .output
    case is TransportError: status = .endpoint
    case is LaunchError: status = .launch
    case let failure as RunFailure: status = ExitStatus(failure.kind)
    default: Hebb.exit(withError: error)
    }
    FileHandle.standardError.write(Data("hebb: \(error)\n".utf8))
    Foundation.exit(status.rawValue)
  }
}

/// A run that ended early; what it measured has been kept.
struct RunFailure: Error, CustomStringConvertible {
  let kind: FailureKind
  let description: String
}
