import Experiments
import Foundation
import Launch
public import Reports
public import Roles
import Simulation
public import Training
import ZeroMQTransport

/// Runs one method of an experiment, here or elsewhere, and says what came of it.
public struct Runner {
  let dataFolder: String?
  private let command: String
  private let isLast: Bool
  let observe: (Event, Instant) -> Void
  /// Where the run saves what it needs to go on; `nil`: nowhere.
  let resumable: ResumableRun?

  /// - Parameters:
  ///   - dataFolder: Folder of data sets, for nodes that are started.
  ///   - command: The command line as it was given, for the report.
  ///   - isLast: Whether no other run of the same nodes follows.
  ///   - observe: Told of every event.
  public init(
    dataFolder: String?, command: String, isLast: Bool = true,
    observe: @escaping (Event, Instant) -> Void
  ) {
    self.init(
      dataFolder: dataFolder, command: command, isLast: isLast, resumable: nil, observe: observe)
  }

  /// - Parameter resumable: Where the run saves what it needs to go on; `nil`: nowhere.
  init(
    dataFolder: String?, command: String, isLast: Bool, resumable: ResumableRun?,
    observe: @escaping (Event, Instant) -> Void
  ) {
    self.resumable = resumable
    self.dataFolder = dataFolder
    self.command = command
    self.isLast = isLast
    self.observe = observe
  }

  /// A runner that tells somebody else of every event, too.
  public func telling(_ note: @escaping (Event) -> Void) -> Runner {
    Runner(dataFolder: dataFolder, command: command, isLast: isLast, resumable: resumable) {
      event, now in
      observe(event, now)
      note(event)
    }
  }

  /// What a run left.
  public struct Outcome {
    /// As it is written to `result.json`.
    public internal(set) var result: RunResult
    /// What the coordinator has recorded.
    public let record: RunRecord
    /// Why it ended early; `nil` for a run that is whole.
    public internal(set) var failure: RunFailure?

    /// Whether anything was measured.
    var hasBegun: Bool { !record.rows.isEmpty }
  }

  /// The coordinator alone; the other nodes are started by somebody else.
  ///
  /// - Parameter waitSeconds: How long they may take to register.
  public func coordinate(_ blueprint: Blueprint, at seat: Seat, waitSeconds: Int) throws -> Outcome
  {
    let coordinator = CoordinatorRole(
      blueprint.runPlan(run: Self.freshNumber), isLast: isLast,
      gatherMilliseconds: waitSeconds * 1_000)
    return try conduct(
      coordinator, blueprint, seat.context, seat.listener, seat.interruption, watches: []
    ).outcome
  }

  /// Names a run: 53 bits, so that it survives any JSON reader, and room for its later conducts.
  static var freshNumber: UInt64 { UInt64.random(in: 1..<1 << 52) }

  /// Conducts a run, or what is left of it, to its end or to the loss of a node.
  ///
  /// - Parameter earlier: What the coordinator's driver has counted before.
  func conduct(
    _ coordinator: CoordinatorRole, _ blueprint: Blueprint, _ context: Context,
    _ listener: Socket, _ interruption: Interruption, watches: [Watch],
    store: (any CutStore)? = nil, earlier: DriverAccount = DriverAccount()
  ) throws -> (outcome: Outcome, loss: CoordinatorRole.Loss?) {
    let watch = Watch(descriptor: interruption.descriptor) {
      .interrupted(reason: "stopped by \(Interruption.name(interruption.read()))")
    }
    var loop = try RoleLoop(
      coordinator, performer: NoOrders(), context: context, listener: listener,
      identity: NodeProcess.identity, watches: watches + [watch], store: store, earlier: earlier,
      observe: observe)
    var (begin, provenance) = (ContinuousClock.now, Provenance.here)
    provenance.isEncrypted = listener.isEncrypted
    let ending = loop.run()
    let outcome = outcome(
      loop.role.record, ending, blueprint, mode: "cluster", since: begin, provenance,
      virtualSeconds: nil, earlier: earlier)
    return (outcome, loop.role.loss)
  }

  /// Runs coordinator, servers and workers in this process under a virtual clock.
  public func simulate(_ blueprint: Blueprint) throws -> Outcome {
    let experiment = blueprint.experiment
    let bench = NodeBuffers(blueprint)
    _ = Interruption()
    let store = resumable.map { CutFolder($0.path, mark: $0.mark) }
    let (coordinator, earlier) = try Conductor(
      blueprint, store, cuts: blueprint.cutRule(isTimed: false),
      remark: { observe(.survived($0), .zero) }
    ).coordinator(run: 1)
    var cluster = SimulatedCluster(
      coordinator: coordinator,
      serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
      timeouts: experiment.cluster.timeouts, costs: experiment.costs, seed: experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, store: store,
      earlier: earlier, observe: observe)
    let (begin, provenance) = (ContinuousClock.now, Provenance.here)
    let (ending, seconds) = cluster.run { Interruption.reason }
    return outcome(
      cluster.coordinator.record, ending, blueprint, mode: "simulation", since: begin,
      provenance, virtualSeconds: experiment.simulation.clock == .free ? nil : seconds)
  }

  private func outcome(
    _ record: RunRecord, _ ending: Ending, _ blueprint: Blueprint, mode: String,
    since begin: ContinuousClock.Instant, _ provenance: Provenance, virtualSeconds: Double?,
    earlier: DriverAccount = DriverAccount()
  ) -> Outcome {
    let elapsed = begin.duration(to: .now).components
    let here = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    // A virtual clock says nothing of what a run took before it was broken off.
    let seconds = here + (virtualSeconds == nil ? earlier.now.seconds : 0)
    var result = RunResult(
      record, of: blueprint, mode: mode, seconds: seconds, virtualSeconds: virtualSeconds,
      command: command)
    result.provenance = provenance
    let kernels = Set(record.workerKernels.compactMap(\.self))
    if !kernels.isEmpty { result.provenance?.blasKernels = kernels.sorted() }
    guard case .failed(let kind, let reason) = ending else {
      return Outcome(result: result, record: record, failure: nil)
    }
    // The simulator's own reasons are not the coordinator's.
    if record.failure == nil {
      result.status = "stopped"
      result.faults.append(reason)
    }
    return Outcome(
      result: result, record: record, failure: RunFailure(kind: kind, description: reason))
  }
}
