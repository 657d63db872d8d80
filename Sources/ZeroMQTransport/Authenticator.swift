import CPlatform
import CZeroMQ
import Roles

/// Says on a thread of its own who comes in at the encrypted sockets of a context, and under which
/// name. libzmq asks it about every client that has proved to have its key (ZAP, ZeroMQ RFC 27).
final class Authenticator: Sendable {
  private let admitted: [CurveKey: NodeID]
  // Sendable: after the start only the thread uses it.
  private nonisolated(unsafe) let socket: UnsafeMutableRawPointer
  // Sendable: only whoever starts and joins the thread looks at it.
  private nonisolated(unsafe) var thread: hebb_thread?

  /// What libzmq's sockets call it.
  static let domain = "hebb"

  /// Begins to answer. Nobody is let in before there is one, so it comes before any socket binds.
  ///
  /// - Parameters:
  ///   - context: Of libzmq; shut it down to end the thread.
  ///   - admitted: Who is let in: all others are not.
  init(in context: UnsafeMutableRawPointer, admitting admitted: [CurveKey: NodeID]) {
    self.admitted = admitted
    guard let socket = zmq_socket(context, ZMQ_REP),
      zmq_bind(socket, "inproc://zeromq.zap.01") == 0
    else { preconditionFailure("libzmq asks somebody else: \(TransportError.last("listen"))") }
    self.socket = socket
    thread = hebb_thread_start(
      { Unmanaged<Authenticator>.fromOpaque($0!).takeRetainedValue().answer() },
      Unmanaged.passRetained(self).toOpaque())
    precondition(thread != nil, "the system has no room for a thread")
  }

  /// Waits for the thread's end. Call once, after the context was shut down.
  func join() {
    if let thread { hebb_thread_join(thread) }
    thread = nil
  }

  private func answer() {
    while let request = receive() {
      for (index, part) in answer(to: request).enumerated() {
        zmq_send(socket, part, part.count, index < 5 ? ZMQ_SNDMORE : 0)
      }
    }
    zmq_close(socket)
  }

  /// - Parameter request: Version, number, domain, address, routing name, mechanism, key.
  /// - Returns: Version, number, status, its text, name of the client, and no properties.
  func answer(to request: [[UInt8]]) -> [[UInt8]] {
    let node =
      request.count == 7 && request[0] == Array("1.0".utf8)
        && request[2] == Array(Self.domain.utf8) && request[5] == Array("CURVE".utf8)
      ? CurveKey(bytes: request[6]).flatMap { admitted[$0] } : nil
    let (status, text) = node == nil ? ("400", "unknown key") : ("200", "OK")
    let number = request.count > 1 ? request[1] : []
    let words = [status, text, node?.fileName ?? "", ""].map { Array($0.utf8) }
    return [Array("1.0".utf8), number] + words
  }

  /// Waits for a request; `nil` once the context has been shut down.
  private func receive() -> [[UInt8]]? {
    var parts: [[UInt8]] = []
    // None of libzmq's parts is longer.
    var buffer = [UInt8](repeating: 0, count: 256)
    var (hasMore, byteCount) = (Int32(1), MemoryLayout<Int32>.size)
    while hasMore != 0 {
      let count = zmq_recv(socket, &buffer, buffer.count, 0)
      if count < 0, zmq_errno() == EINTR { continue }
      guard count >= 0, zmq_getsockopt(socket, ZMQ_RCVMORE, &hasMore, &byteCount) == 0 else {
        return nil
      }
      parts.append(Array(buffer.prefix(Int(count))))
    }
    return parts
  }
}
