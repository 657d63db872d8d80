import CZeroMQ
import Roles
import Tensors
import Wire

/// A received frame, alive as long as somebody looks at its bytes.
final class Frame {
  // On the heap: a short message lies inside the struct, which therefore must not move.
  private let message: UnsafeMutablePointer<zmq_msg_t>

  init() {
    message = .allocate(capacity: 1)
    zmq_msg_init(message)
  }

  deinit {
    zmq_msg_close(message)
    message.deallocate()
  }

  /// Returns `false` when nothing is there.
  func receive(from socket: Socket) -> Bool {
    while zmq_msg_recv(message, socket.handle, ZMQ_DONTWAIT) < 0 {
      if zmq_errno() != EINTR { return false }
    }
    return true
  }

  var hasMore: Bool { zmq_msg_more(message) != 0 }

  var bytes: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: zmq_msg_data(message), count: zmq_msg_size(message))
  }

  /// The node at the other end, by its key; `nil` where nobody has asked for one.
  var caller: NodeID? {
    // Properties are text: the authenticator's name of the client.
    guard let text = zmq_msg_gets(message, "User-Id") else { return nil }
    return NodeID(fileName: String(cString: text))
  }

  var received: ReceivedFrame { ReceivedFrame(bytes: bytes, owner: self) }
}

extension Socket {
  /// Vectors from this size on are lent to the I/O thread; copying shorter ones is cheaper.
  private static let lendingByteCountMinimum = 8_192

  /// Takes one whole message if one is there: a router's begins with the route of its peer.
  func receive() -> [Frame]? {
    var frames: [Frame] = []
    repeat {
      let frame = Frame()
      guard frame.receive(from: self) else { return nil }
      frames.append(frame)
    } while frames.last!.hasMore
    return frames
  }

  /// Sends a message; never blocks.
  ///
  /// - Parameter route: The peer, for a router.
  /// - Returns: `false` if the peer is gone.
  func send(_ message: EncodedMessage, to route: [UInt8]? = nil) -> Bool {
    if let route {
      guard send(copying: route, more: true) else { return false }
    }
    let hasBody = message.payloadByteCount > 0
    guard send(copying: message.header, more: hasBody) else { return false }
    switch message.body {
    case .none: return true
    case .bytes(let bytes): return bytes.isEmpty || send(copying: bytes, more: false)
    case .tensor(let view): return view.count == 0 || send(view)
    case .deferred: preconditionFailure("vectors are deferred within one process only")
    }
  }

  private func send(copying bytes: [UInt8], more: Bool) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var message = zmq_msg_t()
      zmq_msg_init_size(&message, buffer.count)
      zmq_msg_data(&message).copyMemory(from: buffer.baseAddress!, byteCount: buffer.count)
      return hand(&message, more: more)
    }
  }

  /// Lends the vector's memory until the bytes have left.
  private func send(_ view: VectorView) -> Bool {
    var message = zmq_msg_t()
    if view.byteCount < Self.lendingByteCountMinimum {
      zmq_msg_init_size(&message, view.byteCount)
      zmq_msg_data(&message).copyMemory(from: view.base, byteCount: view.byteCount)
    } else {
      let owner = Unmanaged.passRetained(view.owner)
      // Called on the I/O thread; releasing is all it may do there.
      zmq_msg_init_data(
        &message, UnsafeMutableRawPointer(mutating: view.base), view.byteCount,
        { _, hint in Unmanaged<AnyObject>.fromOpaque(hint!).release() }, owner.toOpaque())
    }
    return hand(&message, more: false)
  }

  private func hand(_ message: inout zmq_msg_t, more: Bool) -> Bool {
    let flags = ZMQ_DONTWAIT | (more ? ZMQ_SNDMORE : 0)
    while zmq_msg_send(&message, handle, flags) < 0 {
      if zmq_errno() == EINTR { continue }
      // A message that was not sent still owns its buffer.
      zmq_msg_close(&message)
      return false
    }
    return true
  }
}
