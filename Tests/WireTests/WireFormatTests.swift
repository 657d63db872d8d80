import Models
import Roles
import Tensors
import Testing

@testable import Wire

/// Frames as a socket would hand them over, at any address.
final class FrameBox {
  let storage: UnsafeMutableRawBufferPointer
  let bytes: UnsafeRawBufferPointer

  init(_ content: [UInt8], offset: Int = 0) {
    storage = .allocate(byteCount: content.count + offset + 1, alignment: 16)
    let place = UnsafeMutableRawBufferPointer(rebasing: storage[offset..<offset + content.count])
    place.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(place)
  }

  deinit { storage.deallocate() }

  var frame: ReceivedFrame { ReceivedFrame(bytes: bytes, owner: self) }
}

func frames(of encoded: EncodedMessage, payloadOffset: Int = 0) -> [ReceivedFrame] {
  var frames = [FrameBox(encoded.header).frame]
  switch encoded.body {
  case .none, .deferred: break
  case .bytes(let bytes): frames.append(FrameBox(bytes, offset: payloadOffset).frame)
  case .tensor(let view):
    let bytes = [UInt8](UnsafeRawBufferPointer(view.elements))
    frames.append(FrameBox(bytes, offset: payloadOffset).frame)
  }
  return frames
}

let push = Message(
  .push, run: 0x0102_0304_0506_0708, sender: .worker(3), incarnation: 7, stage: 2,
  exampleCount: 32, clock: 9, version: 8, range: 100..<103,
  payload: .tensor(Vector([1, -2.5, 3]).view))

@Suite struct `Wire format` {
  @Test func `header bytes stand where the table says`() {
    let header = WireFormat.encode(push).header
    #expect(header.count == 80)
    #expect(Array(header[0..<4]) == Array("HEBB".utf8))
    #expect(Array(header[4..<8]) == [2, 0, 3, 2])
    #expect(Array(header[8..<16]) == [8, 7, 6, 5, 4, 3, 2, 1])
    #expect(Array(header[16..<32]) == [3, 0, 0, 0, 7, 0, 0, 0, 2, 0, 0, 0, 32, 0, 0, 0])
    #expect(header[32] == 9 && header[40] == 8 && header[48] == 100 && header[56] == 3)
    #expect(Array(header[64..<72]) == [12, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(header[72..<80]) == [1, 0, 0, 0, 0, 0, 0, 0])
  }

