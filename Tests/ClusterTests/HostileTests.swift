import Foundation
import Reports
import Roles
import Tensors
import Testing

@testable import Wire
@testable import ZeroMQTransport

extension Processes {
  /// Messages that nobody should send, to a live coordinator and a live server.
  @Suite(.serialized) struct `A cluster under fire` {
    /// A frame with any content.
    private func frames(_ parts: [[UInt8]]) -> EncodedMessage {
      EncodedMessage(header: parts[0], body: parts.count > 1 ? .bytes(parts[1]) : .none)
    }

    private var garbage: [EncodedMessage] {
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

    @Test func `refuses and counts what is wrong and ends on the same weights`() throws {
      let scratch = Scratch()
      let (endpoint, shard) = ("ipc://" + scratch.file("c"), "ipc://" + scratch.file("s"))
      let settings = [
        "--set", "method.name=none", "--set", "stream.iterations=150", "--set", "model.hidden=[20]",
        "--set", "stream.test-examples-per-task=50", "--workers", "1", "--servers", "1",
      ]
      let (coordinator, _, errors) = Program.make(
        ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + settings)
      let nodes = [
        Program.make(["serve", "--coordinator", endpoint, "--rank", "0", "--bind", shard]),
        Program.make(["work", "--coordinator", endpoint, "--rank", "0"]),
      ]
      for process in [coordinator] + nodes.map(\.0) { try process.run() }
      let context = Context()
      var count = 0
      for target in [endpoint, shard] {
        let socket = Socket(
          .dealer(identity: [9, UInt8(count + 1)]), in: context, lingerMilliseconds: 2_000)
        try socket.connect(target)
        for message in garbage {
          #expect(socket.send(message))
          count += 1
        }
      }
      let said = errors.fileHandleForReading.readDataToEndOfFile()
      coordinator.waitUntilExit()
      for node in nodes { node.0.waitUntilExit() }
      #expect(coordinator.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
      let result = try ResultFolder(scratch.file("out")).read()[0]
      #expect(result.diagnostics.refusedMessages == count)
      let calm = try Program(
        ["simulate", "--output", scratch.file("calm"), "--quiet"] + settings + givenCosts)
      #expect(calm.status == 0)
      let reference = try ResultFolder(scratch.file("calm")).read()[0]
      #expect(result.weightsSha256 == reference.weightsSha256)
    }

    /// Every kind with a field of its header at its end, by senders of every kind.
    private var extremes: [EncodedMessage] {
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

    @Test func `ends as it would have while a stranger fires to the end`() throws {
      let scratch = Scratch()
      let (endpoint, shard) = ("ipc://" + scratch.file("c"), "ipc://" + scratch.file("s"))
      let settings = [
        "--set", "method.name=ewc", "--set", "stream.iterations=40", "--set", "model.hidden=[20]",
        "--set", "method.examples=100", "--set", "stream.test-examples-per-task=50", "--workers",
        "1", "--servers", "1",
      ]
      let (coordinator, _, errors) = Program.make(
        ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + settings)
      let nodes = [
        Program.make(["serve", "--coordinator", endpoint, "--rank", "0", "--bind", shard]),
        Program.make(["work", "--coordinator", endpoint, "--rank", "0"]),
      ]
      // They tell of what they refuse, and must not wait until somebody reads it.
      for node in nodes {
        node.2.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
      }
      for process in [coordinator] + nodes.map(\.0) { try process.run() }
      let context = Context()
      // The second name is what a server would call its link to the coordinator.
      let sockets = try [endpoint, shard].flatMap { target in
        try [[9, 9], [0x4C, 0, 0, 0, 0, 0]].map { (name: [UInt8]) in
          let socket = Socket(.dealer(identity: name), in: context, lingerMilliseconds: 0)
          try socket.connect(target)
          return socket
        }
      }
      let volley = extremes
      repeat {
        for socket in sockets { for message in volley { _ = socket.send(message) } }
        usleep(100_000)
      } while coordinator.isRunning
      let complaint = errors.fileHandleForReading.readDataToEndOfFile()
      coordinator.waitUntilExit()
      for node in nodes { node.0.waitUntilExit() }
      #expect(
        coordinator.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
      let result = try ResultFolder(scratch.file("out")).read()[0]
      #expect(result.status == "complete")
      #expect(result.diagnostics.refusedMessages >= sockets.count * volley.count)
      // Nothing that a stranger said has got into the ledger.
      let strange = result.links.filter { $0.from == "stranger" || $0.to == "stranger" }
      #expect(strange.count == 4 && strange.allSatisfy { $0.kind == "control" && $0.task == nil })
      #expect(result.communication.overTime.roundWidth == 1)
      let calm = try Program(
        ["simulate", "--output", scratch.file("calm"), "--quiet"] + settings + givenCosts)
      #expect(calm.status == 0)
      let reference = try ResultFolder(scratch.file("calm")).read()[0]
      #expect(result.weightsSha256 == reference.weightsSha256)
      #expect(result.matrix == reference.matrix)
      #expect(result.communication.push == reference.communication.push)
      #expect(result.communication.pull == reference.communication.pull)
    }

    @Test func `the ledger equals what the sockets carried`() throws {
      let scratch = Scratch()
      let endpoint = "ipc://" + scratch.file("c")
      let settings = [
        "--set", "method.name=ewc", "--set", "stream.iterations=5", "--set", "model.hidden=[20]",
        "--set", "stream.test-examples-per-task=50", "--workers", "1", "--servers", "1",
      ]
      // The worker reaches the server through a forwarder that counts bytes.
      let forwarder = try Forwarder()
      let server = try freePort()
      forwarder.forward(to: server)
      let nodes = [
        Program.make([
          "serve", "--coordinator", endpoint, "--rank", "0", "--bind",
          "tcp://127.0.0.1:\(server)", "--advertise", "tcp://127.0.0.1:\(forwarder.port)",
        ]), Program.make(["work", "--coordinator", endpoint, "--rank", "0"]),
      ]
      for node in nodes { try node.0.run() }
      let run = try Program(
        ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + settings)
      #expect(run.status == 0, "\(run.errors)")
      for node in nodes { node.0.waitUntilExit() }
      let result = try ResultFolder(scratch.file("out")).read()[0]
      // What passes between the worker and its server, of every kind.
      let ends: Set = ["worker 0", "server 0"]
      let counted = result.links.filter { Set([$0.from, $0.to]) == ends }
        .reduce(0) { $0 + $1.bytes.framedBytes }
      let carried = forwarder.carriedCount
      // Besides messages a connection carries two greetings of 64 bytes and two READY commands.
      #expect(carried - counted >= 128 && carried - counted <= 128 + 2 * 100)
      #expect(counted > 1_000_000)
    }

    private func freePort() throws -> UInt16 { try Listener().port }
  }
}

extension Socket {
  func connect(_ endpoint: String) throws { try connect(try Endpoint(endpoint)) }
}

/// Passes one TCP connection on and counts the bytes of both directions.
private final class Forwarder: @unchecked Sendable {
  // Sendable: the counter is behind a lock and all else is fixed at the start.
  private let listener: Listener
  private let lock = NSLock()
  private var count = 0

  init() throws { listener = try Listener() }

  var port: UInt16 { listener.port }
  var carriedCount: Int { lock.withLock { count } }

  func forward(to port: UInt16) {
    let inbound = listener.descriptor
    Thread.detachNewThread { [self] in
      // The first attempts may come before the server listens; the client tries again.
      while true {
        let client = accept(inbound, nil, nil)
        guard client >= 0 else { return }
        guard let server = Listener.connect(to: port) else {
          close(client)
          continue
        }
        for (from, to) in [(client, server), (server, client)] {
          Thread.detachNewThread { self.pump(from, to) }
        }
      }
    }
  }

  private func pump(_ from: Int32, _ to: Int32) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let got = read(from, &buffer, buffer.count)
      guard got > 0 else {
        shutdown(to, Int32(SHUT_WR))
        return
      }
      lock.withLock { count += got }
      var sent = 0
      while sent < got {
        let now = buffer[sent..<got].withUnsafeBytes { write(to, $0.baseAddress, $0.count) }
        guard now > 0 else { return }
        sent += now
      }
    }
  }
}
