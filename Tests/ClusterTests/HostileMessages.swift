import Roles
import Tensors

@testable import Wire

/// What nobody should send.
enum HostileMessages {
  /// A frame with any content.
  private static func frames(_ parts: [[UInt8]]) -> EncodedMessage {
    EncodedMessage(header: parts[0], body: parts.count > 1 ? .bytes(parts[1]) : .none)
  }

  static var garbage: [EncodedMessage] {
    let push = Message(
      .push, run: 77, sender: .worker(0), incarnation: 0, clock: 1, range: 0..<3,
      payload: .tensor(Vector([1, 2, 3]).view))
    let good = WireFormat.encode(push).header
    var otherVersion = good
    otherVersion[4] = 9
    return [
      frames([[1, 2, 3]]), frames([Array(good.prefix(40))]), frames([good]),
      frames([good, [1, 2, 3]]), frames([otherVersion, [UInt8](repeating: 0, count: 12)]),
      frames([good, [UInt8](repeating: 0, count: 3_000_000)]), WireFormat.encode(push),
      WireFormat.encode(
        Message(
          .push, run: 77, sender: .worker(9), incarnation: 0, clock: 1, range: 0..<1,
          payload: .tensor(Vector([.nan]).view))),
      WireFormat.encode(
        Message(
          .control, run: 0, sender: .worker(7), incarnation: 0,
          payload: .control(.register(endpoint: nil)))),
    ]
  }

  /// Every kind with a field of its header at its end, by senders of every kind.
  static var extremes: [EncodedMessage] {
    let largest = Int(UInt32.max)
    let changes: [(inout Message) -> Void] = [
      { $0.stage = 1_000_000 }, { $0.stage = largest }, { $0.clock = 1 << 62 },
      { $0.clock = .max }, { $0.version = .max }, { $0.exampleCount = largest },
      { $0.steps = largest }, { $0.incarnation = .max }, { $0.sender = .worker(largest) },
      { $0.sender = .server(0) }, { $0.sender = .coordinator }, { $0.run = 0 },
      { $0.range = 1 << 40..<1 << 40 + 4 }, { _ in },
    ]
    return Message.Kind.allCases.flatMap { kind in
      changes.map { change in
        var message = Message(
          kind, run: 12_345, sender: .worker(0), incarnation: 0, range: 0..<4)
        switch kind {
        case .pull, .anchor, .retire, .inspect: break
        case .control: message.payload = .control(.stop(kind: .violation, reason: "now"))
        default: message.payload = .tensor(Vector([1, 2, 3, 4]).view)
        }
        change(&message)
        return WireFormat.encode(message)
      }
    }
  }
}