  @Test(
    arguments: [
      (WeightsRequest.current, 1, 0, 0), (.atRest, 2, 0, 0), (.penalty, 3, 0, 0),
      (.kept(.boundary(worker: 3, position: 4)), 4, 3, 4),
      (.kept(.provisional(worker: 9_999, step: 70_000)), 5, 9_999, 70_000),
      (.kept(.sample(phase: Int(UInt32.max), step: 1)), 6, Int(UInt32.max), 1),
    ] as [(WeightsRequest, UInt8, Int, Int)])
  func `a request stands beside the clock and is read back`(
    request: WeightsRequest, kind: UInt8, first: Int, second: Int
  ) throws {
    let pull = Message(.pull, run: 1, sender: .worker(0), incarnation: 0, request: request)
    let header = WireFormat.encode(pull).header
    let numbers = [first, second].flatMap { number in
      (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    #expect(header[77] == kind && Array(header[32..<40]) == numbers)
    let back = try WireFormat.decode(frames(of: WireFormat.encode(pull)))
    #expect(back.request == request && back.clock == 0)
  }

  @Test func `the largest round trip is no request`() throws {
    var message = push
    (message.clock, message.part) = (.max, 258)
    let header = WireFormat.encode(message).header
    #expect(Array(header[76..<80]) == [0, 0, 2, 1])
    let back = try WireFormat.decode(frames(of: WireFormat.encode(message)))
    #expect(back.clock == .max && back.request == nil && back.part == 258)
  }

  @Test func `a vector that is made elsewhere counts as if it travelled`() throws {
    var message = push
    message.payload = .deferred(Deferred(worker: 3, serial: 5, orders: []))
    let encoded = WireFormat.encode(message)
    #expect(encoded.header == WireFormat.encode(push).header)
    #expect(encoded.framedByteCount == WireFormat.encode(push).framedByteCount)
    let back = try WireFormat.decode(
      frames(of: encoded), deferred: Deferred(worker: 3, serial: 5, orders: []))
    guard case .deferred(let deferred) = back.payload else {
      Issue.record("the payload is another one")
      return
    }
    #expect(deferred.worker == 3 && deferred.serial == 5 && back.range == push.range)
    // Nobody but the driver of its process can say that a payload is elsewhere.
    #expect(throws: WireError.payloadLength(announced: 12, received: 0)) {
      try WireFormat.decode(frames(of: encoded))
    }
  }

  @Test(arguments: [0, 1, 3, 4, 8]) func `decoding an encoded push gives it back from any address`(
    offset: Int
  ) throws {
    let back = try WireFormat.decode(frames(of: WireFormat.encode(push), payloadOffset: offset))
    #expect(back.kind == push.kind && back.run == push.run && back.sender == push.sender)
    #expect(back.incarnation == 7 && back.stage == 2 && back.exampleCount == 32)
    #expect(back.clock == 9 && back.version == 8 && back.range == 100..<103)
    guard case .tensor(let view) = back.payload else { Issue.record("no tensor"); return }
    #expect(view.array == [1, -2.5, 3])
  }

  @Test(arguments: [
    Control.register(endpoint: nil), .register(endpoint: "tcp://127.0.0.1:5"),
    .welcome(
      run: UInt64.max, experiment: "name: \"é\"\n", workerCount: 2, serverEndpoints: ["ipc:///a"],
      timeouts: Timeouts(),
      shape: DataShape(example: ImageShape(height: 1, width: 784), outputs: 10)),
    .train(phase: 1, versions: [12, 13]), .finished(position: 2, versions: [7]),
    .kept(snapshot: .sample(phase: 0, step: 40), version: 9),
    .measured(id: 3, correct: [[4, 1]], totals: [[5, 2]]),
    .stated(
      id: 4,
      [StatementRecord(key: .max, values: [0.1, -3e-30, .greatestFiniteMagnitude, .infinity])]),
    .heartbeat(phase: 0, step: 3, loss: .infinity),
    .failed(kind: .notFinite, reason: "why"), .leave,
  ]) func `decoding an encoded control message gives it back`(control: Control) throws {
    let message = Message(
      .control, run: 5, sender: .server(1), incarnation: 0, payload: .control(control))
    let back = try WireFormat.decode(frames(of: WireFormat.encode(message), payloadOffset: 3))
    guard case .control(let decoded) = back.payload else { Issue.record("no control"); return }
    #expect(decoded == control)
  }

  @Test func `framing counts flags and length of each frame`() {
    // 80 + 2 for the header, 12 + 2 for three floats; a frame over 255 bytes costs nine.
    #expect(WireFormat.encode(push).framedByteCount == 96)
    var long = push
    long.range = 0..<100
    long.payload = .tensor(Vector(count: 100).view)
    #expect(WireFormat.encode(long).framedByteCount == 82 + 409)
    // Encrypted each frame has 33 bytes more, and 223 are too many for a short one.
    #expect(WireFormat.encode(push).framedByteCount(isEncrypted: true) == 115 + 47)
    #expect(WireFormat.encode(long).framedByteCount(isEncrypted: true) == 115 + 442)
    #expect(WireFormat.framedByteCount(of: 222, isEncrypted: true) == 257)
    #expect(WireFormat.framedByteCount(of: 223, isEncrypted: true) == 265)
  }

  private func decodeError(
    _ change: (inout [UInt8]) -> Void, body: [UInt8]? = [UInt8](repeating: 0, count: 12)
  ) -> WireError? {
    var header = WireFormat.encode(push).header
    change(&header)
    do {
      _ = try WireFormat.decode(
        [FrameBox(header).frame] + (body.map { [FrameBox($0).frame] } ?? []))
      return nil
    } catch { return error }
  }

  @Test func `anything that is not exactly a message is refused by name`() {
    #expect(decodeError { $0[0] = 0 } == .magic)
    #expect(decodeError { $0[4] = 9 } == .version(9))
    #expect(decodeError { $0[6] = 99 } == .unknownKind(99))
    #expect(decodeError { $0[76] = 2 } == .encoding(2))
    #expect(decodeError { $0[77] = 7 } == .request(7))
    // Nobody asks for the current weights of a number; the push has a clock of 9.
    #expect(decodeError { $0[77] = 1 } == .request(1))
    #expect(decodeError { $0[7] = 3 } == .unknownSender(3))
    #expect(decodeError { $0.removeLast() } == .headerLength(79))
    #expect(decodeError { $0 = [] } == .headerLength(0))
    #expect(decodeError({ _ in }, body: nil) == .payloadLength(announced: 12, received: 0))
    #expect(
      decodeError({ _ in }, body: [1, 2]) == .payloadLength(announced: 12, received: 2))
    #expect(decodeError { $0[56] = 4 } == .dimension(elementCount: 4, byteCount: 12))
    #expect(
      decodeError { $0[63] = 0xFF } == .dimension(elementCount: 3 | 0xFF << 56, byteCount: 12))
    #expect(decodeError { $0[6] = 1 } == .control("12 bytes of JSON"))
    #expect(decodeError { $0[6] = 2 } == .payloadLength(announced: 0, received: 12))
  }

  @Test func `a payload longer than a block is refused`() {
    let count = blockCountMaximum + 1
    var header = WireFormat.encode(push).header
    let byteCount = UInt64(count * 4)
    for byte in 0..<8 {
      header[56 + byte] = UInt8(truncatingIfNeeded: UInt64(count) >> (8 * byte))
      header[64 + byte] = UInt8(truncatingIfNeeded: byteCount >> (8 * byte))
    }
    let body = FrameBox([UInt8](repeating: 0, count: count * 4))
    #expect(throws: WireError.tooLong(byteCount: count * 4, maximum: blockCountMaximum * 4)) {
      _ = try WireFormat.decode([FrameBox(header).frame, body.frame])
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `random bytes never crash the decoder`(
    seed: UInt64
  ) {
    var random = RandomStream(seed: seed, purpose: .test)
    var header = WireFormat.encode(push).header
    for _ in 0..<random.index(below: 20) + 1 {
      header[4 + random.index(below: 68)] = UInt8(truncatingIfNeeded: random.nextWord())
    }
    let body = (0..<random.index(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.nextWord())
    }
    // Either a message or a named error; reaching the next line is the claim.
    let outcome = Result { try WireFormat.decode([FrameBox(header).frame, FrameBox(body).frame]) }
    if case .success(let message) = outcome { #expect(message.range.count >= 0) }
  }

  /// Where a header's numbers stand, and how many bytes they have.
  private static let fields = [
    (8, 8), (16, 4), (20, 4), (24, 4), (28, 4), (32, 8), (40, 8), (48, 8), (56, 8), (64, 8),
    (72, 4), (76, 4),
  ]

  @Test(arguments: Message.Kind.allCases) func `fields at their ends never crash the decoder`(
    kind: Message.Kind
  ) {
    let ends: [UInt64] = [0, 1, 4, 16, 1 << 31, 1 << 40, 1 << 62, 1 << 63, .max]
    let body = FrameBox([UInt8](repeating: 0, count: 16))
    var plain = WireFormat.encode(push).header
    plain[6] = kind.rawValue
    var count = 0
    for (place, first) in Self.fields.enumerated() {
      for other in Self.fields[place...] {
        for (one, two) in ends.flatMap({ one in ends.map { (one, $0) } }) {
          var header = plain
          for (field, value) in [(first, one), (other, two)] {
            for byte in 0..<field.1 {
              header[field.0 + byte] = UInt8(truncatingIfNeeded: value >> UInt64(8 * byte))
            }
          }
          let frame = FrameBox(header).frame
          let deferred = Deferred(worker: 0, serial: 0, orders: [])
          for frames in [[frame], [frame, body.frame]] {
            for message in [
              try? WireFormat.decode(frames), try? WireFormat.decode(frames, deferred: deferred),
            ] {
              if let message { count += message.range.upperBound <= 1 << 41 ? 1 : 0 }
            }
          }
        }
      }
    }
    #expect(count > 0)
  }

  @Test(arguments: [
    #"{"heartbeat":{"framedByteCount":1e999,"phase":0,"step":0}}"#,
    #"{"heartbeat":{"framedByteCount":9223372036854775808,"phase":0,"step":0}}"#,
    #"{"heartbeat":{"framedByteCount":0.5,"phase":0,"step":0}}"#,
    #"{"opened":{"phase":0,"version":-1}}"#, #"{"opened":{"phase":0}}"#, "[]", "", "\u{0}",
    String(repeating: "[", count: 100_000),
    #"{"goodbye":{"_0":{"traffic":{"lines":[],"series":{"width":1,"byKind":[[-1e300]]}}}}}"#,
  ]) func `control of numbers that are none is refused`(json: String) {
    var message = push
    message.kind = .control
    message.payload = .encoded(Array(json.utf8))
    var encoded = WireFormat.encode(message)
    // Its encoding is that of a control message.
    var header = encoded.header
    header[76] = 0
    encoded = EncodedMessage(header: header, body: encoded.body)
    #expect(throws: WireError.self) { _ = try WireFormat.decode(frames(of: encoded)) }
  }
}
