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
        for message in HostileMessages.garbage {
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
      let volley = HostileMessages.extremes
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

    @Test(arguments: [false, true])
    func `the ledger equals what the sockets carried`(isEncrypted: Bool) throws {
      let scratch = Scratch()
      let keys = ["--keys", scratch.file("keys")]
      if isEncrypted {
        #expect(try Program(["keygen", keys[1], "--workers", "1", "--servers", "1"]).status == 0)
      }
      let protection = isEncrypted ? keys : []
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
        Program.make(
          [
            "serve", "--coordinator", endpoint, "--rank", "0", "--bind",
            "tcp://127.0.0.1:\(server)", "--advertise", "tcp://127.0.0.1:\(forwarder.port)",
          ] + protection),
        Program.make(["work", "--coordinator", endpoint, "--rank", "0"] + protection),
      ]
      for node in nodes { try node.0.run() }
      let run = try Program(
        ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + protection
          + settings)
      #expect(run.status == 0, "\(run.errors)")
      for node in nodes { node.0.waitUntilExit() }
      let result = try ResultFolder(scratch.file("out")).read()[0]
      // What passes between the worker and its server, of every kind.
      let ends: Set = ["worker 0", "server 0"]
      let counted = result.links.filter { Set([$0.from, $0.to]) == ends }
        .reduce(0) { $0 + $1.bytes.framedBytes }
      let carried = forwarder.carriedCount
      // Besides messages a connection carries two greetings of 64 bytes and two READY commands;
      // with CURVE HELLO (202), WELCOME (170), INITIATE (266 and what READY has) and READY.
      let least = 128 + (isEncrypted ? 202 + 170 + 266 : 0)
      #expect(carried - counted >= least && carried - counted <= least + 2 * 100)
      #expect(counted > 1_000_000)
    }

    private func freePort() throws -> UInt16 { try Listener().port }
  }
}

extension Socket {
  func connect(_ endpoint: String) throws { try connect(try Endpoint(endpoint)) }
}
