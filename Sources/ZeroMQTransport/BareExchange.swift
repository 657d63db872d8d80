import CZeroMQ
public import Roles
import Tensors

/// The least that libzmq can do for a parameter server: a vector goes up in one frame, is added to
/// a store, and a copy of the store comes back. The yardstick of the round-trip measurement.
public enum BareExchange {
  /// Answers so many round trips at an endpoint.
  public static func serve(
    _ endpoint: Endpoint, count: Int, roundTrips: Int
  ) throws(TransportError) {
    let context = Context()
    let socket = Socket(.router, in: context, frameByteCountMaximum: -1)
    try socket.bind(endpoint)
    let store = Vector(count: count)
    let byteCount = count * MemoryLayout<Float>.stride
    var route = zmq_msg_t()
    var body = zmq_msg_t()
    for _ in 0..<roundTrips {
      zmq_msg_init(&route)
      zmq_msg_init(&body)
      guard zmq_msg_recv(&route, socket.handle, 0) >= 0,
        zmq_msg_recv(&body, socket.handle, 0) >= 0
      else { throw TransportError.last("receive at \(endpoint)") }
      Kernels.add(
        zmq_msg_data(&body).assumingMemoryBound(to: Float.self), to: store.base, count: count)
      zmq_msg_close(&body)
      zmq_msg_init_size(&body, byteCount)
      zmq_msg_data(&body).copyMemory(from: store.base, byteCount: byteCount)
      zmq_msg_send(&route, socket.handle, ZMQ_SNDMORE)
      zmq_msg_send(&body, socket.handle, 0)
    }
  }

  /// The other end.
  public final class Client {
    private let context = Context()
    private let socket: Socket
    private let gradient: Vector
    private let weights: Vector

    /// Connects to a server of as many floats.
    public init(_ endpoint: Endpoint, count: Int) throws(TransportError) {
      socket = Socket(
        .dealer(identity: [1, 2, 3]), in: context, frameByteCountMaximum: -1)
      gradient = Vector(repeating: 1e-6, count: count)
      weights = Vector(count: count)
      try socket.connect(endpoint)
    }

    /// One vector up, one down, copied to its place.
    public func roundTrip() {
      let byteCount = gradient.view.byteCount
      var body = zmq_msg_t()
      // The gradient is lent: it outlives every message.
      zmq_msg_init_data(&body, gradient.base, byteCount, { _, _ in }, nil)
      zmq_msg_send(&body, socket.handle, 0)
      zmq_msg_init(&body)
      zmq_msg_recv(&body, socket.handle, 0)
      UnsafeMutableRawPointer(weights.base).copyMemory(
        from: zmq_msg_data(&body), byteCount: byteCount)
      zmq_msg_close(&body)
    }
  }
}
