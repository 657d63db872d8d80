import Foundation
import Roles
import Simulation
import Streams
import Testing

@testable import Experiments
import Running
@testable import hebb
@testable import Training

#if os(Linux)
  /// What a run needs is known before it is taken.
  @Suite struct `Memory` {
    /// A process each, since the most that one has ever had is what counts.
    @Test(arguments: Trial.isSlow ? runs : Array(runs.prefix(3)))
    func `of a simulated run is estimated within half as much again`(sets: [String]) async throws {
      let words = sets.joined(separator: " ")
      await #expect(processExitsWith: .success) { [words = words as String] in
        try compare(words.split(separator: " ").map(String.init))
      }
    }

    private static let runs = [
      ["method.name=ewc", "cluster.workers=16", "method.examples=64"],
      ["method.name=mas", "cluster.workers=24", "simulation.vectors=again", "optimizer.kind=sgd"],
      [
        "method.name=none", "cluster.workers=8", "cluster.consistency=local",
        "communication.push-codec=top-k", "communication.pull-codec=top-k",
      ],
      ["method.name=none"],
      ["method.name=si", "optimizer.kind=momentum"],
      ["method.name=none", "cluster.workers=8", "cluster.consistency=asp"],
      ["method.name=fedcurv", "cluster.workers=8", "cluster.consistency=local"],
      ["method.name=none", "model.hidden=[400]", "batch=40000", "stream.iterations=2"],
      [
        "method.name=none", "model.hidden=[10]", "stream.kind=permuted", "stream.tasks=150",
        "stream.iterations=1", "stream.test-examples-per-task=4",
      ],
    ]
  }

  private func compare(_ sets: [String]) throws {
    let experiment = try Experiment(
      yaml: "model: {hidden: [1000, 1000]}\nstream: {tasks: 5, iterations: 3}", named: "e",
      sets: givenCosts.filter { $0 != "--set" } + sets)
    let before = try peak()
    let data = try DataSource.load(experiment, folder: nil)
    let estimate = try experiment.memoryEstimate(of: .simulation, data: data)
    let blueprint = try Blueprint(experiment, data: data)
    let bench = NodeBuffers(blueprint)
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)),
      serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
      timeouts: experiment.cluster.timeouts, costs: experiment.costs, seed: experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, observe: { _, _ in })
    let ending = cluster.run().ending
    #expect(ending == .completed)
    // This process is another one than the program's, with more in it from the beginning.
    let (expected, taken) = (estimate.byteCount - 30e6, try peak() - before)
    #expect(
      (0.66...1.5).contains(expected / taken),
      "\(sets): \(MemoryEstimate.text(expected)) for \(MemoryEstimate.text(taken))")
  }

  /// The most memory that this process has had.
  private func peak() throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    let kilobytes = try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first)
    return 1024 * (try #require(Double(kilobytes)))
  }
#endif
