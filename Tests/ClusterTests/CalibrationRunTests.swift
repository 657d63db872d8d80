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

    @Test func `that is missing is one sentence with key and remedy`() throws {
      let scratch = Scratch()
      let study = try scratch.write(
        "experiment: {method: {name: none}}\ngrid: {optimizer.rate: [0.1, 0.2]}\n", to: "s.yaml")
      for arguments in [["simulate"] + small, ["study", study]] {
        let run = try Program(
          arguments + [
            "--calibration", scratch.file("c.yaml"), "--output", scratch.file("out"),
          ])
        #expect(run.status == 2)
        #expect(run.errors.hasPrefix("hebb: simulation.step-milliseconds is calibrated, but"))
        #expect(run.errors.contains("`hebb calibrate") && run.errors.contains("set a number"))
        #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
      }
    }
  }
}
