public import Experiments
import Foundation
import Launch
import Methods
import Roles
public import Streams
import Synchronization
import Tensors
import Training

/// Measures what work and messages cost on this machine for one experiment.
public struct Calibrator: Sendable {
  /// How much time to spend.
  public enum Effort: Sendable {
    /// About half a minute.
    case thorough
    /// A few seconds, for rougher figures.
    case brief

    /// Of the seconds for each kind of work.
    var share: Double { self == .thorough ? 1 : 0.2 }
    /// Of what is done with sockets.
    var roundCount: Int { self == .thorough ? 3 : 1 }
    var clusterCount: Int { self == .thorough ? 5 : 1 }
    var clusterSeconds: Double { self == .thorough ? 0.7 : 0.3 }
    var trialStepCount: Int { self == .thorough ? 20 : 10 }
    var precision: StepProbe.Precision { self == .thorough ? .fine : .coarse }
  }

  private let blueprint: Blueprint
  private let dataFolder: String?

  /// - Throws: `DataError` or `ConfigurationError` when experiment and data do not fit.
  public init(_ experiment: Experiment, data: DataSet, dataFolder: String?) throws {
    // Both are made to be measured.
    for place in [MemoryEstimate.Place.simulation, .cluster] {
      try experiment.memoryEstimate(of: place, data: data).check("the calibration", in: .here)
    }
    blueprint = try Blueprint(experiment.withImportance, data: data)
    self.dataFolder = dataFolder
  }

  /// Measures work, messages and bytes, one after the other.
  ///
  /// - Throws: What went wrong in a cluster that was measured, or that a signal came.
  public func measure(_ effort: Effort = .thorough) throws -> MeasuredCosts {
    let cores = ProcessInfo.processInfo.activeProcessorCount
    // Processors that all work are slower than one alone: they share caches, and some more.
    let threadCount = min(cores, blueprint.experiment.cluster.workers)
    let found = Mutex<[MeasuredCosts]>([])
    DispatchQueue.concurrentPerform(iterations: threadCount) { _ in
      let costs = measureWork(effort.share)
      found.withLock { $0.append(costs) }
    }
    try Interruption.check()
    var costs = found.withLock { MeasuredCosts(medianOf: $0) }
    costs.cores = cores
    try measureMessages(&costs, effort)
    try measureBytes(&costs, effort)
    return costs
  }

  private func measureWork(_ share: Double) -> MeasuredCosts {
    var work = WorkProbe(blueprint)
    var costs = MeasuredCosts()
    costs.stepMilliseconds = time(0.5 * share) { work.step() } * 1e3
    costs.localStepMilliseconds = time(0.5 * share) { work.localSteps() } * 1e3
    costs.evaluationMicrosecondsPerExample = time(0.3 * share) { work.evaluate() } * 1e6
    costs.importanceMicrosecondsPerExample = time(0.5 * share) { work.importance() } * 1e6
    costs.serverNanosecondsPerByte = time(0.3 * share) { work.updateShard() } * 1e9
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

  /// Takes steps with one float in each message and no work: what is left is what messages cost.
  private func measureMessages(_ costs: inout MeasuredCosts, _ effort: Effort) throws {
    let threads = ThreadCluster(transport: blueprint.experiment.cluster.transport)
    let workers = min(8, blueprint.experiment.cluster.workers)
    let servers = blueprint.experiment.cluster.servers
    var (many, pair): ([ThreadCluster.Step], [ThreadCluster.Step]) = ([], [])
    for _ in 0..<effort.roundCount {
      try Interruption.check()
      pair.append(try threads.run(BenchCluster(shards: [0..<1], workerCount: 1, stepCount: 500)))
      many.append(
        try threads.run(
          BenchCluster(
            shards: (0..<servers).map { $0..<$0 + 1 }, workerCount: workers, stepCount: 200)))
    }
    // Each message goes up and comes down, and has two ends.
    costs.messageMicroseconds =
      median(many.map(\.processorSeconds)) / Double(4 * workers * servers) * 1e6
    // Whoever else uses the machine only adds to it.
    let latencies = pair.map { $0.wallSeconds / 2 - $0.processorSeconds / 2 }
    costs.latencyMilliseconds = max(0, latencies.min() ?? 0) * 1e3
  }

  /// Takes steps as the experiment does, in a cluster of its own.
  private func measureBytes(_ costs: inout MeasuredCosts, _ effort: Effort) throws {
    let probe = try StepProbe(blueprint, dataFolder: dataFolder)
    let trial = try probe.measuredSeconds(stepCount: effort.trialStepCount)
    let stepCount = max(effort.trialStepCount, min(2_000, Int(effort.clusterSeconds / trial)))
    // A step that takes so long needs no second look in a hurry.
    let isEnough = effort == .brief && stepCount == effort.trialStepCount
    let steps =
      isEnough
      ? [trial]
      : try (0..<effort.clusterCount).map { _ in try probe.measuredSeconds(stepCount: stepCount) }
    var bare = costs
    var work = WorkProbe(try probe.blueprint(stepCount: 1))
    bare.serverNanosecondsPerByte = time(0.3 * effort.share) { work.updateShard() } * 1e9
    costs.megabytesPerSecond = try probe.megabytesPerSecond(
      bare, explaining: median(steps), effort.precision)
  }
}

extension Experiment {
  /// With a method that estimates importances, if it has none itself: an entry of a calibration is
  /// looked up by all methods.
  fileprivate var withImportance: Experiment {
    func estimates(_ method: any Method) -> Bool { method.penalty?.estimator != nil }
    if let method = methods.first(where: { estimates($0.value) }) { return with(method) }
    return with(MethodChoice(EWC()))
  }
}
