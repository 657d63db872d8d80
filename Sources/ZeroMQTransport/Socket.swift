import CPlatform
import CZeroMQ
public import Roles
import Tensors
import Wire

/// A ZeroMQ context: one I/O thread that moves all bytes of a process, and where nodes are let in
/// by their keys another one that says who.
public final class Context {
  let handle: UnsafeMutableRawPointer
  let security: TransportSecurity
  private let authenticator: Authenticator?

  /// Starts the threads.
  ///
  /// - Parameter security: How connections over tcp are protected.
  public init(_ security: TransportSecurity = .thisMachine) {
    guard let handle = zmq_ctx_new() else { preconditionFailure("libzmq made no context") }
    self.handle = handle
    self.security = security
    authenticator = security.ring.map { Authenticator(in: handle, admitting: $0.admitted) }
  }

  deinit {
    if let authenticator {
      // Its socket is the last one that is open.
      zmq_ctx_shutdown(handle)
      authenticator.join()
    }
    zmq_ctx_term(handle)
  }

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
  /// Whether what comes in where it listens is encrypted; `nil` where that is no tcp.
  public private(set) var isEncrypted: Bool?

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
    try protect(own, givenAs: endpoint)
    set(ZMQ_IPV6, Int32(own.isIPv6 ? 1 : 0))
    let text = own.description
    // A socket's file is this user's alone from its first moment.
    let mask = hebb_set_file_mask(0o077)
    let status = zmq_bind(handle, own.port == 0 ? String(text.dropLast()) + "*" : text)
    let problem = zmq_errno()
    _ = hebb_set_file_mask(mask)
    guard status == 0 else { throw TransportError.listening(at: endpoint, problem) }
    var buffer = [CChar](repeating: 0, count: 512)
    var length = buffer.count
    guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &length) == 0,
      let bound = try? Endpoint(buffer.text)
    else { throw TransportError.last("listen at \(endpoint)") }
    return bound
  }

  /// Lets in over tcp only whom it should.
  ///
  /// - Parameters:
  ///   - own: Where it is going to listen.
  ///   - endpoint: As it was given.
  private func protect(
    _ own: Endpoint, givenAs endpoint: Endpoint
  ) throws(TransportError) {
    guard case .tcp = own else { return }
    switch context.security {
    case .keys(let ring):
      set(ZMQ_CURVE_SERVER, Int32(1))
      set(ZMQ_CURVE_SECRETKEY, text: ring.own.secretKey.text)
      set(ZMQ_ZAP_DOMAIN, text: Authenticator.domain)
      // Whoever says nothing does not keep a connection for long.
      set(ZMQ_HANDSHAKE_IVL, Int32(10_000))
      isEncrypted = true
    case .thisMachine where !own.isWithinMachine:
      throw TransportError(
        "\(endpoint) is open to other machines, and without keys whoever reaches it could take "
          + "part; make keys with `hebb keygen FOLDER` and give --keys FOLDER, or allow "
          + "it by --insecure"
      )
    case .thisMachine, .insecure: isEncrypted = false
    }
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
  /// - Parameter node: Who listens there: over tcp, and where there are keys, nobody else is heard.
  /// - Throws: ``TransportError`` if its name does not resolve, or the node's key is not known.
  public func connect(_ endpoint: Endpoint, to node: NodeID? = nil) throws(TransportError) {
    let remote = try endpoint.resolved()
    if case .tcp = remote, let ring = context.security.ring {
      guard let node, let key = ring.known[node] else {
        throw TransportError(
          "there is no public key of \(node.map { "\($0)" } ?? "whoever listens at \(endpoint)"); "
            + "make keys for as many nodes with `hebb keygen`")
      }
      set(ZMQ_CURVE_SERVERKEY, text: key.text)
      set(ZMQ_CURVE_PUBLICKEY, text: ring.own.publicKey.text)
      set(ZMQ_CURVE_SECRETKEY, text: ring.own.secretKey.text)
    }
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

  private func set(_ option: Int32, text: String) {
    let result = zmq_setsockopt(handle, option, text, text.utf8.count)
    precondition(result == 0, "libzmq does not take socket option \(option)")
  }
}
