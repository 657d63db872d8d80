import Foundation
import Reports
import Testing

/// What a newcomer tries first in the simulator, through the real executable.
extension Processes {
  @Suite(.serialized) struct `The simulator on a machine without a calibration` {
    private func simulate(_ scratch: Scratch, _ out: String, _ more: [String]) throws -> Program {
      try Program(
        ["simulate", "--output", scratch.file(out), "--calibration", scratch.file("c.yaml")] + more)
    }

    @Test func `needs none under a free clock, and ends on the same weights`() throws {
      let scratch = Scratch()
      let sets = Array(quick.dropFirst(givenCosts.count)) + ["--set", "method.name=ewc"]
      let free = try simulate(scratch, "free", sets + ["--clock", "free"])
      #expect(free.status == 0, "\(free.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("c.yaml")))
      #expect(free.output.contains("30 steps, no virtual time (the clock is free)"))
      let timed = try simulate(scratch, "timed", sets + givenCosts)
      #expect(timed.status == 0 && timed.output.contains("(virtual)"))
      let runs = try ["free", "timed"].map { try ResultFolder(scratch.file($0)).read()[0] }
      #expect(runs[0].weightsSha256 == runs[1].weightsSha256 && runs[0].matrix == runs[1].matrix)
      #expect(runs[0].virtualSeconds == nil && runs[1].virtualSeconds ?? 0 > 0)
      #expect(runs[0].stepsPerSecond == nil && runs[0].nodes.isEmpty)
      #expect(runs[0].timeToAccuracy.isEmpty && runs[0].curve.allSatisfy { $0.seconds == nil })
      #expect(runs[0].command.contains("--clock free"))
      // The resolved experiment is as free.
      let again = try simulate(scratch, "again", [scratch.file("free/experiment.yaml")])
      #expect(again.status == 0, "\(again.errors)")
      #expect(
        try ResultFolder(scratch.file("again")).read()[0].weightsSha256 == runs[0].weightsSha256)
      #expect(!FileManager.default.fileExists(atPath: scratch.file("c.yaml")))
    }

    @Test func `tells of a penalty that lets nothing be learned, and of no other`() throws {
      let scratch = Scratch()
      let sentence = "the penalty keeps it from learning: the first task reached"
      for (out, lambda) in [("own", nil), ("strong", "100")] {
        let strength = lambda.map { ["--set", "method.lambda=\($0)"] } ?? []
        let run = try simulate(
          scratch, out, ["--clock", "free", "--set", "method.name=mas"] + strength)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.contains("note: mas: " + sentence) == (lambda != nil), "\(run.output)")
        let page = try String(contentsOfFile: scratch.file("\(out)/report.html"), encoding: .utf8)
        #expect(page.contains(sentence) == (lambda != nil))
        let result = try ResultFolder(scratch.file(out)).read()[0]
        #expect(result.diagnostics.notes.isEmpty == (lambda == nil))
        #expect(result.diagnostics.strength == (lambda == nil ? 1 : 100))
        #expect((result.learningAccuracy ?? 0 > 0.8) == (lambda == nil))
      }
    }

    @Test func `has a machine for each worker, and shows the slow one among many`() throws {
      let scratch = Scratch()
      let costs = [
        "step-milliseconds=1", "slice-milliseconds=1", "importance-milliseconds=1",
        "latency-minimum-milliseconds=0", "latency-maximum-milliseconds=0",
        "megabytes-per-second=100000", "message-microseconds=1", "server-nanoseconds-per-byte=0",
      ].flatMap { ["--set", "simulation.\($0)"] }
      let sets =
        costs + [
          "--workers", "64", "--set", "method.name=none", "--set", "stream.iterations=5",
          "--set", "model.hidden=[20]",
        ]
      func run(_ out: String, _ more: [String]) throws -> (said: String, seconds: Double) {
        let run = try simulate(scratch, out, sets + more)
        #expect(run.status == 0, "\(run.errors)")
        let result = try ResultFolder(scratch.file(out)).read()[0]
        return (run.output, try #require(result.virtualSeconds))
      }
      let even = try run("even", [])
      let slow = try run("slow", ["--set", "cluster.factors={0: 4}"])
      // 25 steps wait 3 ms each for it.
      #expect(slow.seconds > even.seconds + 0.07)
      #expect(slow.said.contains("worker 0 worked") && slow.said.contains("4.0 times the median"))
      #expect(!even.said.contains("times the median"))
      let shared = try run("shared", ["--set", "simulation.cores=2"])
      #expect(shared.seconds > 5 * even.seconds)
    }
  }
}
