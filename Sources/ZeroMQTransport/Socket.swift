import CPlatform
import CZeroMQ
public import Roles
import Tensors
import Wire

/// A ZeroMQ context: one I/O thread that moves all bytes of a process.
public final class Context {
  let handle: UnsafeMutableRawPointer

  /// Starts the I/O thread.
  public init() {
    guard let handle = zmq_ctx_new() else { preconditionFailure("libzmq made no context") }
    self.handle = handle
  }

  deinit { zmq_ctx_term(handle) }

  /// The library's version: `4.3.4`.
  public static var libraryVersion: String {
    var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
    zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
  }
}

/// One socket, used by the thread that made it and closed with its last reference.
public final class Socket {
  /// Who is at the other end.
  public enum Pattern {
    /// Many peers, each named by a route.
    case router
    /// One peer.
    case dealer(identity: [UInt8])
  }

  let handle: UnsafeMutableRawPointer
  /// Keeps the context alive until its sockets are closed.
  private let context: Context
  let isRouter: Bool

  /// - Parameters:
  ///   - lingerMilliseconds: How long closing waits for bytes that are still to be sent.
  ///   - frameByteCountMaximum: Longest frame that is taken; a longer one cuts the connection.
  public init(
    _ pattern: Pattern, in context: Context, lingerMilliseconds: Int32 = 1_000,
    frameByteCountMaximum: Int64 = 32 << 20
  ) {
    var isRouter = false
    if case .router = pattern { isRouter = true }
    guard let handle = zmq_socket(context.handle, isRouter ? ZMQ_ROUTER : ZMQ_DEALER) else {
      preconditionFailure("libzmq made no socket: \(TransportError.last("open"))")
    }
    self.handle = handle
    self.context = context
    self.isRouter = isRouter
    set(ZMQ_LINGER, lingerMilliseconds)
    // What is in flight is bounded by the protocol: a worker has one step under way.
    set(ZMQ_SNDHWM, Int32(0))
    set(ZMQ_MAXMSGSIZE, frameByteCountMaximum)
    set(ZMQ_RECONNECT_IVL, Int32(50))
    switch pattern {
    case .router: set(ZMQ_ROUTER_MANDATORY, Int32(1))
    case .dealer(let identity):
      identity.withUnsafeBytes {
        _ = zmq_setsockopt(handle, ZMQ_ROUTING_ID, $0.baseAddress, $0.count)
      }
    }
  }

  deinit { zmq_close(handle) }

  /// Listens at an endpoint; a name is one of this machine's, or of its network interfaces.
  ///
  /// - Returns: Where it listens: with the address of a name and the port that was free.
  @discardableResult
  public func bind(_ endpoint: Endpoint) throws(TransportError) -> Endpoint {
    if case .ipc(let path) = endpoint { try Self.check(path, for: endpoint) }
    let own = try endpoint.resolved(isOwn: true)
    set(ZMQ_IPV6, Int32(own.isIPv6 ? 1 : 0))
    let text = own.description
    guard zmq_bind(handle, own.port == 0 ? String(text.dropLast()) + "*" : text) == 0 else {
      throw TransportError.listening(at: endpoint, zmq_errno())
    }
    var buffer = [CChar](repeating: 0, count: 512)
    var length = buffer.count
    guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &length) == 0,
      let bound = try? Endpoint(buffer.text)
    else { throw TransportError.last("listen at \(endpoint)") }
    return bound
  }

  /// libzmq removes whatever has the path of a socket that it binds.
  private static func check(_ path: String, for endpoint: Endpoint) throws(TransportError) {
    // An abstract name is no file.
    if path.hasPrefix("@") { return }
    switch hebb_look_at_socket_file(path) {
    case HEBB_SOCKET_FILE_IN_USE: throw TransportError.listening(at: endpoint, EADDRINUSE)
    case HEBB_SOCKET_FILE_OTHER:
      throw TransportError(
        "cannot listen at \(endpoint): there is something else than a socket; choose another path")
    default: break
    }
  }

  /// Connects, now or as soon as somebody listens there.
  ///
  /// - Throws: ``TransportError`` if its name does not resolve.
  public func connect(_ endpoint: Endpoint) throws(TransportError) {
    let remote = try endpoint.resolved()
    set(ZMQ_IPV6, Int32(remote.isIPv6 ? 1 : 0))
    guard zmq_connect(handle, remote.description) == 0 else {
      throw TransportError.last("connect to \(endpoint)")
    }
  }

  private func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) {
    var value = value
    let result = zmq_setsockopt(handle, option, &value, MemoryLayout<Value>.size)
    precondition(result == 0, "libzmq does not know socket option \(option)")
  }
}
