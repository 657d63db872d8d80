import Tensors
import Testing

@testable import Roles

private let meant: [(String, Endpoint)] = [
  ("tcp://127.0.0.1:5170", Endpoint.tcp(.address(.v4(0x7F00_0001)), port: 5170)),
  ("tcp://*:*", .tcp(.address(.v4(0)), port: 0)),
  ("tcp://0.0.0.0:65535", .tcp(.address(.v4(0)), port: 65_535)),
  ("tcp://localhost:0", .tcp(.name("localhost"), port: 0)),
  ("tcp://node-07.cluster_a.example.:80", .tcp(.name("node-07.cluster_a.example."), port: 80)),
  ("tcp://[::1]:5170", .tcp(.address(.v6([0, 0, 0, 0, 0, 0, 0, 1])), port: 5170)),
  ("tcp://[::]:0", .tcp(.address(.v6([0, 0, 0, 0, 0, 0, 0, 0])), port: 0)),
  (
    "tcp://[2001:DB8::c0:0:0:1]:1",
    .tcp(.address(.v6([0x2001, 0xDB8, 0, 0, 0xC0, 0, 0, 1])), port: 1)
  ),
  (
    "tcp://[::ffff:192.0.2.1]:1",
    .tcp(.address(.v6([0, 0, 0, 0, 0, 0xFFFF, 0xC000, 0x201])), port: 1)
  ),
  (
    "tcp://[fe80::1%eth0]:1",
    .tcp(.address(.v6([0xFE80, 0, 0, 0, 0, 0, 0, 1], zone: "eth0")), port: 1)
  ),
  ("ipc://a b/ü", .ipc(path: "a b/ü")),
  (
    "ipc://" + String(repeating: "x", count: Endpoint.pathByteCountMaximum),
    .ipc(path: String(repeating: "x", count: Endpoint.pathByteCountMaximum))
  ),
]

