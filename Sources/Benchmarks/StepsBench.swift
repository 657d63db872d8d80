import Experiments
import Foundation
import Reports
import Roles
import Streams
import Training
import Running

/// Steps per second of a whole cluster against PyTorch over gloo.
struct StepsBench {
  let rounds: Int
  let peer: TorchPeer?

  func rows() throws -> [BenchRow] {
    let data = Glyphs.dataSet()
    return try [2, 4].map { workers in
      let experiment = try Experiment(
        yaml: """
          name: bench
          stream: {tasks: 1, scenario: class, iterations: 400, test-examples-per-task: 100}
          model: {hidden: [400, 400]}
          optimizer: {kind: sgd, rate: 0.05}
          batch: \(32 * workers)
          method: {name: none}
          cluster: {workers: \(workers), servers: 1}
          """, named: "bench")
      let blueprint = try Blueprint(experiment, data: data)
      let runner = Runner(dataFolder: nil, command: "") { _, _ in }
      var own: [Double] = []
      var other: [Double] = []
      for _ in 0..<rounds {
        let outcome = try runner.runCluster(blueprint)
        if let failure = outcome.failure { throw failure }
        own.append(outcome.result.stepsPerSecond ?? 0)
        if let peer { other.append(try peer.measure(["steps", "\(workers)"])) }
      }
      let theirs = other.isEmpty ? nil : median(other)
      return BenchRow(
        name: "BSP, \(workers) workers, 784-400-400-10, batch 32 each", value: median(own),
        unit: "steps/s", yardstick: theirs == nil ? nil : "PyTorch over gloo, 1 server",
        yardstickValue: theirs, ratio: theirs.map { median(own) / $0 }, target: "≥ 2")
    }
  }
}
