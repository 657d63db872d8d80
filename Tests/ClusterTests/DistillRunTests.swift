import Foundation
import Reports
import Testing

extension Processes {
  @Suite(.serialized) struct `A run that learns from finished ones` {
    @Test func `ends where the simulator ends, whoever teaches`() throws {
      let scratch = Scratch()
      let quick = quick + ["--set", "stream.scenario=class"]
      for (name, seed) in [("a", "1"), ("b", "2")] {
        let teacher = try Program(
          [
            "simulate", "--clock", "free", "--seed", seed, "--output", scratch.file(name),
            "--quiet",
          ]
            + quick + ["--set", "method.name=joint"])
        #expect(teacher.status == 0, "\(teacher.errors)")
      }
      let student = ["--set", "model.hidden=[7]", "--quiet"] + quick
      let learned = try Program(
        ["distill", scratch.file("a"), scratch.file("b"), "--output", scratch.file("c")] + student)
      #expect(learned.status == 0, "\(learned.errors)")
      let run = try #require(try ResultFolder(scratch.file("c")).read().first)
      #expect(run.method == "distill" && run.diagnostics.activity.count == run.taskNames.count)
      #expect(run.diagnostics.activity.allSatisfy { ($0.distance ?? 0) > 0 })
      let teachers = "method.teachers=[\"\(scratch.file("a"))\", \"\(scratch.file("b"))\"]"
      let simulated = try Program(
        [
          "simulate", "--clock", "free", "--output", scratch.file("d"), "--set",
          "method.name=distill", "--set", teachers,
        ] + student)
      #expect(simulated.status == 0, "\(simulated.errors)")
      let other = try #require(try ResultFolder(scratch.file("d")).read().first)
      #expect(run.weightsSha256?.count == 64 && run.weightsSha256 == other.weightsSha256)
      #expect(run.command.contains("method.name=distill"))
    }

    @Test func `is refused where nobody teaches`() throws {
      let none = try Program(["distill", "split-mnist"])
      #expect(none.status != 0 && none.errors.contains("name that of a finished run"))
      let scratch = Scratch()
      let empty = try Program(["distill", scratch.file("."), "--output", scratch.file("o")])
      #expect(empty.status != 0 && empty.errors.contains("there is no weights.safetensors"))
    }
  }
}
