import Foundation
import Reports
import Testing

/// Processes that are stopped for longer than silence may last, and go on.
extension Processes {
  @Suite(.serialized) struct `A cluster that was away` {
    /// Everything, or the launcher alone (Ctrl-Z).
    @Test(arguments: [true, false])
    func `goes on where it was`(isWhole: Bool) throws {
      let scratch = Scratch()
      let (process, output, errors) = Program.make(
        [
          "run", "--output", scratch.file("out"), "--workers", "2", "--servers", "1", "--set",
          "method.name=none", "--set", "stream.iterations=100000", "--set", "model.hidden=[20]",
          "--set", "launch.restarts=0", "--set", "timeouts.silence-milliseconds=1500",
        ])
      output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
      try process.run()
      func opened() -> Bool {
        let log = try? String(contentsOfFile: scratch.file("out/events.jsonl"), encoding: .utf8)
        return log?.contains("\"opened\"") == true
      }
      for _ in 0..<600 where !opened() { usleep(50_000) }
      let nodes = isWhole ? try children(of: process.processIdentifier) : []
      #expect(nodes.count == (isWhole ? 3 : 0))
      for node in nodes + [process.processIdentifier] { kill(node, SIGSTOP) }
      usleep(3_500_000)
      // The launcher first: it would have the longest time to find the others silent.
      for node in [process.processIdentifier] + nodes { kill(node, SIGCONT) }
      usleep(2_000_000)
      kill(process.processIdentifier, SIGINT)
      let said = String(
        decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      #expect(process.terminationStatus == 130 && said.contains("stopped by Ctrl-C"), "\(said)")
    }

    @Test func `is not away while one step takes longer than silence may last`() throws {
      let scratch = Scratch()
      let run = try Program([
        "run", "--output", scratch.file("out"), "--workers", "1", "--servers", "1", "--quiet",
        "--set", "method.name=none", "--set", "stream.tasks=1", "--set", "stream.iterations=1",
        "--set", "model.hidden=[2000, 2000]", "--set", "batch=8000", "--set",
        "stream.kind=permuted", "--set", "launch.restarts=0", "--set",
        "timeouts.silence-milliseconds=1000", "--set", "timeouts.heartbeat-milliseconds=100",
      ])
      #expect(run.status == 0, "\(run.errors)")
      let result = try ResultFolder(scratch.file("out")).read()[0]
      // Or it would show nothing.
      #expect(result.phases.train > 1, "the step took \(result.phases.train) s")
    }

    private func children(of launcher: Int32) throws -> [Int32] {
      let finder = Process()
      finder.executableURL = URL(fileURLWithPath: "/bin/ps")
      finder.arguments = ["-eo", "pid,args"]
      let pipe = Pipe()
      finder.standardOutput = pipe
      try finder.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      finder.waitUntilExit()
      return text.split(separator: "\n").filter { $0.contains("--parent \(launcher) ") }
        .compactMap { Int32($0.split(separator: " ")[0]) }
    }
  }
}
