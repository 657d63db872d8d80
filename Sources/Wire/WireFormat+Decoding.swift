import Foundation
public import Roles
import Tensors

extension WireFormat {
  /// The message in some frames. Tensor bytes are used in place where their address allows it.
  ///
  /// - Parameter deferred: Stands for the second frame.
  /// - Throws: ``WireError`` for anything that is not exactly a message; nothing is allocated by
  ///   what a header merely claims.
  public static func decode(
    _ frames: [ReceivedFrame], deferred: Deferred? = nil
  ) throws(WireError) -> Message {
    guard frames.count == 1 || frames.count == 2 else { throw .frameCount(frames.count) }
    var reader = HeaderReader(frames[0].bytes)
    guard frames[0].bytes.count == headerByteCount else {
      throw .headerLength(frames[0].bytes.count)
    }
    guard (0..<4).allSatisfy({ frames[0].bytes[$0] == magic[$0] }) else { throw .magic }
    reader.skip(4)
    let version: UInt16 = reader.next()
    guard version == protocolVersion else { throw .version(version) }
    let kindByte: UInt8 = reader.next()
    guard let kind = Message.Kind(rawValue: kindByte) else { throw .unknownKind(kindByte) }
    let senderByte: UInt8 = reader.next()
    guard let senderKind = NodeID.Kind(rawValue: senderByte) else {
      throw .unknownSender(senderByte)
    }
    let run: UInt64 = reader.next()
    let rank: UInt32 = reader.next()
    let incarnation: UInt32 = reader.next()
    let stage: UInt32 = reader.next()
    let exampleCount: UInt32 = reader.next()
    let clockOrRequest: UInt64 = reader.next()
    let weightsVersion: UInt64 = reader.next()
    let start: UInt64 = reader.next()
    let elementCount: UInt64 = reader.next()
    let announced: UInt64 = reader.next()
    let steps: UInt32 = reader.next()
    let encoding: UInt8 = reader.next()
    guard encoding <= 1 else { throw .encoding(encoding) }
    let requestByte: UInt8 = reader.next()
    let part: UInt16 = reader.next()
    let request = try RequestCode.request(requestByte, clockOrRequest)
    let there = frames.count == 2 ? frames[1].bytes.count : 0
    // Before anything is computed from them.
    guard start <= 1 << 40, elementCount <= 1 << 40 else {
      throw .dimension(elementCount: elementCount, byteCount: there)
    }
    let received = deferred == nil ? there : 4 * Int(elementCount)
    guard announced == UInt64(received) else {
      throw .payloadLength(announced: announced, received: received)
    }
    let payload: Message.Payload =
      if let deferred {
        .deferred(deferred)
      } else {
        try decodePayload(
          kind, frames.count == 2 ? frames[1] : nil, elementCount: elementCount,
          isEncoded: encoding == 1,
          mayBeAbsent: kind.isOptional || kind == .push && part > 0 && exampleCount == 0)
      }
    return Message(
      kind, run: run, sender: NodeID(senderKind, Int(rank)), incarnation: incarnation,
      stage: Int(stage), exampleCount: Int(exampleCount), request: request,
      clock: request == nil ? clockOrRequest : 0, version: weightsVersion, steps: Int(steps),
      part: Int(part), range: Int(start)..<Int(start + elementCount), payload: payload)
  }

  private static func decodePayload(
    _ kind: Message.Kind, _ frame: ReceivedFrame?, elementCount: UInt64, isEncoded: Bool,
    mayBeAbsent: Bool
  ) throws(WireError) -> Message.Payload {
    let byteCount = frame?.bytes.count ?? 0
    switch kind {
    case .pull, .anchor, .retire, .inspect:
      guard byteCount == 0 else { throw .payloadLength(announced: 0, received: byteCount) }
      return .none
    case .push, .weights, .importance, .inspected, .curvature, .centre, .frozen:
      if frame == nil, !isEncoded, mayBeAbsent { return .none }
      // A codec may take more than plain floats where it finds nothing to save.
      let maximum = blockCountMaximum * MemoryLayout<Float>.stride * (isEncoded ? 2 : 1)
      guard byteCount <= maximum else { throw .tooLong(byteCount: byteCount, maximum: maximum) }
      if isEncoded {
        guard let frame, elementCount <= UInt64(blockCountMaximum) else {
          throw .dimension(elementCount: elementCount, byteCount: byteCount)
        }
        return .encoded([UInt8](frame.bytes))
      }
      guard let frame, elementCount * 4 == UInt64(byteCount) else {
        throw .dimension(elementCount: elementCount, byteCount: byteCount)
      }
      return .tensor(floats(in: frame))
    case .control:
      guard byteCount <= controlByteCountMaximum else {
        throw .tooLong(byteCount: byteCount, maximum: controlByteCountMaximum)
      }
      return .control(try control(in: frame))
    }
  }

  /// A view of a frame's floats. Small frames may lie on any address and are copied.
  private static func floats(in frame: ReceivedFrame) -> VectorView {
    let count = frame.bytes.count / MemoryLayout<Float>.stride
    if let base = frame.bytes.baseAddress,
      Int(bitPattern: base).isMultiple(of: MemoryLayout<Float>.alignment)
    {
      return VectorView(
        base: base.assumingMemoryBound(to: Float.self), count: count, owner: frame.owner)
    }
    let copy = Vector(uninitialized: count)
    if count > 0 {
      UnsafeMutableRawBufferPointer(copy.elements).copyMemory(from: frame.bytes)
    }
    return copy.view
  }

  private static func control(in frame: ReceivedFrame?) throws(WireError) -> Control {
    guard let frame else { throw .control("it is empty") }
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return try decoder.decode(Control.self, from: Data(frame.bytes))
    } catch {
      throw .control("\(frame.bytes.count) bytes of JSON")
    }
  }
}

extension Message.Kind {
  /// Whether it may say by having no payload that there is nothing to say.
  fileprivate var isOptional: Bool {
    switch self {
    case .curvature, .centre, .frozen: true
    default: false
    }
  }
}

/// Reads little-endian numbers one after another.
private struct HeaderReader {
  private let bytes: UnsafeRawBufferPointer
  private var offset = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func skip(_ count: Int) { offset += count }

  mutating func next<Number: FixedWidthInteger>() -> Number {
    defer { offset += MemoryLayout<Number>.size }
    return Number(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }
}
