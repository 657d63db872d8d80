import CZeroMQ
import Foundation
import Roles
import Testing

@testable import Wire
@testable import ZeroMQTransport

@Suite struct `Keys` {
  private let cluster = try! ClusterKeys(serverCount: 2, workerCount: 3)

  @Test func `are 40 characters of Z85`() throws {
    let key = try KeyPair.fresh().publicKey.text
    #expect(key.utf8.count == 40 && CurveKey(key)?.text == key)
    for wrong in [
      "", String(key.dropLast()), key + "0", "~" + key.dropFirst(), "é" + key.dropFirst(2),
    ] {
      #expect(CurveKey(wrong) == nil, "\(wrong)")
    }
    // The example of ZeroMQ RFC 32 is of eight bytes; four of them make a key.
    let bytes = [UInt8]([0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B])
    let four = Array(repeating: bytes, count: 4).flatMap(\.self)
    #expect(CurveKey(bytes: four)?.text == String(repeating: "HelloWorld", count: 4))
    #expect(CurveKey(bytes: bytes) == nil)
  }

  @Test func `differ each time, and the secret one gives the public one`() throws {
    let (one, other) = (try KeyPair.fresh(), try KeyPair.fresh())
    #expect(one.publicKey != other.publicKey && one.secretKey != other.secretKey)
    #expect(try KeyPair(secretKey: one.secretKey) == one)
  }

  @Test func `of all nodes read back as they were written`() throws {
    let known = cluster.known
    #expect(try PublicKeys(text: known.text, named: "k") == known)
    #expect(
      known.text.split(separator: "\n").map { $0.split(separator: " ")[0] }
        == ["coordinator", "server-0", "server-1", "worker-0", "worker-1", "worker-2"])
    #expect(known[.worker(2)] == cluster.pair(of: .worker(2)).publicKey)
    #expect(known[.worker(3)] == nil)
  }

  @Test func `that are none, or stand there twice, are named with their line`() throws {
    let key = cluster.pair(of: .worker(0)).publicKey.text
    let other = cluster.pair(of: .worker(1)).publicKey.text
    for (text, words) in [
      ("\nworker-0", "k, line 2: a line has a node"), ("worker-00 \(key)", "k, line 1: a line"),
      ("worker--1 \(key)", "a line has"), ("worker-99999 \(key)", "a line has"),
      ("coordinator-0 \(key)", "a line has"), ("coordinator \(key) x", "a line has"),
      ("worker-0 \(key)\nworker-0 \(other)", "k, line 2: worker 0 or its key stands there twice"),
      ("worker-0 \(key)\nworker-1 \(key)", "k, line 2: worker 1 or its key stands there twice"),
    ] {
      let error = #expect(throws: KeyError.self) { try PublicKeys(text: text, named: "k") }
      #expect(error?.description.contains(words) == true, "\(text): \(error?.description ?? "")")
    }
  }

  @Test func `let in whom a role talks to, and nobody else`() throws {
    func admitted(_ node: NodeID) throws -> [NodeID] {
      try #require(cluster.security(of: node).ring).admitted.values.sorted()
    }
    #expect(
      try admitted(.coordinator)
        == [.server(0), .server(1), .worker(0), .worker(1), .worker(2)])
    #expect(try admitted(.server(1)) == [.worker(0), .worker(1), .worker(2)])
    #expect(try admitted(.worker(1)).isEmpty)
  }

  @Test func `that do not belong together are no key ring`() throws {
    let known = cluster.known
    let stranger = #expect(throws: KeyError.self) {
      try KeyRing(.worker(0), own: .fresh(), known: known)
    }
    #expect(stranger?.description.contains("does not belong to its public key") == true)
    let absent = #expect(throws: KeyError.self) {
      try KeyRing(.worker(9), own: .fresh(), known: known)
    }
    #expect(absent?.description.contains("there is no public key of worker 9") == true)
  }
}

/// Where a node listens, with libzmq's word on everybody who comes.
private final class Door {
  let listener: Socket
  let endpoint: Endpoint
  private let monitor: UnsafeMutableRawPointer
  private let context: Context

