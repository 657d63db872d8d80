import Foundation
import Reports
import Testing

extension Processes {
  /// How runs begin and end whose nodes are started by hand.
  @Suite(.serialized) struct `Nodes started by hand` {
    /// What a process said and with which code it ended.
    private struct End {
      let status: Int32
      let errors: String
    }

    /// Starts nodes, does something, and waits for their ends.
    private func withNodes<Result>(
      _ commands: [[String]], _ act: () throws -> Result
    ) throws -> (Result, [End]) {
      let nodes = commands.map { Program.make($0) }
      for node in nodes { try node.0.run() }
      let result: Result
      do {
        result = try act()
      } catch {
        for node in nodes { node.0.terminate() }
        throw error
      }
      return (
        result,
        nodes.map { process, _, errors in
          let said = errors.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          return End(
            status: process.terminationStatus, errors: String(decoding: said, as: UTF8.self))
        }
      )
    }

    @Test func `serve all methods of a comparison, each as a cluster of its own would`() throws {
      let scratch = Scratch()
      let endpoint = "ipc://" + scratch.file("c")
      let settings =
        quick + ["--set", "compare=[none, ewc, mas]", "--workers", "2", "--servers", "1"]
      let server = [
        "serve", "--coordinator", endpoint, "--rank", "0", "--bind", "ipc://" + scratch.file("s"),
      ]
      let (run, ends) = try withNodes(
        [server] + ["0", "1"].map { ["work", "--coordinator", endpoint, "--rank", $0] }
      ) {
        try Program(["coordinate", "--bind", endpoint, "--output", scratch.file("out")] + settings)
      }
      #expect(run.status == 0, "\(run.errors)")
      #expect(ends.map(\.status) == [0, 0, 0])
      #expect(ends[1].errors.contains("worker 0 is connected to the coordinator at \(endpoint)"))
      for (method, what) in [("none", "another run follows"), ("mas", "")] {
        #expect(ends[1].errors.contains("worker 0 prepares for \(method) on glyphs"))
        #expect(
          ends[1].errors.contains("worker 0 has finished" + (what.isEmpty ? "\n" : "; " + what)))
        #expect(run.output.contains("all 3 nodes are ready for \(method)"))
        #expect(run.output.contains("all 3 nodes have finished \(method)"))
      }
      #expect(run.output.contains("is here (3 of 3)"))
      let alone = try Program(
        ["simulate", "--output", scratch.file("alone"), "--quiet"] + settings)
      #expect(alone.status == 0, "\(alone.errors)")
      let found = try ["out", "alone"].map { try ResultFolder(scratch.file($0)).read() }
      #expect(found[0].map(\.method) == found[1].map(\.method) && found[0].count == 3)
      #expect(found[0].map(\.weightsSha256) == found[1].map(\.weightsSha256))
      #expect(found[0].allSatisfy { $0.diagnostics.refusedMessages == 0 })
    }

    @Test func `end with a sentence when a worker cannot reach a server`() throws {
      let scratch = Scratch()
      let endpoint = "ipc://" + scratch.file("c")
      let nowhere = "ipc://" + scratch.file("nowhere")
      let (run, ends) = try withNodes([
        [
          "serve", "--coordinator", endpoint, "--rank", "0", "--bind", "ipc://" + scratch.file("s"),
          "--advertise", nowhere,
        ], ["work", "--coordinator", endpoint, "--rank", "0"],
      ]) {
        try Program(
          ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + quick + [
            "--set", "method.name=none", "--workers", "1", "--servers", "1",
            "--set", "timeouts.start-milliseconds=2000", "--set",
            "timeouts.silence-milliseconds=2000",
          ])
      }
      #expect(run.status == 5)
      let sentence = "worker 0 had no answer from server 0 at \(nowhere) for 2 s; start the server "
      #expect(run.errors.contains(sentence) && run.errors.contains("--advertise"), "\(run.errors)")
      #expect(ends.map(\.status) == [5, 5])
      #expect(ends[0].errors.contains("the coordinator ended the run: " + sentence))
      #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
    }

    @Test func `end with the code of what ended the run`() throws {
      let scratch = Scratch()
      let endpoint = "ipc://" + scratch.file("c")
      let (run, ends) = try withNodes([
        [
          "serve", "--coordinator", endpoint, "--rank", "0", "--bind", "ipc://" + scratch.file("s"),
        ], ["work", "--coordinator", endpoint, "--rank", "0"],
        ["work", "--coordinator", endpoint, "--rank", "1"],
      ]) {
        try Program(
          ["coordinate", "--bind", endpoint, "--output", scratch.file("out"), "--quiet"] + quick + [
            "--set", "method.name=none", "--workers", "2", "--servers", "1", "--set",
            "optimizer.kind=sgd", "--set", "optimizer.rate=1e30",
          ])
      }
      #expect(run.status == 6 && ends.map(\.status) == [6, 6, 6])
      #expect(ends[0].errors.contains("the coordinator ended the run: worker "))
    }

    @Test func `wait for a coordinator as long as they say`() throws {
      let run = try Program([
        "work", "--coordinator", "tcp://127.0.0.1:1", "--rank", "0", "--wait", "1",
      ])
      #expect(run.status == 5)
      #expect(
        run.errors.hasPrefix("hebb: worker 0 found no coordinator at tcp://127.0.0.1:1 within 1 s"))
    }

    @Test(arguments: [["--set", "method.name=none"], []])
    func `a run that never begins says why and leaves no folder`(sets: [String]) throws {
      let scratch = Scratch()
      let run = try Program(
        [
          "coordinate", "--bind", "ipc://" + scratch.file("c"), "--output", scratch.file("out"),
          "--wait", "1",
        ] + sets)
      #expect(run.status == 5)
      #expect(run.errors.contains("did not register within 1 s"))
      #expect(run.output == "listening at ipc://\(scratch.file("c"))\n")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
    }
  }
}
