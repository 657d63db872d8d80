import Foundation
import Models
import Reports
import Roles
import Running
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// A finished run in a folder of its own, which goes with it.
private final class Teacher {
  let folder: String
  let run: SimulatedRun

  init(
    _ sets: [String], data: DataSet? = nil,
    metadata: (inout [String: String]) -> Void = { _ in }
  ) throws {
    folder = NSTemporaryDirectory() + "hebb-\(UUID().uuidString)"
    run = try SimulatedRun(sets, data: data)
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    var notes = run.blueprint.metadata
    metadata(&notes)
    let floats = run.weights.withUnsafeBytes { Data($0) }
    let tensors = run.blueprint.layout.tensors.map {
      Safetensors.Tensor(name: $0.name, shape: $0.shape)
    }
    let file = Safetensors.encode(tensors, floats: floats, metadata: notes)
    try file.write(to: URL(fileURLWithPath: folder + "/weights.safetensors"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Settings of a run that learns from it.
  var sets: [String] { ["method.name=distill", "method.teachers=[\"\(folder)\"]"] }
}

@Suite struct `Distillation` {
  private let whole = ["stream.tasks=1", "stream.scenario=class", "stream.epochs=40"]
  private let small = ["model.hidden=[5]"]

  private func sentence(_ sets: [String]) -> String {
    do {
      _ = try Blueprint(try tinyExperiment(sets), data: try tinyData())
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test func `that does not count changes no bit`() throws {
    let none = try SimulatedRun(whole + small)
    let teacher = try Teacher(whole)
    let zero = try SimulatedRun(whole + small + teacher.sets + ["method.alpha=0"])
    #expect(!none.weights.isEmpty && none.weights == zero.weights)
    #expect(try SimulatedRun(whole + small + teacher.sets).weights != none.weights)
  }

  @Test(arguments: ["even", "Dirichlet"])
  func `gives the same run for any number of workers and servers`(placement: String) throws {
    let teacher = try Teacher(whole)
    let sets =
      Conformance.sets("none", placement) + ["stream.tasks=1", "stream.scenario=class"] + small
      + teacher.sets
    let one = try SimulatedRun(sets + ["cluster.workers=1"])
    for workers in [2, 4] {
      let many = try SimulatedRun(sets + ["cluster.workers=\(workers)"])
      #expect(Conformance.distance(one.weights, many.weights) < 1e-5)
    }
    #expect(
      try SimulatedRun(sets + ["cluster.workers=1", "cluster.servers=3"]).weights == one.weights)
  }

  /// It has never seen an example of the last class, but its teacher says of others how much they
  /// look like one.
  @Test func `tells of a class of which there is no example`() throws {
    let data = Glyphs.dataSet(trainPerClass: 20, testPerClass: 20)
    let whole = [
      "stream.tasks=1", "stream.scenario=class", "stream.iterations=200", "batch=32",
      "model.hidden=[40]",
    ]
    let teacher = try Teacher(whole, data: data)
    let sets =
      whole + ["data.training-without=[3]", "model.hidden=[20]", "optimizer.rate=0.005"]
    func right(_ sets: [String]) throws -> Double {
      let row = try #require(try SimulatedRun(sets, data: data).record.rows.last)
      return try #require(row.byClass[0][3])
    }
    #expect(try right(sets) == 0)
    // 0.55 in the run that this was set by.
    #expect(
      try right(sets + teacher.sets + ["method.alpha=1", "method.temperature=8"]) > 0.3)
  }

  @Test func `says how far the answers are from those that are learned`() throws {
    let teacher = try Teacher(whole)
    let run = try SimulatedRun(whole + small + teacher.sets)
    let result = RunResult(
      run.record, of: run.blueprint, mode: "simulation", seconds: 1, virtualSeconds: nil,
      command: "")
    let activity = try #require(result.diagnostics.activity.first)
    let (begin, end) = (
      try #require(activity.distanceAtStart), try #require(activity.distance)
    )
    #expect(result.diagnostics.activity.count == 1 && begin > end && end > 0)
    // Its own weights with Adam's two moments at the server, the teacher's at each of two workers.
    #expect(
      result.kept
        == .init(workers: 2 * 4 * teacher.run.weights.count, servers: 3 * 4 * run.weights.count))
  }

  @Test func `has workers agree on who teaches`() throws {
    let (one, other) = (try Teacher(whole), try Teacher(whole + ["seed=2"]))
    func fingerprint(_ sets: [String]) throws -> String {
      try Blueprint(try tinyExperiment(whole + sets), data: try tinyData())
        .runPlan(run: 1).fingerprint
    }
    #expect(try fingerprint(one.sets) == fingerprint(one.sets))
    #expect(try fingerprint(one.sets) != fingerprint(other.sets))
    #expect(try fingerprint(one.sets) != fingerprint([]))
  }

  @Test func `is refused with a sentence where a teacher does not fit`() throws {
    let teacher = try Teacher(whole)
    let fits = whole + teacher.sets
    #expect(sentence(fits) == "accepted")
    #expect(sentence(fits + ["data.mean=0.5"]).contains("use the same here"))
    #expect(sentence(fits + ["stream.padding=1"]).contains("takes other inputs"))
    #expect(
      sentence(fits + ["stream.scenario=domain", "stream.tasks=2"]).contains("other outputs"))
    let turned = ["stream.tasks=4", "stream.order=[3, 2, 1, 0]"]
    #expect(sentence(fits + turned).contains("stand for other labels"))
    #expect(sentence(fits + ["stream.tasks=4"]) == "accepted")
    let nowhere = whole + ["method.name=distill", "method.teachers=[\"/nowhere\"]"]
    #expect(sentence(nowhere).contains("there is no weights.safetensors to be read in /nowhere"))
    #expect(
      sentence(whole + ["data.training-without=[7]"]).contains("data.training-without names 7"))
    #expect(
      sentence(whole + ["stream.tasks=2", "data.training-without=[0, 1]"])
        .contains("left without an example"))
  }

  @Test func `is refused with a sentence where a file is damaged`() throws {
    let teacher = try Teacher(whole)
    let path = URL(fileURLWithPath: teacher.folder + "/weights.safetensors")
    let file = try Data(contentsOf: path)
    for length in [0, 7, 8, 100, file.count - 1] {
      try file.prefix(length).write(to: path)
      #expect(sentence(whole + teacher.sets).contains("is not a whole file of weights"))
    }
    try (file + Data([0, 0, 0, 0])).write(to: path)
    #expect(sentence(whole + teacher.sets).contains("is not a whole file of weights"))
    let mute = try Teacher(whole) { $0["experiment"] = "stream: {tasks: none}" }
    #expect(sentence(whole + mute.sets).contains("does not say what was run"))
  }
}
