import Foundation
import Reports
import Testing

/// `hebb calibrate` and those who look up what it measured, through the real executable.
extension Processes {
  @Suite(.serialized) struct `A calibration of this machine` {
    private let small = [
      "--set", "model.hidden=[20]", "--set", "stream.iterations=6", "--set", "method.name=ewc",
      "--set", "stream.test-examples-per-task=50",
    ]

    @Test func `is looked up by simulate and leaves numbers that repeat the run`() throws {
      let scratch = Scratch()
      let file = ["--calibration", scratch.file("cache/c.yaml")]
      let measured = try Program(["calibrate"] + small + file)
      #expect(measured.status == 0, "\(measured.errors)")
      #expect(measured.output.hasPrefix("784-20-2, batch 32, ipc\n"))
      let run = try Program(["simulate", "--quiet", "--output", scratch.file("a")] + small + file)
      #expect(run.status == 0, "\(run.errors)")
      let yaml = try String(contentsOfFile: scratch.file("a/experiment.yaml"), encoding: .utf8)
      #expect(!yaml.contains("calibrated"))
      // Neither the resolved experiment nor the command needs the file any more.
      let first = try ResultFolder(scratch.file("a")).read()[0]
      let words = first.command.replacing("'", with: "").split(separator: " ").dropFirst()
        .map(String.init)
      for again in [["simulate", scratch.file("a/experiment.yaml")], words] {
        let out = scratch.file("b\(again.count)")
        let repeated = try Program(
          again + ["--quiet", "--output", out, "--calibration", scratch.file("none.yaml")])
        #expect(repeated.status == 0, "\(repeated.errors)")
        let second = try ResultFolder(out).read()[0]
        #expect(second.virtualSeconds == first.virtualSeconds)
        #expect(second.weightsSha256 == first.weightsSha256)
      }
    }

    @Test func `stops at Ctrl-C, enters nothing and leaves nothing behind`() throws {
      let scratch = Scratch()
      let file = scratch.file("c.yaml")
      let (process, _, errors) = Program.make(["calibrate", "--calibration", file] + small)
      let place = scratch.file("t")
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
      process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": place]) { $1 }
      func runFolders() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: place)
      }
      try process.run()
      for _ in 0..<600 where try runFolders().isEmpty { usleep(50_000) }
      kill(process.processIdentifier, SIGINT)
      let said = errors.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      #expect(process.terminationStatus == 130)
      #expect(String(decoding: said, as: UTF8.self) == "hebb: stopped by Ctrl-C\n")
      #expect(try runFolders().isEmpty && !FileManager.default.fileExists(atPath: file))
    }

    /// Lines that tell of a calibration.
    private func told(_ run: Program) -> [Substring] {
      run.output.split(separator: "\n").filter { $0.hasPrefix("calibrating ") }
    }

    @Test func `that is missing is made at once, from any folder, and only once`() throws {
      let scratch = Scratch()
      let temporary = scratch.file("t")
      try FileManager.default.createDirectory(
        atPath: temporary, withIntermediateDirectories: true)
      func simulate(_ out: String, _ more: [String] = []) throws -> Program {
        try Program(
          ["simulate", "--output", out] + small + more, in: scratch.path,
          environment: ["XDG_CACHE_HOME": scratch.file("cache"), "TMPDIR": temporary])
      }
      let first = try simulate("a")
      #expect(first.status == 0, "\(first.errors)")
      #expect(
        told(first).count == 1 && first.output.hasPrefix("calibrating 784-20-2, batch 32, ipc"))
      let file = scratch.file("cache/hebb/calibration.yaml")
      #expect(first.output.contains(file))
      let stored = try String(contentsOfFile: file, encoding: .utf8)
      #expect(stored.contains("784-20-2, batch 32, ipc"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
      #expect(try leftovers().isEmpty)
      // Another method of the same workload finds it, and what it costs is not nothing.
      let second = try simulate("b", ["--set", "method.name=mas"])
      #expect(second.status == 0 && told(second).isEmpty, "\(second.errors)")
      #expect(try String(contentsOfFile: file, encoding: .utf8) == stored)
      let run = try ResultFolder(scratch.file("b")).read()[0]
      #expect(run.virtualSeconds ?? 0 > 0 && run.phases.importance > 0)
    }

    @Test func `a study makes once for each workload`() throws {
      let scratch = Scratch()
      let study = try scratch.write(
        """
        experiment:
          method: {name: none}
          model: {hidden: [20]}
          stream: {iterations: 4, test-examples-per-task: 50}
        grid: {batch: [64, 128], optimizer.rate: [0.1, 0.2]}
        """, to: "s.yaml")
      let arguments = [
        "study", study, "--calibration", scratch.file("c.yaml"), "--output", scratch.file("out"),
      ]
      let run = try Program(arguments)
      #expect(run.status == 0, "\(run.errors)")
      #expect(told(run).count == 2 && Set(told(run)).count == 2)
      let again = try Program(arguments)
      #expect(again.status == 0 && told(again).isEmpty)
      #expect(again.output.contains("4 cells, 4 done"), "\(again.output)")
    }

    @Test func `that cannot be kept serves the run that needed it`() throws {
      let scratch = Scratch()
      let run = try Program(
        ["simulate", "--output", scratch.file("a"), "--calibration", "/proc/c/c.yaml"] + small)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.hasPrefix("hebb: the calibration is for this command alone: cannot write"))
      #expect(run.errors.split(separator: "\n").count == 1 && told(run).count == 1)
    }
  }
}
