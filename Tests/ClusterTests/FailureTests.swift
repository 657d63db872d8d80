import Foundation
import Reports
import Testing

/// What goes wrong while a cluster runs.
extension Processes {
  @Suite(.serialized) struct `A failing cluster` {
    private let long = [
      "--set", "method.name=none", "--set", "stream.iterations=100000", "--set",
      "model.hidden=[20]", "--set", "launch.restarts=0",
      "--workers", "2", "--servers", "1",
    ]

    /// Starts a run, waits until it trains, does something to it, and waits for its end.
    private func disturb(
      _ scratch: Scratch, command: String = "run", _ act: (Process) throws -> Void
    ) throws -> (status: Int32, errors: String, seconds: Double) {
      let (process, output, errors) = Program.make(
        [command, "--output", scratch.file("out")] + long + givenCosts)
      output.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
      try process.run()
      try waitUntil("the run trains") {
        let log = try? String(contentsOfFile: scratch.file("out/events.jsonl"), encoding: .utf8)
        return log?.contains("\"opened\"") == true
      }
      let begin = ContinuousClock.now
      do {
        try act(process)
      } catch {
        process.terminate()
        throw error
      }
      let complained = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      let elapsed = begin.duration(to: .now).components
      return (
        process.terminationStatus, String(decoding: complained, as: UTF8.self),
        Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
      )
    }

    private func waitUntil(_ what: String, _ holds: () throws -> Bool) throws {
      for _ in 0..<600 {
        if try holds() { return }
        usleep(50_000)
      }
      Issue.record("waited in vain until \(what)")
    }

    private func child(_ words: String, of launcher: Process) throws -> Int32 {
      let finder = Process()
      finder.executableURL = URL(fileURLWithPath: "/bin/ps")
      finder.arguments = ["-eo", "pid,args"]
      let pipe = Pipe()
      finder.standardOutput = pipe
      try finder.run()
      let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      finder.waitUntilExit()
      let line = try #require(
        text.split(separator: "\n").first {
          $0.contains(" \(words) ") && $0.contains("--parent \(launcher.processIdentifier) ")
        })
      return try #require(Int32(line.split(separator: " ")[0]))
    }

    private func expectNothingLeft() throws {
      try waitUntil("all processes are gone") { try leftovers().isEmpty }
    }

    @Test(arguments: ["work --rank 1", "serve --rank 0"])
    func `names a killed node within five seconds and keeps what was measured`(
      words: String
    ) throws {
      let scratch = Scratch()
      let end = try disturb(scratch) { kill(try child(words, of: $0), SIGKILL) }
      #expect(end.status == 5)
      #expect(end.seconds < 5)
      let name = words.hasPrefix("work") ? "worker 1" : "server 0"
      #expect(end.errors.contains("\(name) ended unexpectedly: signal 9"))
      let result = try ResultFolder(scratch.file("out")).read()[0]
      #expect(result.status == "stopped" && result.matrix[0].allSatisfy { $0 != nil })
      try expectNothingLeft()
    }

    @Test func `notices a frozen node by its silence within five seconds`() throws {
      let scratch = Scratch()
      let end = try disturb(scratch) {
        kill(try child("work --rank 0", of: $0), SIGSTOP)
      }
      #expect(end.status == 5 && end.seconds < 5)
      #expect(end.errors.contains("worker 0 has been silent"))
      try expectNothingLeft()
    }

    @Test func `stops at Ctrl-C without leaving anything`() throws {
      let scratch = Scratch()
      let end = try disturb(scratch) { kill($0.processIdentifier, SIGINT) }
      #expect(end.status == 130 && end.errors.contains("stopped by Ctrl-C"))
      try expectNothingLeft()
    }

    @Test(arguments: [(SIGINT, "Ctrl-C"), (SIGTERM, "a request to terminate (SIGTERM)")])
    func `leaves what was measured when it is simulated and stopped`(
      signal: Int32, name: String
    ) throws {
      let scratch = Scratch()
      let end = try disturb(scratch, command: "simulate") { kill($0.processIdentifier, signal) }
      #expect(end.status == 130 && end.errors == "hebb: stopped by \(name)\n", "\(end.errors)")
      let result = try ResultFolder(scratch.file("out")).read()[0]
      #expect(result.status == "stopped" && result.weightsSha256 == nil)
      #expect(
        result.matrix[0].allSatisfy { $0 != nil } && result.matrix[1].allSatisfy { $0 == nil })
      for name in ["matrix.csv", "report.html", "experiment.yaml", "events.jsonl"] {
        #expect(FileManager.default.fileExists(atPath: scratch.file("out/\(name)")))
      }
      let events = try String(contentsOfFile: scratch.file("out/events.jsonl"), encoding: .utf8)
      #expect(events.contains("\"event\":\"stopped\""))
    }

    @Test func `tells a node that somebody stopped from a run that somebody stopped`() throws {
      let scratch = Scratch()
      let end = try disturb(scratch) { kill(try child("work --rank 1", of: $0), SIGTERM) }
      #expect(end.status == 5)
      #expect(end.errors == "hebb: worker 1 was stopped by a request to terminate (SIGTERM)\n")
      try expectNothingLeft()
    }

    @Test func `leaves nothing behind when its launcher is killed`() throws {
      let before = try runFolders()
      let scratch = Scratch()
      _ = try disturb(scratch) { kill($0.processIdentifier, SIGKILL) }
      try expectNothingLeft()
      try waitUntil("the run folder is gone") { try runFolders().subtracting(before).isEmpty }
    }

    private func runFolders() throws -> Set<String> {
      Set(
        try FileManager.default.contentsOfDirectory(atPath: NSTemporaryDirectory())
          .filter { $0.hasPrefix("hebb-") })
    }

    @Test func `names worker and step of a gradient that is not finite`() throws {
      let scratch = Scratch()
      let run = try Program(
        ["run", "--output", scratch.file("out"), "--set", "method.name=none"] + quick + [
          "--set", "optimizer.kind=sgd", "--set", "optimizer.rate=1e30",
        ])
      #expect(run.status == 6)
      #expect(run.errors.contains("computed a gradient that is not finite in stage 1, step"))
      #expect(run.errors.contains("lower optimizer.rate"))
    }

    @Test func `says on how many coordinates a strong explicit penalty diverges`() throws {
      let scratch = Scratch()
      let arguments =
        [
          "simulate", "--output", scratch.file("out"), "--set", "method.name=l2", "--set",
          "method.lambda=30", "--set", "optimizer.kind=sgd", "--set", "optimizer.rate=0.1", "--set",
          "stream.tasks=2", "--set", "stream.classes=[[0,1],[2,3]]", "--set", "stream.iterations=6",
          "--set", "model.hidden=[20]",
        ] + givenCosts
      let explicit = try Program(arguments)
      let result = try ResultFolder(scratch.file("out")).read()[0]
      let parameters = 784 * 20 + 20 + 20 * 2 + 2
      #expect(result.diagnostics.divergingCoordinates == parameters)
      #expect(explicit.output.contains("diverges on \(parameters) coordinates"))
      #expect(explicit.output.contains("penalty.form: proximal"))
      let proximal = try Program(arguments + ["--set", "penalty.form=proximal", "--force"])
      #expect(proximal.status == 0 && !proximal.output.contains("diverges"))
    }
  }
}
