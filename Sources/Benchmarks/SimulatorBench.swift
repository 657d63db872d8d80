import Experiments
import Foundation
import Launch
import Roles
import Simulation
import Streams
import Tensors
import Training
import Running

/// The simulator's own speed and memory, from ten workers to ten thousand.
public struct SimulatorBench {
  let rounds: Int

  /// So many steps in every cluster, so that all have the same mixture of messages.
  private static let stepCount = 20

  func rows() throws -> [BenchRow] {
    try [10, 100, 1_000, 10_000].flatMap { try protocolRows(workers: $0) }
      + [10, 100, 1_000].flatMap { try gradientRows(workers: $0) }
  }

  /// One worker computes and the others push copies: what the protocol costs.
  private func protocolRows(workers: Int) throws -> [BenchRow] {
    let trials = try (0..<(workers < 10_000 ? rounds : 1)).map { _ in
      try trialElsewhere(workers: workers, computing: 1)
    }
    let name = "simulator, \(workers) workers"
    let rate = median(trials.map(\.eventsPerSecond))
    return [
      BenchRow(name: "\(name), rate", value: rate, unit: "events/s", target: ""),
      BenchRow(name: "\(name), an event", value: 1e6 / rate, unit: "µs", target: ""),
      BenchRow(
        name: "\(name), memory", value: median(trials.map(\.bytesPerWorker)) / 1024,
        unit: "KiB/worker", target: ""),
    ]
  }

  /// All workers compute.
  private func gradientRows(workers: Int) throws -> [BenchRow] {
    let trial = try trialElsewhere(workers: workers, computing: workers)
    return [
      BenchRow(
        name: "simulator, \(workers) workers that compute, memory",
        value: trial.bytesPerWorker / 1024, unit: "KiB/worker", target: "")
    ]
  }

  /// What one cluster took.
  public struct Trial: Sendable {
    let eventsPerSecond: Double
    /// By how much the process grew.
    let bytesPerWorker: Double

    /// As one process tells another.
    public var line: String { "\(eventsPerSecond) \(bytesPerWorker)" }
  }

  /// In a process of its own, so that no memory is there that another trial has left.
  private func trialElsewhere(workers: Int, computing: Int) throws -> Trial {
    try Interruption.check()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: ThisProgram.path)
    process.arguments = [
      "bench-simulator", "\(workers)", "\(computing)",
      "\(ProcessInfo.processInfo.processIdentifier)",
    ]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    let figures = text.split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
    guard process.terminationStatus == 0, figures.count == 2 else {
      throw RunFailure(
        kind: .violation, description: "the simulator of \(workers) workers did not end well")
    }
    return Trial(eventsPerSecond: figures[0], bytesPerWorker: figures[1])
  }

  /// Two examples a step and worker, and a small network: the gradients of a thousand are 200 MB.
  private static func experiment(_ workers: Int, computing: Int) throws -> Experiment {
    try Experiment(
      yaml: """
        name: bench
        stream:
          {tasks: 1, scenario: class, iterations: \(stepCount), test-examples-per-task: 100}
        model: {hidden: [100, 100]}
        optimizer: {kind: sgd, rate: 0.01}
        batch: \(2 * workers)
        method: {name: none}
        cluster: {workers: \(workers), servers: 1}
        simulation:
          step-milliseconds: 1
          slice-milliseconds: 1
          importance-milliseconds: 1
          latency-minimum-milliseconds: 0.1
          latency-maximum-milliseconds: 0.5
          megabytes-per-second: 100000
          message-microseconds: 0
          server-nanoseconds-per-byte: 0
          cores: none
          vectors: \(computing < workers ? "kept" : "again")
          computing-workers: \(computing < workers ? "\(computing)" : "all")
        timeouts: {silence-milliseconds: 600000, start-milliseconds: 600000}
        """, named: "bench")
  }

  /// In this process.
  public static func trial(workers: Int, computing: Int) throws -> Trial {
    let experiment = try experiment(workers, computing: computing)
    let blueprint = try Blueprint(experiment, data: Glyphs.dataSet())
    let bench = NodeBuffers(blueprint)
    let before = residentByteCount
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)),
      serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
      timeouts: experiment.cluster.timeouts, costs: experiment.costs, seed: experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, observe: { _, _ in })
    var ending = Ending.completed
    let time = seconds { ending = cluster.run().ending }
    if case .failed(let kind, let reason) = ending {
      throw RunFailure(kind: kind, description: reason)
    }
    let grown = max(0, residentByteCount - before)
    return Trial(
      eventsPerSecond: Double(cluster.eventCount) / time,
      bytesPerWorker: Double(grown) / Double(experiment.cluster.workers))
  }

  /// Memory of this process that is in use, or 0 where the system does not say.
  private static var residentByteCount: Int {
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
      return 0
    }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
  }
}
