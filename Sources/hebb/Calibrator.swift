import Consolidation
import Experiments
import Foundation
import Roles
import Synchronization
import Tensors

/// Measures what work and messages cost on this machine for one experiment.
struct Calibrator {
  private let blueprint: Blueprint

  /// - Parameter blueprint: Of the experiment, with a method that has importances if one has.
  init(_ blueprint: Blueprint) { self.blueprint = blueprint }

  /// Takes a few seconds.
  func measure() throws -> MeasuredCosts {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    // Processors that all work are slower than one alone: they share caches, and some more.
    let threadCount = min(cores, blueprint.experiment.cluster.workers)
    let found = Mutex<[MeasuredCosts]>([])
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      let costs = measureWork()
      found.withLock { $0.append(costs) }
    }
    var costs = found.withLock { MeasuredCosts(medianOf: $0) }
    costs.cores = cores
    try measureSteps(&costs)
    return costs
  }

  private func measureWork() -> MeasuredCosts {
    var work = WorkProbe(blueprint)
    var costs = MeasuredCosts()
    costs.evaluationMicrosecondsPerExample = time(0.3) { work.evaluate() } * 1e6
    costs.importanceMicrosecondsPerExample = time(0.5) { work.importance() } * 1e6
    costs.serverNanosecondsPerByte = time(0.3) { work.updateShard() } * 1e9
    return costs
  }

  /// The median of repeated work, for each unit that it says to have done; 0 for none.
  ///
  /// - Parameter limit: Seconds to spend.
  private func time(_ limit: Double, _ body: () -> Int) -> Double {
    var times: [Double] = []
    var total = 0.0
    for repeat_ in 0..<1_000 where total < limit {
      var units = 0
      let time = seconds { units = body() }
      total += time
      guard units > 0 else { return 0 }
      // The first find cold caches.
      if repeat_ >= 3 || total >= limit { times.append(time / Double(units)) }
    }
    return median(times)
  }

  /// Takes steps as the experiment does. Gradients tell their own time; with one float in each
  /// message the rest is what a message costs, and with a whole shard what its bytes do.
  private func measureSteps(_ costs: inout MeasuredCosts) throws {
    let crowd = Crowd(transport: blueprint.experiment.cluster.transport)
    let workers = min(8, blueprint.experiment.cluster.workers)
    let servers = blueprint.experiment.cluster.servers
    let shards = evenRanges(of: blueprint.layout.count, parts: servers)
    let work = BenchWork(blueprint)
    let trial = try crowd.run(
      BenchCluster(shards: shards, workerCount: workers, stepCount: 10, work: work))
    let stepCount = max(10, min(300, Int(0.6 / trial.wallSeconds)))
    var (small, big, pair): ([Crowd.Step], [Crowd.Step], [Crowd.Step]) = ([], [], [])
    for _ in 0..<3 {
      pair.append(try crowd.run(BenchCluster(shards: [0..<1], workerCount: 1, stepCount: 500)))
      small.append(
        try crowd.run(
          BenchCluster(
            shards: (0..<servers).map { $0..<$0 + 1 }, workerCount: workers, stepCount: 200)))
      big.append(
        try crowd.run(
          BenchCluster(shards: shards, workerCount: workers, stepCount: stepCount, work: work)))
    }
    costs.stepMilliseconds = work.meanSeconds * 1e3
    // Each message goes up and comes down, and has two ends.
    let message = median(small.map(\.processorSeconds)) / Double(4 * workers * servers)
    costs.messageMicroseconds = message * 1e6
    // Whoever else uses the machine only adds to it.
    let latencies = pair.map { $0.wallSeconds / 2 - $0.processorSeconds / 2 }
    costs.latencyMilliseconds = max(0, latencies.min() ?? 0) * 1e3
    let pieces = shards.reduce(0) { $0 + $1.pieces(of: blockCountMaximum).count }
    let moving =
      median(big.map(\.processorSeconds))
      - Double(workers) * (work.meanSeconds + Double(4 * pieces) * message)
      - plainUpdateSeconds(workers)
    let bytes = Double(4 * workers * blueprint.layout.count * MemoryLayout<Float>.stride)
    costs.megabytesPerSecond = bytes / max(moving, bytes * 1e-12) * 1e-6
  }

  /// What the servers of a step do with the gradients, which is no cost of the messages.
  private func plainUpdateSeconds(_ workers: Int) -> Double {
    let count = blueprint.layout.count
    var update = BenchCluster.update(count: count)
    let weights = Vector(count: count)
    let contributions = (0..<workers).map { _ in
      Contribution(gradient: Vector(repeating: 1e-6, count: count).view, exampleCount: 1)
    }
    return median(
      (0..<20).map { _ in
        seconds {
          update.begin()
          _ = update.apply(block: 0..<count, contributions, weights: weights.view)
        }
      })
  }
}
