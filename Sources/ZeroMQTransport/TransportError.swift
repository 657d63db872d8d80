import CZeroMQ

/// What the world refused, with what was tried.
public struct TransportError: Error, Sendable, CustomStringConvertible {
  /// What was tried: `bind tcp://127.0.0.1:5555`.
  public let operation: String
  /// The library's error number.
  public let number: Int32

  static func last(_ operation: String) -> TransportError {
    TransportError(operation: operation, number: zmq_errno())
  }

  /// Whether an endpoint is in use by somebody else.
  public var isAddressInUse: Bool { number == EADDRINUSE }

  public var description: String {
    isAddressInUse
      ? "cannot \(operation): the port is in use; choose another one, or port 0 for a free one"
      : "cannot \(operation): \(String(cString: zmq_strerror(number)))"
  }
}
