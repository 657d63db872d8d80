import Foundation
import Testing

/// Numbers that no run can hold, through the real executable: one sentence and a code.
extension Processes {
  @Suite(.serialized) struct `Numbers` {
    @Test(arguments: [
      (["method.name=joint", "stream.iterations=9223372036854775807"], "from 1 to 1000000000"),
      (
        ["method.name=joint", "stream.iterations=1_000_000_000"],
        "stream.iterations times stream.tasks steps, 2000000000"
      ),
      (
        ["cluster.consistency=ssp", "cluster.staleness-bound=9223372036854775807"],
        "cluster.staleness-bound"
      ),
      (["method.name=si", "method.damping=1e-50"], "method.damping is \"1e-50\""),
      (["optimizer.rate=1e-50"], "optimizer.rate is \"1e-50\"; it must be a number from 1e-30"),
      (["simulation.step-milliseconds=1e13"], "simulation.step-milliseconds"),
      (["simulation.cores=9223372036854775807"], "simulation.cores"),
      (["simulation.pauses=[[9,1,1]]"], "simulation.pauses names worker 9 of 2"),
      (["simulation.pauses=[[0.5,1,1]]"], "simulation.pauses is \"0.5\""),
      (
        ["optimizer.rate=1e-30", "cluster.consistency=local", "cluster.outer-rate=1e-20"],
        "optimizer.rate times cluster.outer-rate is 1e-50"
      ),
    ]) func `beyond a range or a type are refused`(sets: [String], sentence: String) throws {
      let run = try Program(
        ["simulate", "--workers", "2"] + (quick + ["--set", "stream.tasks=2"])
          + ["--set", "stream.classes=[[0,1],[2,3]]", "--set", "compare=none"]
          + sets.flatMap { ["--set", $0] })
      #expect(run.status == 2, "\(run.errors)")
      #expect(run.errors.contains(sentence), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    }

    @Test(arguments: ["simulate", "run", "coordinate"])
    func `that need more memory than there is are refused with figures`(command: String) throws {
      let scratch = Scratch()
      // Beyond any machine, for a coordinator alone, too.
      let hidden = Array(repeating: "100000", count: 20).joined(separator: ",")
      let run = try Program(
        [command, "--set", "method.name=none", "--set", "model.hidden=[\(hidden)]"]
          + ["--output", scratch.file("out")] + (command == "simulate" ? givenCosts : []))
      #expect(run.status == 2, "\(run.errors)")
      #expect(
        run.errors.contains("needs about") && run.errors.contains("lower ")
          && run.errors.contains("model.hidden"), "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: scratch.file("out")))
    }
  }
}
