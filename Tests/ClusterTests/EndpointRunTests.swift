import Foundation
import Reports
import Roles
import Testing
import ZeroMQTransport

extension Processes {
  @Suite(.serialized) struct `Endpoints and data of nodes started one by one` {
    private let single =
      quick + ["--set", "method.name=none", "--workers", "1", "--servers", "1"]

    /// One coordinator, one server and one worker, and how each ended.
    private struct Cluster {
      let scratch = Scratch()
      let coordinator: Program
      let nodes: [Int32]

      /// - Parameters:
      ///   - bind: The coordinator's endpoint; the nodes get the same.
      ///   - data: Of server and worker, by the environment.
      init(
        _ bind: String, settings: [String], serve: [String] = [], data: [String] = []
      ) throws {
        let nodes = [["serve"] + serve, ["work"]].map {
          Program.make($0 + ["--coordinator", bind, "--rank", "0"]).0
        }
        for (node, folder) in zip(nodes, data) {
          node.environment = ProcessInfo.processInfo.environment.merging(
            ["HEBB_DATA": folder], uniquingKeysWith: { $1 })
        }
        for node in nodes { try node.run() }
        coordinator = try Program(
          ["coordinate", "--bind", bind, "--output", scratch.file("out"), "--quiet"] + settings)
        for node in nodes { node.waitUntilExit() }
        self.nodes = nodes.map(\.terminationStatus)
      }

      func result() throws -> RunResult {
        try #require(try ResultFolder(scratch.file("out")).read().first)
      }
    }

    private func simulated(_ settings: [String]) throws -> RunResult {
      let scratch = Scratch()
      let run = try Program(["simulate", "--output", scratch.file("out"), "--quiet"] + settings)
      #expect(run.status == 0, "\(run.errors)")
      return try #require(try ResultFolder(scratch.file("out")).read().first)
    }

    private func ends(at host: String) throws {
      let cluster = try Cluster("tcp://\(host):\(try Listener().port)", settings: single)
      #expect(cluster.coordinator.status == 0, "\(cluster.coordinator.errors)")
      #expect(cluster.nodes == [0, 0])
      let reference = try simulated(single)
      #expect(try cluster.result().weightsSha256 == reference.weightsSha256)
    }

    @Test func `a cluster at localhost ends on the simulator's weights`() throws {
      try ends(at: "localhost")
    }

    @Test(.enabled(if: Listener.hasIPv6, "this machine has no IPv6"))
    func `a cluster over IPv6 ends on the simulator's weights`() throws {
      try ends(at: "[::1]")
    }

    // MARK: Wrong endpoints

    @Test(arguments: [
      (
        ["coordinate", "--bind", "tcp://127.0.0.1:99999"],
        "--bind tcp://127.0.0.1:99999 has no port"
      ),
      (["coordinate", "--bind", "tcp://::1:5170"], "stands in brackets"),
      (
        ["coordinate", "--insecure", "--bind", "tcp://192.0.2.1:0"],
        "has no such address; give one of its own"
      ),
      (
        ["coordinate", "--bind", "tcp://nosuchhost.invalid:0"],
        "nosuchhost.invalid does not resolve"
      ),
      (["coordinate", "--bind", "ipc:///nowhere/c"], "there is no such folder; make it first"),
      (
        ["serve", "--coordinator", "tcp://0.0.0.0:5170"], "--coordinator tcp://0.0.0.0:5170 is for"
      ),
      (["serve", "--coordinator", "ipc://c", "--bind", "localhost:1"], "--bind localhost:1 is no"),
      (["serve", "--coordinator", "ipc://c", "--advertise", "tcp://a:b"], "--advertise tcp://a:b"),
      (["work", "--coordinator", "127.0.0.1:5170"], "write tcp://HOST:PORT, or ipc://PATH"),
      (
        ["work", "--coordinator", "tcp://nosuchhost.invalid:1"],
        "nosuchhost.invalid does not resolve"
      ),
    ]) func `that are wrong end with a sentence and a code of their own`(
      arguments: [String], words: String
    ) throws {
      let scratch = Scratch()
      let more =
        arguments[0] == "coordinate"
        ? ["--quiet", "--output", scratch.file("o")] : ["--rank", "0"]
      let run = try Program(arguments + more)
      #expect(run.status == 7, "\(run.errors)")
      #expect(run.errors.contains(words), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test func `that are files of something else, or in use, are left alone`() throws {
      let scratch = Scratch()
      let context = Context()
      let holder = Socket(.router, in: context, lingerMilliseconds: 0)
      let path = scratch.file("held")
      #expect(try holder.bind(.ipc(path: path)) == .ipc(path: path))
      let precious = try scratch.write("precious", to: "file")
      for (path, words) in [
        (path, "somebody listens there already"), (precious, "something else than a socket"),
      ] {
        do {
          try Socket(.router, in: context, lingerMilliseconds: 0).bind(.ipc(path: path))
          Issue.record("bound \(path)")
        } catch {
          #expect(error.description.contains(words), "\(error)")
        }
      }
      #expect(try String(contentsOfFile: precious, encoding: .utf8) == "precious")
    }

