import Foundation
import Methods
import Settings
import Streams
import Testing

@testable import Experiments

@Suite struct `An estimate of memory` {
  private func refusal(
    _ sets: [String], of place: MemoryEstimate.Place, in memory: MachineMemory, times count: Int = 1
  ) throws -> String? {
    let experiment = try Experiment(yaml: "method: {name: none}", named: "e", sets: sets)
    let data = Glyphs.dataSet(trainPerClass: 2, testPerClass: 1)
    do {
      try experiment.memoryEstimate(of: place, data: data).times(count).check("the run", in: memory)
      return nil
    } catch let error as ConfigurationError {
      return error.description
    }
  }

  @Test func `refuses with the figure, the largest part and the key that it comes from`() throws {
    let wide = ["model.hidden=[100000, 100000]"]
    let machine = MachineMemory(total: 24e9, available: 24e9)
    // 3 · 4 · (784 · 10⁵ + 10¹⁰ + …) bytes.
    #expect(
      try refusal(wide, of: .coordinator, in: machine)
        == "the run needs about 120 GB of memory (of which 120 GB are weights of "
        + "784-100000-100000-2 and vectors like them); this machine has 24 GB; lower model.hidden")
    #expect(
      try refusal(wide, of: .coordinator, in: MachineMemory(total: 130e9, available: 10e9))?
        .contains("this machine has 130 GB, of which 10 GB are free; lower") == true)
    let large = MachineMemory(total: 130e9, available: 130e9)
    #expect(try refusal(wide, of: .coordinator, in: large) == nil)
    #expect(try refusal(wide, of: .coordinator, in: large, times: 2) != nil)
  }

  @Test(arguments: [
    (["batch=10000000", "model.hidden=[]", "cluster.workers=1"], "a batch of 10000000", "batch"),
    (
      [
        "stream.kind=rotated", "stream.random-bins=90", "stream.interpolation=bilinear",
        "stream.tasks=1000", "stream.padding=64",
      ], "pixels of 1000 tasks", "stream.padding"
    ),
    (
      ["cluster.workers=65536", "batch=65536", "placement.kind=shards", "placement.shards=10000"],
      "tables", "placement.shards"
    ),
    (["cluster.workers=60000", "batch=60000"], "the workers' plans", "cluster.workers"),
  ]) func `tells what it is of`(sets: [String], part: String, remedy: String) throws {
    let machine = MachineMemory(total: 90e6, available: 90e6)
    let sentence = try #require(try refusal(sets, of: .simulation, in: machine))
    let (figures, end) = try #require(
      sentence.firstRange(of: "; this machine").map {
        (sentence[..<$0.lowerBound], sentence[$0.upperBound...])
      })
    #expect(figures.contains(part) && end.contains(remedy), "\(sentence)")
  }

  private func estimate(_ sets: [String]) throws -> Double {
    let experiment = try Experiment(yaml: "method: {name: none}", named: "e", sets: sets)
    let data = Glyphs.dataSet(trainPerClass: 2, testPerClass: 1)
    return try experiment.memoryEstimate(of: .cluster, data: data).byteCount
  }

  /// What it adds is what every worker keeps of its own, the weights that its phase began with.
  @Test func `counts the weights whose answers are held on to, at every worker`() throws {
    let sets = ["stream.scenario=class", "model.hidden=[30]", "cluster.workers=3"]
    let weights = 784 * 30 + 30 + 30 * 10 + 10
    let plain = try estimate(sets)
    let holding = Methods.all.filter { $0.init().distillation != nil }.map { $0.name }
    #expect(Set(holding).isSuperset(of: ["lwf", "bic", "icarl"]))
    let least = plain + Double(3 * 4 * weights)
    #expect(try estimate(sets + ["method.name=lwf"]) == least)
    // Where examples come back, batches are larger too.
    for name in holding {
      #expect(try estimate(sets + ["method.name=\(name)"]) >= least, "\(name)")
    }
  }

  @Test func `counts the weights of finished runs, wherever they are read`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "hebb-teacher-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(count: 5_000).write(to: folder.appending(path: "weights.safetensors"))
    let sets = ["cluster.workers=3"]
    let taught = try estimate(
      sets + ["method.name=distill", "method.teachers=[\(folder.path), \(folder.path)]"])
    // At the coordinator and at three workers, twice.
    #expect(try taught == estimate(sets) + 4 * 2 * 5_000)
  }

  @Test(arguments: [
    (1.0, "0 MB"), (3.14e6, "3.1 MB"), (41.4e9, "41 GB"), (999e9, "1 TB"), (4e20, "400 EB"),
    (370_400_000, "370 MB"),
  ]) func `has two digits`(byteCount: Double, text: String) {
    #expect(MemoryEstimate.text(byteCount) == text)
  }
}
