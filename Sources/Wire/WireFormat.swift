public import Roles
public import Tensors

/// The bytes of a message: one header frame, and one payload frame unless the payload is empty.
///
/// The header has 80 bytes, all numbers little-endian:
///
/// | offset | bytes | field |
/// |---:|---:|---|
/// | 0 | 4 | magic `HEBB` |
/// | 4 | 2 | protocol version, 2 |
/// | 6 | 1 | kind: 1 control, 2 pull, 3 push, 4 weights, 5 importance, 6 anchor, 7 retire, |
/// |   |   | 8 inspect, 9 inspected, 10 curvature, 11 centre, 12 frozen |
/// | 7 | 1 | kind of the sender: 0 coordinator, 1 server, 2 worker |
/// | 8 | 8 | run; 0 in a registration |
/// | 16 | 4 | rank of the sender |
/// | 20 | 4 | incarnation of the sender |
/// | 24 | 4 | stage (0-based place in the stream; a stage is a task, but for joint training) |
/// | 28 | 4 | examples that the vector stands for |
/// | 32 | 8 | clock: the worker's round trip, counted from 1; with a request its two numbers, |
/// |   |   | of 4 bytes each: worker and position, worker and step, or phase and step |
/// | 40 | 8 | version: base version of a push, version of weights |
/// | 48 | 8 | first element of the range |
/// | 56 | 8 | elements in the range |
/// | 64 | 8 | bytes of the payload frame |
/// | 72 | 4 | steps that a push stands for |
/// | 76 | 1 | encoding of the payload: 0 raw floats, 1 a codec's |
/// | 77 | 1 | what is asked for or answered: 0 no request, 1 current weights, 2 weights at rest, |
/// |   |   | 3 penalty, 4 end of a stage, 5 within a stage, 6 sample, 7 held at a cut |
/// | 78 | 2 | which of the vectors of a push or of an importance it is |
///
/// A part of a push from 1 on that stands for no examples has no payload frame.
///
/// The payload of a control message is JSON; of the vector kinds, raw little-endian Float32 or
/// what a codec wrote.
public enum WireFormat {
  /// Size of the header frame.
  public static let headerByteCount = 80
  /// The protocol version spoken here.
  public static let protocolVersion: UInt16 = 2
  /// Longest payload of a control message that is accepted.
  public static let controlByteCountMaximum = 16 << 20
  static let magic: [UInt8] = [0x48, 0x45, 0x42, 0x42]

  /// Bytes of a frame on its way (ZMTP 3): flags and a length of one or eight bytes come before it.
  ///
  /// - Parameter isEncrypted: With CURVE (ZeroMQ RFC 26) there come 33 bytes besides: the name of
  ///   the command (8), a nonce (8), what proves it whole (16) and the flags of what is inside.
  public static func framedByteCount(of frameByteCount: Int, isEncrypted: Bool = false) -> Int {
    let byteCount = frameByteCount + (isEncrypted ? 33 : 0)
    return byteCount + (byteCount > 255 ? 9 : 2)
  }
}

/// A message as frames.
public struct EncodedMessage: Sendable {
  /// 80 bytes.
  public let header: [UInt8]
  public let body: Body

  /// The payload frame.
  public enum Body: Sendable {
    case none
    case bytes([UInt8])
    case tensor(VectorView)
    /// Floats that are made where they are needed; never leaves its process.
    case deferred(Deferred, elementCount: Int)

    var byteCount: Int {
      switch self {
      case .none: 0
      case .bytes(let bytes): bytes.count
      case .tensor(let view): view.byteCount
      case .deferred(_, let count): count * MemoryLayout<Float>.stride
      }
    }
  }

  /// Bytes of the payload frame.
  public var payloadByteCount: Int { body.byteCount }

  /// All bytes with their framing.
  public func framedByteCount(isEncrypted: Bool) -> Int {
    ([header.count] + (payloadByteCount > 0 ? [payloadByteCount] : [])).reduce(0) {
      $0 + WireFormat.framedByteCount(of: $1, isEncrypted: isEncrypted)
    }
  }

  /// All bytes with their framing, where nothing is encrypted.
  public var framedByteCount: Int { framedByteCount(isEncrypted: false) }
}

/// A frame that was received: bytes in somebody's memory.
public struct ReceivedFrame {
  public let bytes: UnsafeRawBufferPointer
  /// Keeps the bytes valid.
  public let owner: AnyObject

  /// - Parameters:
  ///   - bytes: May start on any address.
  ///   - owner: Keeps the bytes valid until it is released.
  public init(bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    self.bytes = bytes
    self.owner = owner
  }
}

/// Why bytes are no message of this protocol.
public enum WireError: Error, Sendable, Hashable, CustomStringConvertible {
  case frameCount(Int)
  case headerLength(Int)
  case magic
  case version(UInt16)
  case unknownKind(UInt8)
  case unknownSender(UInt8)
  case payloadLength(announced: UInt64, received: Int)
  case dimension(elementCount: UInt64, byteCount: Int)
  case tooLong(byteCount: Int, maximum: Int)
  case control(String)
  case encoding(UInt8)
  case request(UInt8)

  public var description: String {
    switch self {
    case .frameCount(let count): "a message of \(count) frames; there must be one or two"
    case .headerLength(let count):
      "a header of \(count) bytes; it must have \(WireFormat.headerByteCount)"
    case .magic: "a header that does not begin with HEBB"
    case .version(let version):
      "protocol version \(version); this node speaks \(WireFormat.protocolVersion)"
    case .unknownKind(let kind): "unknown message kind \(kind)"
    case .unknownSender(let kind): "unknown kind of sender \(kind)"
    case .payloadLength(let announced, let received):
      "a payload of \(received) bytes where the header announces \(announced)"
    case .dimension(let elements, let bytes):
      "a vector of \(bytes) bytes where the header announces \(elements) elements of 4 bytes"
    case .tooLong(let bytes, let maximum):
      "a payload of \(bytes) bytes; at most \(maximum) are accepted"
    case .encoding(let number): "unknown encoding \(number) of a payload"
    case .request(let number): "unknown request \(number)"
    case .control(let what): "a control message that is not understood (\(what))"
    }
  }
}
