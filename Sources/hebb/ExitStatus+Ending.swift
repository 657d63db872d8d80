import ArgumentParser
import Experiments
import Foundation
import Launch
import Reports
import Roles
import Running
import Streams
import ZeroMQTransport

extension ExitStatus {
  /// Says what is wrong in one sentence and ends the process.
  static func exit(for error: any Error) -> Never {
    let status: ExitStatus
    switch error {
    case is ConfigurationError: status = .configuration
    case is DataError: status = .data
    case is ReportError: status = .output
    case is TransportError, is EndpointError, is KeyError: status = .endpoint
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
