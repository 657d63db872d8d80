public import Roles

/// What happens to processes, not to roles.
enum FaultNews {
  /// The moment of a fault of the plan has come.
  case due(Fault)
  /// The launcher sees a process end.
  case vanished(index: Int, number: Int)
  /// A process is there again.
  case restarted(index: Int, number: Int, incarnation: UInt32)
  /// The launcher is there again.
  case resumed(number: Int)
  /// A process that stood still goes on.
  case awoken(index: Int, number: Int)
  /// A file of a cut is written.
  case written(Int)
}

/// A simulated run with faults: its plan, its launcher, and what there is to say of it.
///
/// A class: it is changed in place and never copied.
final class FaultInjection<Worker: Performer> {
  let plan: FaultPlan
  /// Makes what a run of nodes consists of.
  let crew: FaultCrew<Worker>
  let store: MemoryCuts?
  var launcher: SimulatedLauncher
  var weather: LinkWeather
  var checks: RunChecks
  /// Of the run, once it is over.
  var ending: Ending?
  /// Faults that have happened, in order; those of the store are counted by it.
  var injected: [Fault] = []
  /// One sentence for every time at which the run was taken up again.
  var recoveries: [String] = []
  /// What is being written, by serial number.
  var writes: [Int: PendingWrite] = [:]
  private var writeCount = 0

  init(_ plan: FaultPlan, _ crew: FaultCrew<Worker>, store: MemoryCuts?, nodeCount: Int) {
    self.plan = plan
    self.crew = crew
    self.store = store
    launcher = SimulatedLauncher(nodeCount: nodeCount, restarts: crew.restarts)
    weather = LinkWeather(plan)
    checks = RunChecks(isRepeatable: crew.isRepeatable)
  }

  /// - Returns: Its serial number.
  func enter(_ write: PendingWrite) -> Int {
    writeCount += 1
    writes[writeCount] = write
    return writeCount
  }

  /// The crash that a node's input brings, if any.
  func crash(of node: NodeID, atInput count: Int) -> (fault: Fault, effects: Int, back: Int)? {
    for fault in plan.faults {
      if case .crash(node, count, let effects, let back) = fault { return (fault, effects, back) }
    }
    return nil
  }
}

/// Makes roles and performers, as often as processes are started.
public struct FaultCrew<Worker: Performer> {
  /// What tells the coordinator of a conduct apart.
  public struct Conduct: Sendable, Hashable {
    /// Its number.
    public let run: UInt64
    /// Whether nodes that are lost are started again.
    public let recovers: Bool
    /// Conducts before it under the same launcher.
    public let number: UInt32
  }

  let timeouts: Timeouts
  /// How often a launcher starts nodes again.
  let restarts: Int
  /// Whether the run ends on the same bits whoever is how fast.
  let isRepeatable: Bool
  let makeCoordinator: (Conduct) throws -> (CoordinatorRole, DriverAccount)
  let makePerformer: (NodeID) -> Worker

  /// - Parameters:
  ///   - timeouts: Of servers and workers, until they are told those of the run.
  ///   - restarts: How often a launcher starts nodes again.
  ///   - isRepeatable: Whether the run ends on the same bits whoever is how fast.
  ///   - makeCoordinator: Goes on from the last cut, with what its driver had counted.
  ///   - makePerformer: A fresh one for each life of a node.
  public init(
    timeouts: Timeouts, restarts: Int, isRepeatable: Bool,
    makeCoordinator: @escaping (Conduct) throws -> (CoordinatorRole, DriverAccount),
    makePerformer: @escaping (NodeID) -> Worker
  ) {
    self.timeouts = timeouts
    self.restarts = restarts
    self.isRepeatable = isRepeatable
    self.makeCoordinator = makeCoordinator
    self.makePerformer = makePerformer
  }
}
