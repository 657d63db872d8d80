import Foundation
import Reports
import Testing

/// Questions about stories, through the real executable.
extension Processes {
  @Suite(.serialized) struct `Questions` {
    private let sets = [
      "data.set=stories", "stream.kind=questions", "stream.tasks=3", "stream.scenario=class",
      "model.kind=memory-network", "model.width=8", "model.initialization=normal",
      "model.linear-start=0.3", "stream.iterations=8", "stream.test-examples-per-task=20",
      "optimizer.kind=sgd", "optimizer.rate=0.05", "batch=8", "cluster.workers=2",
      "cluster.servers=2", "method.name=ewc", "method.lambda=0.1", "method.examples=20",
    ].flatMap { ["--set", $0] }

    private func arguments(_ command: String, _ scratch: Scratch, _ more: [String]) -> [String] {
      [command, "--output", scratch.file(command), "--force"] + givenCosts + sets
        + more.flatMap { ["--set", $0] }
    }

    @Test func `are learned in processes and in the simulator on the same bits`() throws {
      let scratch = Scratch()
      var results: [RunResult] = []
      for command in ["run", "simulate"] {
        let run = try Program(arguments(command, scratch, []))
        try #require(run.status == 0, "\(run.errors)")
        results.append(try #require(try ResultFolder(scratch.file(command)).read().first))
      }
      #expect(results[0].weightsSha256 == results[1].weightsSha256)
      #expect(results[0].taskNames == ["where", "whether", "before"])
      #expect(results[0].matrix == results[1].matrix)
    }

    @Test func `go with a network that reads, and with no other`() throws {
      let scratch = Scratch()
      let mlp = try Program([
        "simulate", "--output", scratch.file("o"), "--set", "data.set=stories", "--set",
        "stream.kind=questions", "--set", "stream.tasks=3", "--set", "stream.scenario=class",
        "--clock", "free",
      ])
      #expect(mlp.status == 3, "\(mlp.status)")
      #expect(
        mlp.errors.contains(
          "model.kind mlp takes quantities, but the data are texts; use "
            + "model.kind=memory-network"), "\(mlp.errors)")
      let glyphs = try Program([
        "simulate", "--output", scratch.file("o"), "--set", "model.kind=memory-network",
        "--clock", "free",
      ])
      #expect(
        glyphs.errors.contains("model.kind memory-network answers questions about texts"),
        "\(glyphs.errors)")
      let teacher = try Program([
        "simulate", "--output", scratch.file("o"), "--set", "data.set=stories", "--set",
        "stream.kind=questions", "--set", "stream.tasks=3", "--set", "stream.scenario=class",
        "--set", "model.kind=memory-network", "--set", "model.linear-start=0.5", "--set",
        "method.name=lwf", "--clock", "free",
      ])
      #expect(teacher.errors.contains("use model.linear-start=0"), "\(teacher.errors)")
      let noise = try Program(
        arguments("simulate", scratch, ["placement.kind=feature-noise"]))
      #expect(noise.errors.contains("has words, to which no noise can be added"), "\(noise.errors)")
    }
  }
}
