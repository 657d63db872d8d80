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
  case computation = 11
  case standardOutput = 12
  case interrupted = 130

  init(_ kind: FailureKind) {
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

  /// Says what is wrong in one sentence and ends the process.
  static func exit(for error: any Error) -> Never {
    let status: ExitStatus
    switch error {
    case is ConfigurationError: status = .configuration
    case is DataError: status = .data
    case is ReportError: status = .output
    case is TransportError, is EndpointError: status = .endpoint
    case is LaunchError: status = .launch
    case is OutputError: status = .standardOutput
    case let failure as RunFailure: status = ExitStatus(failure.kind)
    default: exitAsParsed(error)
    }
    Screen.complain("hebb: \(printable("\(error)"))")
    Foundation.exit(status.rawValue)
  }

  /// Ends as the argument parser wants: it was asked for help or the version, or finds the
  /// arguments wrong.
  private static func exitAsParsed(_ error: any Error) -> Never {
    let (text, code) = (Hebb.fullMessage(for: error), Hebb.exitCode(for: error))
    if !code.isSuccess {
      Screen.complain(text)
    } else if !text.isEmpty {
      do {
        try Screen.put(text + "\n")
      } catch {
        exit(for: error)
      }
    }
    Foundation.exit(code.rawValue)
  }
}

extension Interruption {
  /// Ends work that nobody else interrupts.
  ///
  /// - Throws: ``RunFailure`` once a signal has come.
  static func check() throws {
    if let reason { throw RunFailure(kind: .interrupted, description: reason) }
  }
}

/// A run that ended early; what it measured has been kept.
struct RunFailure: Error, CustomStringConvertible {
  let kind: FailureKind
  let description: String
}