    @Test func `of the longest path are listened at`() throws {
      #expect(
        MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1 == Endpoint.pathByteCountMaximum)
      let scratch = Scratch()
      let rest = Endpoint.pathByteCountMaximum - scratch.path.utf8.count - 1
      let path = scratch.file(String(repeating: "x", count: rest))
      let socket = Socket(.router, in: Context(), lingerMilliseconds: 0)
      #expect(try socket.bind(Endpoint("ipc://\(path)")) == .ipc(path: path))
    }

    @Test func `that a killed process left are listened at again`() throws {
      let scratch = Scratch()
      let path = scratch.file("c")
      let (killed, _, _) = Program.make(
        ["coordinate", "--bind", "ipc://\(path)", "--quiet", "--output", scratch.file("out")])
      try killed.run()
      for _ in 0..<600 where !FileManager.default.fileExists(atPath: path) { usleep(50_000) }
      kill(killed.processIdentifier, SIGKILL)
      killed.waitUntilExit()
      #expect(FileManager.default.fileExists(atPath: path))
      let socket = Socket(.router, in: Context(), lingerMilliseconds: 0)
      #expect(try socket.bind(.ipc(path: path)) == .ipc(path: path))
    }

    @Test func `a worker that is told a name that does not resolve ends the run at once`() throws {
      let cluster = try Cluster(
        "ipc://" + Scratch().path + ".c", settings: single,
        serve: ["--advertise", "tcp://nosuchhost.invalid:4000"])
      #expect(cluster.coordinator.status == 7)
      #expect(
        cluster.coordinator.errors.contains(
          "worker 0 cannot reach server 0: the name nosuchhost.invalid does not resolve"),
        "\(cluster.coordinator.errors)")
    }

    // MARK: Data

    private let pictures =
      givenCosts
      + [
        "data.set=blobs", "stream.tasks=3", "stream.iterations=4", "model.hidden=[8]", "batch=12",
        "method.name=none", "compare=none", "cluster.workers=1", "cluster.servers=1",
      ].flatMap { ["--set", $0] }

    @Test func `data named by the environment serve all nodes`() throws {
      let folder = try Pictures(trainCount: 120)
      let settings = pictures + ["--data", folder.path]
      let cluster = try Cluster(
        "ipc://\(folder.path)/c", settings: settings, data: [folder.path, folder.path])
      #expect(cluster.coordinator.status == 0, "\(cluster.coordinator.errors)")
      #expect(cluster.nodes == [0, 0])
      let reference = try simulated(settings)
      #expect(try cluster.result().weightsSha256 == reference.weightsSha256)
    }

    @Test func `other data than the coordinator's are found`() throws {
      let (folder, other) = (try Pictures(trainCount: 120), try Pictures(trainCount: 42))
      let cluster = try Cluster(
        "ipc://\(folder.path)/c", settings: pictures + ["--data", folder.path],
        data: [folder.path, other.path])
      #expect(cluster.coordinator.status == 8)
      #expect(
        cluster.coordinator.errors.contains(
          "worker 0 and the coordinator do not hold the same data and model"),
        "\(cluster.coordinator.errors)")
    }

    @Test func `a server needs no data`() throws {
      let folder = try Pictures(trainCount: 120)
      let settings = pictures + ["--data", folder.path]
      let cluster = try Cluster(
        "ipc://\(folder.path)/c", settings: settings,
        data: ["\(folder.path)/nothing-here", folder.path])
      #expect(cluster.coordinator.status == 0, "\(cluster.coordinator.errors)")
      let reference = try simulated(settings)
      #expect(try cluster.result().weightsSha256 == reference.weightsSha256)
    }
  }
}

/// A folder with one data set, `blobs`: pictures of 6×6 in six classes.
private final class Pictures {
  private let scratch = Scratch()
  var path: String { scratch.path }

  init(trainCount: Int, testCount: Int = 30) throws {
    let folder = URL(fileURLWithPath: scratch.file("blobs"))
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (part, count) in [("train", trainCount), ("t10k", testCount)] {
      let pixels = (0..<count * 36).map { UInt8(truncatingIfNeeded: $0 / 36 % 6 * 40 + $0 % 36) }
      let images = [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 6] + pixels
      let labels = [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { UInt8($0 % 6) }
      try Data(images).write(to: folder.appendingPathComponent("\(part)-images-idx3-ubyte"))
      try Data(labels).write(to: folder.appendingPathComponent("\(part)-labels-idx1-ubyte"))
    }
  }
}

extension Listener {
  /// Whether this machine has the loopback address of IPv6.
  static var hasIPv6: Bool {
    var hints = addrinfo()
    hints.ai_flags = AI_NUMERICHOST
    #if os(Linux)
      hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
    #else
      hints.ai_socktype = SOCK_DGRAM
    #endif
    var found: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo("::1", "0", &hints, &found) == 0, let found else { return false }
    defer { freeaddrinfo(found) }
    let descriptor = socket(found.pointee.ai_family, found.pointee.ai_socktype, 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return bind(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0
  }
}
