import Foundation
public import Roles
import Tensors

extension WireFormat {
  /// The frames of a message. Tensor bytes are not copied.
  public static func encode(_ message: Message) -> EncodedMessage {
    let body: EncodedMessage.Body
    switch message.payload {
    case .none: body = .none
    case .tensor(let view): body = .tensor(view)
    case .encoded(let bytes): body = .bytes(bytes)
    case .control(let control): body = .bytes(json(of: control))
    case .deferred(let deferred): body = .deferred(deferred, elementCount: message.range.count)
    }
    var header = [UInt8]()
    header.reserveCapacity(headerByteCount)
    header += magic
    append(protocolVersion, to: &header)
    header.append(message.kind.rawValue)
    header.append(message.sender.kind.rawValue)
    append(message.run, to: &header)
    append(UInt32(truncatingIfNeeded: message.sender.rank), to: &header)
    append(message.incarnation, to: &header)
    append(UInt32(truncatingIfNeeded: message.stage), to: &header)
    append(UInt32(truncatingIfNeeded: message.exampleCount), to: &header)
    let request = message.request.map(RequestCode.init)
    append(request.map { UInt64($0.second) << 32 | UInt64($0.first) } ?? message.clock, to: &header)
    append(message.version, to: &header)
    append(UInt64(message.range.lowerBound), to: &header)
    append(UInt64(message.range.count), to: &header)
    append(UInt64(body.byteCount), to: &header)
    append(UInt32(truncatingIfNeeded: message.steps), to: &header)
    if case .encoded = message.payload { header.append(1) } else { header.append(0) }
    header.append(request?.kind ?? 0)
    append(UInt16(truncatingIfNeeded: message.part), to: &header)
    return EncodedMessage(header: header, body: body)
  }

  private static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
  }

  private static func json(of control: Control) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return [UInt8](try encoder.encode(control))
    } catch {
      preconditionFailure("every control value can be written as JSON: \(error)")
    }
  }
}
