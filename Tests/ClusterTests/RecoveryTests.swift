import Foundation
import Reports
import Testing

extension Processes {
  /// Runs of which processes are killed.
  @Suite(.serialized) struct `A run that loses processes` {
    private let settings =
      [
        "stream.tasks=3", "stream.iterations=300", "model.hidden=[6]", "batch=24",
        "stream.test-examples-per-task=20", "compare=none", "cluster.workers=2",
        "cluster.servers=2", "checkpoint.every-steps=10", "stream.classes=[[0,1],[2,3],[4,5]]",
        "optimizer.kind=adam", "method.name=ewc", "communication.push-codec=top-k",
        "communication.push-density=0.5",
      ].flatMap { ["--set", $0] }

    private func undisturbed(_ scratch: Scratch) throws -> RunResult {
      let run = try Program(
        ["simulate", "--quiet", "--output", scratch.file("calm")] + givenCosts + settings)
      try #require(run.status == 0, "\(run.errors)")
      return try ResultFolder(scratch.file("calm")).read()[0]
    }

    /// Waits until a run has saved itself and has gone on after a loss so many times, or has ended.
    private func wait(
      _ folder: String, saved count: Int, recovered losses: Int = 0, _ process: Process
    ) {
      while process.isRunning {
        let events = (try? String(contentsOfFile: folder + "/events.jsonl", encoding: .utf8)) ?? ""
        if events.ranges(of: "\"saved\"").count >= count,
          events.ranges(of: "\"recovered\"").count >= losses
        {
          return
        }
        usleep(2_000)
      }
    }

    /// Processes that a launcher has started, by their command lines.
    private func children(of launcher: Process) throws -> [(id: Int32, line: String)] {
      let ps = Process()
      ps.executableURL = URL(fileURLWithPath: "/bin/ps")
      ps.arguments = ["-eo", "pid,ppid,args"]
      let pipe = Pipe()
      ps.standardOutput = pipe
      try ps.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      ps.waitUntilExit()
      return text.split(separator: "\n").compactMap { line in
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count == 3, let id = Int32(words[0]),
          Int32(words[1]) == launcher.processIdentifier
        else { return nil }
        return (id, String(words[2]))
      }
    }

    private func agree(_ folder: String, _ calm: RunResult) throws -> RunResult {
      let result = try ResultFolder(folder).read()[0]
      #expect(result.status == "complete")
      #expect(result.weightsSha256 == calm.weightsSha256)
      #expect(result.matrix == calm.matrix && result.losses == calm.losses)
      #expect(!FileManager.default.fileExists(atPath: folder + "/cuts"))
      return result
    }

    @Test func `goes on from its last cut, whoever dies, and ends on the same weights`() throws {
      let scratch = Scratch()
      let calm = try undisturbed(scratch)
      let folder = scratch.file("out")
      let (process, _, errors) = Program.make(["run", "--quiet", "--output", folder] + settings)
      try process.run()
      let victims = [(1, " work --rank 1"), (4, " serve --rank 0"), (8, " work ")]
      for (losses, (count, command)) in victims.enumerated() {
        wait(folder, saved: count, recovered: losses, process)
        let nodes = try children(of: process)
        let victim = try #require(nodes.first { $0.line.contains(command) })
        kill(victim.id, SIGKILL)
      }
      let complaint = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "\(String(decoding: complaint, as: UTF8.self))")
      let result = try agree(folder, calm)
      #expect(result.faults.count == 3)
      #expect(result.faults[0].contains("worker 1 ended unexpectedly: signal 9"))
      #expect(result.faults[1].contains("server 0 ended unexpectedly: signal 9"))
      #expect(result.faults.allSatisfy { $0.contains("; the run goes on from step ") })
      let rest = try leftovers()
      #expect(rest == [])
    }

    @Test func `is taken up after everything was killed, even with a torn file`() throws {
      let scratch = Scratch()
      let calm = try undisturbed(scratch)
      let folder = scratch.file("out")
      let (process, _, _) = Program.make(["run", "--quiet", "--output", folder] + settings)
      try process.run()
      wait(folder, saved: 3, process)
      let nodes = try children(of: process)
      kill(process.processIdentifier, SIGKILL)
      for node in nodes { kill(node.id, SIGKILL) }
      process.waitUntilExit()
      let cuts = try FileManager.default.contentsOfDirectory(atPath: folder + "/cuts")
        .filter { $0.hasPrefix("cut-") }.sorted()
        .filter { FileManager.default.fileExists(atPath: "\(folder)/cuts/\($0)/parts.part") }
      // Two are kept, and a third one for the moment in which it takes the place of the first.
      let last = try #require(cuts.last)
      try #require((2...3).contains(cuts.count), "\(cuts)")
      let torn = "\(folder)/cuts/\(last)/worker-0.part"
      let whole = try Data(contentsOf: URL(fileURLWithPath: torn))
      try whole.dropLast(9).write(to: URL(fileURLWithPath: torn))
      let rest = try Program(["run", "--resume", folder])
      #expect(rest.status == 0, "\(rest.errors)")
      #expect(
        (rest.output + rest.errors).contains(
          "a saved state cannot be used, and the one before is taken: \(torn) is cut off"))
      _ = try agree(folder, calm)
    }

    @Test func `gives up after as many restarts as it may have, and can be taken up`() throws {
      let scratch = Scratch()
      let calm = try undisturbed(scratch)
      let folder = scratch.file("out")
      let (process, _, errors) = Program.make(
        ["run", "--quiet", "--output", folder, "--set", "launch.restarts=0"] + settings)
      try process.run()
      wait(folder, saved: 2, process)
      let nodes = try children(of: process)
      kill(try #require(nodes.first).id, SIGKILL)
      let complaint = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 5)
      #expect(String(decoding: complaint, as: UTF8.self).contains("ended unexpectedly: signal 9"))
      #expect(try ResultFolder(folder).read()[0].status == "stopped")
      let rest = try Program(["run", "--quiet", "--resume", folder])
      #expect(rest.status == 0, "\(rest.errors)")
      _ = try agree(folder, calm)
    }

    @Test func `is not taken up where there is none`() throws {
      let scratch = Scratch()
      let calm = try Program(
        ["simulate", "--quiet", "--output", scratch.file("calm")] + quick
          + ["--set", "compare=none"])
      try #require(calm.status == 0, "\(calm.errors)")
      for folder in [scratch.file("calm"), scratch.file("nothing")] {
        let run = try Program(["run", "--resume", folder])
        #expect(run.status == 4)
        #expect(run.errors.contains("there is nothing to go on from in \(folder)"))
      }
      let other = try Program(["run", "--resume", scratch.file("calm"), "--set", "seed=2"])
      #expect(other.status != 0 && other.errors.contains("--resume goes on with what was asked"))
    }
  }
}
