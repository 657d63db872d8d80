import Foundation
import Reports
import Testing

extension Processes {
  @Suite(.serialized, .enabled(if: ThreeHosts.arePossible, "\(ThreeHosts.need)"))
  struct `Three hosts` {
    /// What the folder's page tells to type for several machines.
    private func command(_ name: String, host: String) throws -> String {
      let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      let readme = try String(
        contentsOf: root.appendingPathComponent("cluster/README.md"), encoding: .utf8)
      let line = try #require(
        readme.split(separator: "\n").first { $0.hasPrefix("    ./scripts/hebb \(name) ") })
      return line.replacingOccurrences(of: "./scripts/hebb", with: "\"$hebb\"")
        .replacingOccurrences(of: "HOST", with: host)
        .trimmingCharacters(in: .whitespaces)
    }

    /// Processes and devices that are here now.
    private func traces() throws -> [String] {
      let links = try FileManager.default.contentsOfDirectory(atPath: "/sys/class/net").sorted()
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "/run/netns")) ?? []
      return try leftovers() + links + names.sorted()
    }

    private let settings = quick.joined(separator: " ")

    @Test(arguments: [
      ("coordinator.test", "tcp://0.0.0.0:5170"), ("'[fd77::1]'", "'tcp://[::]:5170'"),
    ]) func `that run what is told there end on the simulator's weights`(
      host: String, bind: String
    ) throws {
      let before = try traces()
      let scratch = Scratch()
      // Wherever the page has its keys, these are here.
      let keys = " --keys \"$folder/keys\""
      let serve = try command("serve", host: host) + keys
      let work = try command("work", host: host) + keys
      let coordinate = try (command("coordinate", host: host) + keys)
        .replacingOccurrences(of: "tcp://0.0.0.0:5170", with: bind)
      func ranked(_ line: String, _ rank: Int) -> String {
        line.replacingOccurrences(of: "--rank 0", with: "--rank \(rank)")
      }
      let end = try ThreeHosts.run(
        """
        "$hebb" keygen "$folder/keys" --workers 4 --servers 2 > /dev/null
        nodes=()
        node() { on "$@" & nodes+=($!); }
        node b \(ranked(serve, 0))
        node c \(ranked(serve, 1)) --bind \(bind.replacingOccurrences(of: "5170", with: "0"))
        node a \(ranked(work, 0))
        node b \(ranked(work, 1))
        node c \(ranked(work, 2))
        node b \(ranked(work, 3))
        on a \(coordinate) \(settings) --output "$folder/out" --quiet
        for node in "${nodes[@]}"; do wait "$node"; done
        """, in: scratch.path)
      #expect(end.status == 0 && !end.said.contains("refused"), "\(end.said)")
      #expect(end.said.contains("worker 3 is connected to the coordinator at"), "\(end.said)")
      #expect(try traces() == before)
      let results = try ResultFolder(scratch.file("out")).read()
      #expect(results.allSatisfy { $0.provenance?.isEncrypted == true })
      let simulated = try Program(
        ["simulate", "default", "--output", scratch.file("here"), "--quiet"] + quick)
      #expect(simulated.status == 0, "\(simulated.errors)")
      let references = try ResultFolder(scratch.file("here")).read()
      #expect(results.map(\.method) == ["none", "ewc", "mas", "joint"])
      #expect(results.map(\.weightsSha256) == references.map(\.weightsSha256))
      #expect(results.map(\.matrix) == references.map(\.matrix))
      #expect(results.allSatisfy { $0.weightsSha256?.count == 64 })
    }

    @Test func `refuse a server that only its own machine could reach`() throws {
      let scratch = Scratch()
      let alone = try ThreeHosts.run(
        """
        on b "$hebb" serve --coordinator tcp://coordinator.test:5170 --rank 0 \
          --bind tcp://127.0.0.1:0
        """, in: scratch.path)
      #expect(alone.status == 7)
      #expect(
        alone.said.contains(
          "and the coordinator is at 10.77.0.1; leave --bind out to listen at 10.77.0.2"),
        "\(alone.said)")
      let unroutable = try ThreeHosts.run(
        "on b \"$hebb\" serve --coordinator tcp://192.0.2.1:5170 --rank 0", in: scratch.path)
      #expect(unroutable.status == 7)
      #expect(unroutable.said.contains("there is no way from this machine to tcp://192.0.2.1:5170"))
      // A server beside its coordinator cannot know that a worker will come from elsewhere.
      let apart = try ThreeHosts.run(
        """
        on a "$hebb" serve --coordinator tcp://127.0.0.1:5170 --rank 0 2> /dev/null &
        on b "$hebb" work --coordinator tcp://coordinator.test:5170 --rank 0 2> /dev/null &
        on a "$hebb" coordinate --insecure --bind tcp://0.0.0.0:5170 --output "$folder/out" --quiet \
          \(settings) --set method.name=none --workers 1 --servers 1
        """, in: scratch.path)
      #expect(apart.status == 7)
      #expect(
        apart.said.contains("worker 0 cannot reach server 0: tcp://127.0.0.1:")
          && apart.said.contains("start that node with --coordinator tcp://coordinator.test:5170"),
        "\(apart.said)")
    }
  }
}
