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