  init(_ security: TransportSecurity) throws {
    context = Context(security)
    listener = Socket(.router, in: context, lingerMilliseconds: 0)
    let events =
      ZMQ_EVENT_HANDSHAKE_SUCCEEDED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH
      | ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL
    try #require(zmq_socket_monitor(listener.handle, "inproc://door", events) == 0)
    monitor = try #require(zmq_socket(context.handle, ZMQ_PAIR))
    var (limit, linger) = (Int32(30_000), Int32(0))
    zmq_setsockopt(monitor, ZMQ_RCVTIMEO, &limit, MemoryLayout<Int32>.size)
    zmq_setsockopt(monitor, ZMQ_LINGER, &linger, MemoryLayout<Int32>.size)
    try #require(zmq_connect(monitor, "inproc://door") == 0)
    endpoint = try listener.bind(.anyLocalPort)
  }

  deinit {
    zmq_socket_monitor(listener.handle, nil, 0)
    zmq_close(monitor)
  }

  /// Waits until somebody has come; whether he was let in.
  func letsIn() throws -> Bool {
    var event = [UInt8](repeating: 0, count: 6)
    var address = [UInt8](repeating: 0, count: 200)
    try #require(zmq_recv(monitor, &event, event.count, 0) == 6)
    try #require(zmq_recv(monitor, &address, address.count, 0) >= 0)
    return Int32(event[0]) | Int32(event[1]) << 8 == ZMQ_EVENT_HANDSHAKE_SUCCEEDED
  }

  /// Waits for a message.
  func next() throws -> [Frame] {
    var items = [
      zmq_pollitem_t(socket: listener.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    ]
    try #require(zmq_poll(&items, 1, 30_000) == 1)
    return try #require(listener.receive())
  }
}

@Suite struct `An encrypted door` {
  private let cluster = try! ClusterKeys(serverCount: 2, workerCount: 2)
  private let word = EncodedMessage(header: [7, 7, 7], body: .none)

  /// Somebody who says a word over and over: as often as he connects.
  private func caller(_ security: TransportSecurity, at door: Door) throws -> Socket {
    let socket = Socket(
      .dealer(identity: [1] + withUnsafeBytes(of: UUID().uuid) { [UInt8]($0) }),
      in: Context(security), lingerMilliseconds: 0)
    try socket.connect(door.endpoint, to: .server(0))
    #expect(socket.send(word))
    return socket
  }

  /// A worker 0 who has made its own keys and knows the servers'.
  private func forger() throws -> TransportSecurity {
    let own = try KeyPair.fresh()
    let server = cluster.pair(of: .server(0)).publicKey
    return .keys(
      try KeyRing(
        .worker(0), own: own, known: PublicKeys([.server(0): server, .worker(0): own.publicKey])))
  }

  /// A worker 0 whose keys are right and who takes somebody else for the server.
  private func misled() throws -> TransportSecurity {
    let own = cluster.pair(of: .worker(0))
    return .keys(
      try KeyRing(
        .worker(0), own: own,
        known: PublicKeys([.server(0): try KeyPair.fresh().publicKey, .worker(0): own.publicKey])))
  }

  @Test func `lets in a node by its key, and says who it is`() throws {
    let door = try Door(try cluster.security(of: .server(0)))
    #expect(door.listener.isEncrypted == true)
    for rank in [0, 1] {
      let worker = try caller(try cluster.security(of: .worker(rank)), at: door)
      #expect(try door.letsIn())
      let frames = try door.next()
      #expect(frames.count == 2 && Array(frames[1].bytes) == [7, 7, 7])
      #expect(frames[1].caller == .worker(rank))
      withExtendedLifetime(worker) {}
    }
  }

