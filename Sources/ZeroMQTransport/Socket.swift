import CZeroMQ
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
  /// The endpoint that it is bound or connected to; of a bind to port 0, the real one.
  public private(set) var endpoint = ""

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

  /// Listens at `tcp://ADDRESS:PORT` (port 0: any free one) or `ipc://PATH`.
  public func bind(_ endpoint: String) throws(TransportError) {
    let wanted = endpoint.hasSuffix(":0") ? endpoint.dropLast() + "*" : endpoint[...]
    guard zmq_bind(handle, String(wanted)) == 0 else {
      throw TransportError.last("bind \(endpoint)")
    }
    var buffer = [CChar](repeating: 0, count: 512)
    var length = buffer.count
    guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &buffer, &length) == 0 else {
      throw TransportError.last("bind \(endpoint)")
    }
    self.endpoint = String(
      decoding: buffer.prefix(while: { $0 != 0 }).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Connects, now or as soon as somebody listens there.
  public func connect(_ endpoint: String) throws(TransportError) {
    guard zmq_connect(handle, endpoint) == 0 else {
      throw TransportError.last("connect to \(endpoint)")
    }
    self.endpoint = endpoint
  }

  private func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) {
    var value = value
    let result = zmq_setsockopt(handle, option, &value, MemoryLayout<Value>.size)
    precondition(result == 0, "libzmq does not know socket option \(option)")
  }
}
