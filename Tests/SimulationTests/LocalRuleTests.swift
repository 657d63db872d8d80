import Foundation
import Methods
import Models
import Roles
import Settings
import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// Methods that learn without gradients.
private let localRules = Methods.all.filter { $0.init().learner != nil }.map { $0.name }

@Suite struct `What is learned without gradients` {
  private func run(_ method: String, _ sets: [String] = []) throws -> SimulatedRun {
    let run = try SimulatedRun(["method.name=\(method)", "stream.scenario=class"] + sets)
    #expect(run.ending == .completed && !run.weights.isEmpty)
    return run
  }

  /// The sums of all training examples by class, added up without a network: levels, then counts.
  private func sums(passes: Float) throws -> [Float] {
    let images = try #require(try tinyData().train as? ImageSet)
    var sums = [Float](repeating: 0, count: 4 * 36 + 4)
    for (index, label) in images.labels.enumerated() {
      for place in 0..<36 {
        sums[Int(label) * 36 + place] += passes * Float(images.pixels[index * 36 + place])
      }
      sums[4 * 36 + Int(label)] += passes
    }
    return sums
  }

  @Test func `is the sum of all examples, to the bit, however they come and go`() throws {
    let expected = try sums(passes: 2)
    let arrangements: [[String]] = [
      [], ["cluster.workers=1"], ["cluster.workers=4", "cluster.servers=3"], ["batch=7"],
      ["stream.batches=global", "cluster.workers=3"],
      ["placement.kind=dirichlet-by-class", "placement.beta=0.2", "cluster.workers=3"],
      ["placement.kind=shards", "cluster.workers=4"], ["arrival.order=owned"],
      ["arrival.order=rotated", "method.consolidate=on-worker-boundary"],
      ["arrival.boundary=blurry", "arrival.mixture=0.4"], ["cluster.consistency=asp"],
      ["cluster.consistency=ssp", "cluster.workers=4"], ["seed=5"],
      ["data.mean=0.1307", "data.deviation=0.3081"], ["optimizer.clip=0.001"],
    ]
    for sets in arrangements { #expect(try run("hebb", sets).weights == expected, "\(sets)") }
    // Another order of the tasks has the classes at other units.
    let reversed = try run("hebb", ["stream.order=[1,0]"]).weights
    #expect(reversed[0..<72] == expected[72..<144] && reversed[72..<144] == expected[0..<72])
  }

  @Test func `does not forget`() throws {
    for scenario in ["task", "class"] {
      let run = try run("hebb", ["stream.scenario=\(scenario)"])
      let rows = run.record.rows.filter { if case .boundary = $0.occasion { true } else { false } }
      let first = try #require(rows.first?.accuracies[0])
      #expect(first == 1 && rows.last?.accuracies == [1, 1])
    }
  }

  /// Numbers of examples do not depend on who has them, so that the same units start as the same
  /// examples.
  @Test(arguments: localRules, ["placement.kind=iid", "placement.kind=shards"])
  func `is the same for any number of workers, to the bit`(method: String, placement: String) throws
  {
    let sets = ["stream.batches=global", placement]
    let one = try run(method, sets + ["cluster.workers=1"])
    for workers in [2, 3] {
      #expect(try run(method, sets + ["cluster.workers=\(workers)"]).weights == one.weights)
    }
  }

  @Test func `has as many votes as it has seen examples, and every unit has some`() throws {
    for sets in [[], ["cluster.workers=3"], ["arrival.order=owned"], ["stream.batches=global"]] {
      let run = try run("competitive", ["method.units=10"] + sets)
      let votes = Array(run.weights.suffix(40))
      // The first step of the first task has 12 examples for 5 units; the others find none.
      #expect((193...200).contains(Int(votes.reduce(0, +))), "\(sets)")
      #expect((0..<10).allSatisfy { votes[$0 * 4..<$0 * 4 + 4].reduce(0, +) > 0 }, "\(sets)")
      #expect(run.record.rows.last?.accuracies.compactMap(\.self).allSatisfy { $0 > 0.9 } == true)
    }
  }

  private func sentence(_ sets: [String]) -> String {
    do {
      _ = try tinyExperiment(["method.name=hebb"] + sets)
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test func `is refused where something of it would be lost`() {
    let refused = [
      "cluster.consistency=local": "go ways of their own; use bsp, ssp or asp",
      "cluster.drop=1": "use cluster.drop=0",
      "communication.push-codec=top-k": "communication.push-codec is top-k; use none",
      "communication.pull-codec=fp16": "communication.pull-codec is fp16; use none",
      "simulation.computing-workers=1": "use simulation.computing-workers=all",
      "simulation.vectors=again": "pushes sums, which have no mean",
      "method.name=hebb+ewc": "it is a way to train by itself",
    ]
    for (set, words) in refused { #expect(sentence([set]).contains(words), "\(sentence([set]))") }
    for consistency in ["ssp", "asp"] {
      let sets = ["cluster.consistency=\(consistency)"]
      #expect(sentence(sets) == "accepted")
      #expect(sentence(sets + ["cluster.staleness-weight=inverse"]).contains("use none"))
      #expect(sentence(sets + ["cluster.delay-compensation=0.1"]).contains("use 0"))
    }
  }
}

@Suite struct `Class sums of MNIST` {
  private static var folder: String? {
    if let folder = ProcessInfo.processInfo.environment["HEBB_DATA"] { return folder }
    let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/data").path
    return FileManager.default.fileExists(atPath: shared + "/mnist") ? shared : nil
  }

  /// 8,203 is what three lines of NumPy find; two test images are allowed for rounding of scores.
  @Test(.enabled(if: folder != nil, "real MNIST is not here; set HEBB_DATA to its parent folder"))
  func `tell 8,203 of 10,000 digits, learned two by two`() throws {
    let data = try DataDirectory(try #require(Self.folder)).load("mnist")
    let run = try SimulatedRun(
      [
        "method.name=hebb", "stream.scenario=class", "stream.tasks=5", "stream.epochs=1",
        "batch=1000", "simulation.clock=free",
      ], data: data)
    let counts = run.blueprint.stream.tasks.map { Double($0.testIndices.count) }
    let accuracies = try #require(run.record.rows.last).accuracies
    let right = zip(counts, accuracies).reduce(0) { $0 + $1.0 * ($1.1 ?? 0) }
    #expect(abs(right - 8_203) <= 2)
    // 785 numbers a class; no sum has reached the end of what is exact.
    #expect(run.weights.count == 10 * 785 && (run.weights.max() ?? 0) < 16_777_216)
  }
}