  @Test(arguments: ["no key", "an unknown key", "a key of another role", "another server's key"])
  func `hears nothing of a node with`(what: String) throws {
    let door = try Door(try cluster.security(of: .server(0)))
    let security: TransportSecurity =
      switch what {
      case "no key": .thisMachine
      case "an unknown key": try forger()
      case "a key of another role": try cluster.security(of: .server(1))
      default: try misled()
      }
    let stranger = try caller(security, at: door)
    #expect(try !door.letsIn())
    #expect(door.listener.receive() == nil)
    withExtendedLifetime(stranger) {}
    // Others come in as ever.
    let worker = try caller(try cluster.security(of: .worker(0)), at: door)
    let frames = try door.next()
    #expect(frames.count == 2 && frames[1].caller == .worker(0))
    withExtendedLifetime(worker) {}
  }

  @Test func `without keys is open to this machine alone`() throws {
    #expect(try Door(.thisMachine).listener.isEncrypted == false)
    let everywhere = Endpoint.tcp(.address(.v4(0)), port: 0)
    let context = Context()
    let error = #expect(throws: TransportError.self) {
      try Socket(.router, in: context, lingerMilliseconds: 0).bind(everywhere)
    }
    let words = try #require(error).description
    #expect(words.contains("tcp://0.0.0.0:0 is open to other machines"))
    #expect(words.contains("`hebb keygen FOLDER`") && words.contains("--insecure"))
    for security in [TransportSecurity.insecure, try cluster.security(of: .coordinator)] {
      let socket = Socket(.router, in: Context(security), lingerMilliseconds: 0)
      #expect(try socket.bind(everywhere).port != 0)
    }
  }

  @Test func `of a file is this user's alone, and plain`() throws {
    let scratch = Scratch()
    let context = Context(try cluster.security(of: .server(0)))
    let socket = Socket(.router, in: context, lingerMilliseconds: 0)
    try socket.bind(.ipc(path: scratch.file("s")))
    let mode = try FileManager.default.attributesOfItem(atPath: scratch.file("s"))[
      .posixPermissions]
    #expect(try #require(mode as? Int) & 0o077 == 0)
    #expect(socket.isEncrypted == nil)
  }

  @Test func `is called only by whoever knows the key of who is there`() throws {
    let socket = Socket(
      .dealer(identity: [1]), in: Context(try cluster.security(of: .worker(0))),
      lingerMilliseconds: 0)
    let error = #expect(throws: TransportError.self) {
      try socket.connect(.tcp(.address(.loopback), port: 9), to: .server(5))
    }
    #expect(error?.description.contains("there is no public key of server 5") == true)
  }

  /// Ends with what it hears first.
  private struct Listening: Role {
    let id = NodeID.server(0)
    var heard: Input?
    var nextDeadline: Instant? { .zero.advanced(bySeconds: 30) }
    mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
      switch input {
      case .message, .malformed, .deadline: heard = input
      default: return []
      }
      return [.finish(.completed)]
    }
  }

  private struct Idler: Performer {
    mutating func perform(_ order: Order) -> OrderResult { .failed(reason: "nothing is ordered") }
  }

  @Test(arguments: [(0, true), (1, false)])
  func `believes that a message is of whoever has the key`(rank: Int, isTrue: Bool) throws {
    let context = Context(try cluster.security(of: .server(0)))
    let listener = Socket(.router, in: context, lingerMilliseconds: 0)
    let endpoint = try listener.bind(.anyLocalPort)
    let worker = Socket(
      .dealer(identity: [1]), in: Context(try cluster.security(of: .worker(0))),
      lingerMilliseconds: 0)
    try worker.connect(endpoint, to: .server(0))
    #expect(
      worker.send(
        WireFormat.encode(Message(.pull, run: 1, sender: .worker(rank), incarnation: 0))))
    var loop = try RoleLoop(
      Listening(), performer: Idler(), context: context, listener: listener, identity: [2]
    ) { _, _ in }
    _ = loop.run()
    switch loop.role.heard {
    case .message(let message, _): #expect(isTrue && message.sender == .worker(0))
    case .malformed(let reason, _):
      #expect(!isTrue && reason == "it came with the key of worker 0, not its sender's")
    default: Issue.record("nothing was heard")
    }
  }
}