/// What is wrong, and a part of what is said about it.
private let wrong: [(String, String)] = [
  ("", "an empty endpoint is no endpoint; write tcp://HOST:PORT, or ipc://PATH"),
  ("127.0.0.1:5170", "127.0.0.1:5170 is no endpoint; write tcp://HOST:PORT"),
  ("udp://127.0.0.1:1", "is no endpoint"), ("TCP://127.0.0.1:1", "is no endpoint"),
  (" tcp://127.0.0.1:1", "is no endpoint"),
  ("tcp://", "lacks a port"), ("tcp://localhost", "lacks a port; write tcp://HOST:PORT"),
  ("tcp://127.0.0.1:", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:99999", "tcp://127.0.0.1:99999 has no port from 0 to 65535"),
  ("tcp://127.0.0.1:65536", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:-1", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:+1", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:80/", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:18446744073709551617", "no port from 0 to 65535"),
  ("tcp://127.0.0.1:٣", "no port from 0 to 65535"),
  ("tcp://:5170", "names no host"),
  ("tcp://::1:5170", "an IPv6 address stands in brackets: tcp://[::1]:5170"),
  ("tcp://[::1]", "lacks a port"), ("tcp://[::1:5170", "lacks the bracket"),
  ("tcp://[::1]5170", "something else than :PORT"),
  ("tcp://[127.0.0.1]:1", "no IPv6 address in its brackets"),
  ("tcp://[localhost]:1", "no IPv6 address in its brackets"),
  ("tcp://[1:2:3:4:5:6:7]:1", "no IPv6 address"), ("tcp://[1::2::3]:1", "no IPv6 address"),
  ("tcp://[1:2:3:4:5:6:7::8]:1", "no IPv6 address"), ("tcp://[:::1]:1", "no IPv6 address"),
  ("tcp://[12345::]:1", "no IPv6 address"), ("tcp://[+1::]:1", "no IPv6 address"),
  ("tcp://[::1%]:1", "no IPv6 address"), ("tcp://[::1.2.3.256]:1", "no IPv6 address"),
  ("tcp://256.0.0.1:1", "four numbers from 0 to 255"),
  ("tcp://127.1:1", "four numbers from 0 to 255"),
  ("tcp://127.0.0.1.:1", "four numbers from 0 to 255"),
  ("tcp://010.0.0.1:1", "four numbers from 0 to 255"),
  ("tcp://1.2.3.4.5:1", "four numbers from 0 to 255"),
  ("tcp://a..b:1", "a host that is no name"), ("tcp://-a:1", "a host that is no name"),
  ("tcp://a b:1", "a host that is no name"), ("tcp://user@host:1", "a host that is no name"),
  ("tcp://10.0.0.1;gate:1", "a host that is no name"), ("tcp://häßlich:1", "no name"),
  ("tcp://" + String(repeating: "a", count: 64) + ":1", "a host that is no name"),
  ("ipc://", "names no file"), ("ipc://a\u{0}b", "ipc://a?b has a NUL in its path"),
  (
    "ipc:///" + String(repeating: "x", count: Endpoint.pathByteCountMaximum),
    "has a path of \(Endpoint.pathByteCountMaximum + 1) bytes"
  ),
]

@Suite struct `An endpoint` {
  @Test(arguments: meant) func `is read as it is meant`(text: String, endpoint: Endpoint) throws {
    #expect(try Endpoint(text) == endpoint)
    #expect(try Endpoint(endpoint.description) == endpoint)
  }

  @Test(arguments: wrong) func `that is wrong is refused with what is wrong`(
    text: String, words: String
  ) {
    do {
      let endpoint = try Endpoint(text)
      Issue.record("\(text) was read as \(endpoint)")
    } catch {
      #expect(error.description.contains(words), "\(error)")
      #expect(!error.description.unicodeScalars.contains { $0.value < 32 })
      #expect(error.description.utf8.count < 800)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `is read again from its description, whatever it is`(seed: UInt64) throws {
    var generator = RandomStream(seed: seed, purpose: .shuffle)
    let endpoint = Endpoint.drawn(using: &generator)
    #expect(try Endpoint(endpoint.description) == endpoint)
  }

  /// Nothing that a peer sends may do harm, and what is accepted is written the same way again.
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `with one thing changed is refused or read, and then is written as it is read`(
    seed: UInt64
  ) {
    var generator = RandomStream(seed: seed, purpose: .shuffle)
    var scalars = Array(Endpoint.drawn(using: &generator).description.unicodeScalars)
    let noise = Array("tcp:/[]0179af%*.-\u{0}\u{301}٣ ☃".unicodeScalars)
    for _ in 0..<Int.random(in: 1...3, using: &generator) {
      let place = Int.random(in: 0..<scalars.count, using: &generator)
      let length = Int.random(in: 0...1, using: &generator)
      scalars.replaceSubrange(
        place..<place + length, with: [noise.randomElement(using: &generator)!])
    }
    let text = String(String.UnicodeScalarView(scalars))
    guard let endpoint = try? Endpoint(text) else { return }
    #expect((try? Endpoint(endpoint.description)) == endpoint, "\(text)")
  }

  @Test func `of IPv6 is written as RFC 5952 has it`() {
    for (text, written) in [
      ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:0DB8::0001", "2001:db8::1"),
      ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("0:0:0:0:0:0:0:0", "::"),
      ("1:0:0:0:0:0:0:0", "1::"), ("::2:0:0:0:3:0:4", "0:2::3:0:4"),
    ] {
      #expect(IPAddress(text)?.description == written)
    }
  }

  @Test func `knows what is reached from its own machine alone`() throws {
    for text in [
      "ipc://x", "tcp://127.0.0.1:1", "tcp://127.8.9.1:1", "tcp://[::1]:1", "tcp://LocalHost:1",
      "tcp://[::ffff:127.0.0.1]:1",
    ] {
      #expect(try Endpoint(text).isWithinMachine, "\(text)")
    }
    for text in ["tcp://10.0.0.1:1", "tcp://[fd00::1]:1", "tcp://a.localhost.org:1", "tcp://*:1"] {
      #expect(try !Endpoint(text).isWithinMachine, "\(text)")
    }
    for text in ["tcp://*:1", "tcp://0.0.0.0:1", "tcp://[::]:1", "tcp://[::ffff:0.0.0.0]:1"] {
      #expect(try Endpoint(text).isWildcard, "\(text)")
      #expect(throws: EndpointError.self) { try Endpoint(text).connectable() }
    }
    #expect(throws: EndpointError.self) { try Endpoint("tcp://10.0.0.1:0").connectable() }
  }
}

@Suite struct `A server's place` {
  private let near = Route(local: .loopback, remote: .loopback)
  private let own = Route(local: .v4(0x0A00_0001), remote: .v4(0x0A00_0001))
  private let far = Route(local: .v4(0x0A00_0002), remote: .v4(0x0A00_0001))
  private let far6 = Route(
    local: .v6([0xFD00, 0, 0, 0, 0, 0, 0, 2]), remote: .v6([0xFD00, 0, 0, 0, 0, 0, 0, 1]))

  /// Where it listens and what it tells, if the system gives it port 7.
  private func place(_ bind: String?, _ advertise: String?, _ route: Route?) throws -> [String] {
    let place = ServerPlace(
      bind: try bind.map { try Endpoint($0) },
      advertise: try advertise.map { try Endpoint($0, portIfNone: 0) }, route: route)
    var bound = place.bind
    if case .tcp(let host, port: 0) = bound { bound = .tcp(host, port: 7) }
    return ["\(place.bind)", "\(try place.told(bound: bound))"]
  }

  @Test func `is where the coordinator's machine finds it unless something else is said`() throws {
    #expect(try place(nil, nil, nil) == ["tcp://127.0.0.1:0", "tcp://127.0.0.1:7"])
    #expect(try place(nil, nil, near) == ["tcp://127.0.0.1:0", "tcp://127.0.0.1:7"])
    #expect(try place(nil, nil, own) == ["tcp://10.0.0.1:0", "tcp://10.0.0.1:7"])
    #expect(try place(nil, nil, far) == ["tcp://10.0.0.2:0", "tcp://10.0.0.2:7"])
    #expect(try place(nil, nil, far6) == ["tcp://[fd00::2]:0", "tcp://[fd00::2]:7"])
  }

  @Test func `that is all addresses is told by the one that the coordinator sees`() throws {
    #expect(try place("tcp://*:0", nil, far)[1] == "tcp://10.0.0.2:7")
    #expect(try place("tcp://0.0.0.0:9", nil, far)[1] == "tcp://10.0.0.2:9")
    #expect(try place("tcp://[::]:0", nil, far)[1] == "tcp://10.0.0.2:7")
    #expect(try place("tcp://[::]:0", nil, far6)[1] == "tcp://[fd00::2]:7")
    #expect(try place("tcp://0.0.0.0:0", nil, nil)[1] == "tcp://127.0.0.1:7")
    #expect(try place("tcp://[::]:0", nil, nil)[1] == "tcp://[::1]:7")
  }

  @Test func `is told as advertised, with the port that was bound where none is given`() throws {
    #expect(try place(nil, "tcp://gate:80", far)[1] == "tcp://gate:80")
    #expect(try place(nil, "tcp://gate", far)[1] == "tcp://gate:7")
    #expect(try place("tcp://*:9", "tcp://gate:0", far)[1] == "tcp://gate:9")
    #expect(try place("ipc://s", "tcp://gate:80", far)[1] == "tcp://gate:80")
  }

  @Test func `that no worker elsewhere could reach is refused with what to write`() throws {
    func refused(_ bind: String?, _ advertise: String?, _ route: Route, _ words: String) {
      do {
        let accepted = try place(bind, advertise, route)
        Issue.record("accepted: \(accepted)")
      } catch {
        #expect("\(error)".contains(words), "\(error)")
      }
    }
    refused("tcp://127.0.0.1:0", nil, far, "leave --bind out to listen at 10.0.0.2")
    refused("ipc://s", nil, far, "nobody reaches ipc://s but from this machine")
    refused("tcp://*:0", "tcp://localhost", far, "the coordinator is at 10.0.0.1")
    refused("tcp://*:0", "tcp://0.0.0.0", far, "name one machine")
    refused("ipc://s", "tcp://gate", far, "--advertise needs a port")
    refused("tcp://0.0.0.0:0", nil, far6, "--bind 'tcp://[::]:0'")
    #expect(try place("ipc://s", nil, near)[1] == "ipc://s")
    #expect(try place("tcp://127.0.0.1:0", nil, own)[1] == "tcp://127.0.0.1:7")
  }
}

@Suite struct `A worker that is welcomed` {
  private func effects(servers: [String]) -> [Effect] {
    var worker = WorkerRole(rank: 0)
    _ = worker.handle(.start, at: .zero)
    let welcome = Control.welcome(
      run: 5, experiment: "", workerCount: 1, serverEndpoints: servers, timeouts: Timeouts(),
      shape: DataShape(example: ImageShape(height: 1, width: 2), outputs: 2))
    let message = Message(
      .control, run: 5, sender: .coordinator, incarnation: 0, payload: .control(welcome))
    return worker.handle(.message(message, from: Peer(link: .coordinator)), at: .zero)
  }

  @Test func `connects to the servers that it is told of`() throws {
    let connected = effects(servers: ["tcp://10.0.0.1:4", "tcp://[fd00::2]:5"]).compactMap {
      if case .connect(let node, let endpoint) = $0 { "\(node) \(endpoint)" } else { nil }
    }
    #expect(connected == ["server 0 tcp://10.0.0.1:4", "server 1 tcp://[fd00::2]:5"])
  }

  @Test(arguments: ["tcp://0.0.0.0:4", "tcp://10.0.0.1:0", "10.0.0.1:4"])
  func `gives up where one cannot be connected to`(endpoint: String) {
    let effects = effects(servers: ["tcp://10.0.0.1:4", endpoint])
    guard case .failed(.endpoint, let reason)? = controls(effects).last else {
      Issue.record("goes on")
      return
    }
    #expect(reason.contains("worker 0 was told of a server that it cannot reach: \(endpoint)"))
  }
}

extension Endpoint {
  /// Any endpoint.
  fileprivate static func drawn(using generator: inout RandomStream) -> Endpoint {
    let port = UInt16.random(in: 0...65_535, using: &generator)
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: return .tcp(.address(.v4(UInt32(truncatingIfNeeded: generator.next()))), port: port)
    case 1:
      let groups = (0..<8).map { _ in
        Bool.random(using: &generator) ? UInt16(truncatingIfNeeded: generator.next()) : 0
      }
      let zone = Bool.random(using: &generator) ? "wlan0.1" : nil
      return .tcp(.address(.v6(groups, zone: zone)), port: port)
    case 2:
      let letters = Array("abcXYZ019")
      let labels = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        "n" + String((0..<5).map { _ in letters.randomElement(using: &generator)! })
      }
      return .tcp(.name(labels.joined(separator: ".")), port: port)
    default:
      let scalars = (0..<Int.random(in: 1...26, using: &generator)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 1..<0x11_0000, using: &generator))
      }
      return .ipc(path: "/" + String(String.UnicodeScalarView(scalars)))
    }
  }
}
