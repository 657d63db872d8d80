import Experiments
import Roles
public import Simulation
public import Training

/// An experiment in the simulator, to which faults happen.
///
/// Work, messages and latencies take times that are the same on every machine, so that a plan of
/// faults does everywhere what it does here.
public struct FaultTrial {
  /// The run to which nothing happens.
  public let calm: FaultOutcome
  private let blueprint: Blueprint
  private let buffers: NodeBuffers

  /// Takes the run to which nothing happens.
  ///
  /// - Throws: What the coordinator objects to.
  public init(_ blueprint: Blueprint) throws {
    self.blueprint = blueprint
    buffers = NodeBuffers(blueprint)
    calm = try Self.run(FaultPlan(), blueprint, buffers, limit: 1e9)
  }

  /// What comes of the run if this happens to it. `violations` of it are all that should not be.
  public func outcome(of plan: FaultPlan) throws -> FaultOutcome {
    // A pause may be as long as 40 s, and a node that does not come is waited for as long.
    let limit = calm.seconds + 300 * Double(1 + plan.faults.count)
    return try Self.run(plan, blueprint, buffers, limit: limit).judged(beside: calm)
  }

  /// A plan that is drawn for this run.
  public func plan(seed: UInt64) -> FaultPlan { FaultPlan(seed: seed, scale: calm.scale) }

  /// A part of a plan, as small as it becomes when one fault after another is left out.
  ///
  /// - Parameter fails: Whether an outcome is still what is looked for: if left out, one in which
  ///   something is violated.
  public func shrunk(
    _ plan: FaultPlan, while fails: (FaultOutcome) -> Bool = { !$0.violations.isEmpty }
  ) throws -> FaultPlan {
    var small = plan
    var index = 0
    while index < small.faults.count {
      var smaller = small
      smaller.faults.remove(at: index)
      if fails(try outcome(of: smaller)) { small = smaller } else { index += 1 }
    }
    return small
  }

  private static func run(
    _ plan: FaultPlan, _ blueprint: Blueprint, _ buffers: NodeBuffers, limit: Double
  ) throws -> FaultOutcome {
    let experiment = blueprint.experiment
    let store = MemoryCuts(plan)
    let conductor = Conductor(blueprint, store, cuts: blueprint.cutRule(isTimed: true)) { _ in }
    let crew = FaultCrew(
      timeouts: experiment.cluster.timeouts, restarts: experiment.cluster.recovery.restarts,
      isRepeatable: experiment.isRepeatable,
      makeCoordinator: {
        try conductor.coordinator(run: $0.run, recovers: $0.recovers, conduct: $0.number)
      },
      makePerformer: { _ in NodePerformer(sharing: blueprint, buffers) })
    let costs = CostModel(
      stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3), bytesPerSecond: 1e8)
    var cluster = try SimulatedCluster(
      suffering: plan, crew: crew, serverCount: experiment.cluster.servers,
      workerCount: experiment.cluster.workers, costs: costs, seed: experiment.seed, store: store
    ) { _, _ in }
    return cluster.suffer(limit: limit)
  }
}
