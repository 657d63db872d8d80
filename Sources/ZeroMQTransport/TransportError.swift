import CPlatform
import CZeroMQ
import Roles

/// What the world refused: one sentence, with what was tried and what to do.
public struct TransportError: Error, Sendable, CustomStringConvertible {
  public let description: String

  init(_ sentence: String) { description = sentence }

  /// The last failure of libzmq.
  ///
  /// - Parameter operation: What was tried.
  static func last(_ operation: String) -> TransportError {
    TransportError("cannot \(operation): \(words(zmq_errno()))")
  }

  /// Why nobody can listen there.
  ///
  /// - Parameters:
  ///   - endpoint: As it was given.
  ///   - number: The system's.
  static func listening(at endpoint: Endpoint, _ number: Int32) -> TransportError {
    let problem =
      switch (endpoint, number) {
      case (.tcp, EADDRINUSE): "the port is in use; choose another one, or port 0 for a free one"
      case (.ipc, EADDRINUSE): "somebody listens there already; choose another path"
      case (.tcp, EADDRNOTAVAIL), (.tcp, EAFNOSUPPORT):
        "this machine has no such address; give one of its own, or tcp://0.0.0.0:PORT for all"
      case (.tcp, EACCES): "that port is the system's; choose one from 1024 on"
      case (.ipc, ENOENT), (.ipc, ENOTDIR): "there is no such folder; make it first"
      case (.ipc, EACCES): "its folder may not be written; choose another one"
      default: words(number)
      }
    return TransportError("cannot listen at \(endpoint): \(problem)")
  }

  /// The system's words for an error number.
  static func words(_ number: Int32) -> String { String(cString: zmq_strerror(number)) }
}
