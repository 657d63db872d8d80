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
  private let dataFolder: String?
  private let command: String
  private let isLast: Bool
  private let observe: (Event, Instant) -> Void

  /// - Parameters:
  ///   - dataFolder: Folder of data sets, for nodes that are started.
  ///   - command: The command line as it was given, for the report.
  ///   - isLast: Whether no other run of the same nodes follows.
  ///   - observe: Told of every event.
  public init(
    dataFolder: String?, command: String, isLast: Bool = true,
    observe: @escaping (Event, Instant) -> Void
  ) {
    self.dataFolder = dataFolder
    self.command = command
    self.isLast = isLast
    self.observe = observe
  }

  /// A runner that tells somebody else of every event, too.
  public func telling(_ note: @escaping (Event) -> Void) -> Runner {
    Runner(dataFolder: dataFolder, command: command, isLast: isLast) { event, now in
      observe(event, now)
      note(event)
    }
  }

  /// What a run left.
  public struct Outcome {
    /// As it is written to `result.json`.
    public let result: RunResult
    /// What the coordinator has recorded.
    public let record: RunRecord
    /// Why it ended early; `nil` for a run that is whole.
    public let failure: RunFailure?

    /// Whether anything was measured.
    var hasBegun: Bool { !record.rows.isEmpty }
  }

  /// Runs a cluster of processes on this machine.
  ///
  /// - Throws: ``RunFailure``, `LaunchError` or `TransportError` before anything was measured.
  public func runCluster(_ blueprint: Blueprint) throws -> Outcome {
    // Before anything is started: what a signal interrupts has to be cleaned up.
    let interruption = Interruption()
    let folder = try RunFolder()
    defer { folder.remove() }
    let context = Context()
    let listener = Socket(.router, in: context)
    let usesFiles = blueprint.experiment.cluster.transport == .ipc
    let coordinator = try listener.bind(
      usesFiles ? Endpoint(folder.endpoint("coordinator")) : .anyLocalPort)
    let ends = Mailbox<ChildProcesses.End>()
    let children = ChildProcesses(in: folder) { ends.post($0) }
    defer { children.stop(graceMilliseconds: 500) }
    try start(children, blueprint, folder: folder, coordinator: coordinator)
    let watch = Watch(descriptor: ends.descriptor) {
      // A node that ended well has said farewell, though that may still be under way.
      guard let end = ends.next(), !end.isSuccess, let node = Self.node(named: end.label) else {
        return nil
      }
      return .vanished(node, reason: end.reason)
    }
    return try conduct(blueprint, context, listener, interruption, watches: [watch])
  }

  private func start(
    _ children: ChildProcesses, _ blueprint: Blueprint, folder: RunFolder, coordinator: Endpoint
  ) throws {
    let experiment = blueprint.experiment
    let executable = ThisProgram.path
    let common =
      [
        "--coordinator", "\(coordinator)", "--parent",
        "\(ProcessInfo.processInfo.processIdentifier)",
        "--run-folder", folder.path,
      ]
    let data = dataFolder.map { ["--data", $0] } ?? []
    for rank in 0..<experiment.cluster.servers {
      let bind =
        experiment.cluster.transport == .ipc
        ? folder.endpoint("server-\(rank)") : "\(Endpoint.anyLocalPort)"
      try children.start(
        executable, ["serve", "--rank", "\(rank)", "--bind", bind] + common,
        label: "server \(rank)")
    }
    for rank in 0..<experiment.cluster.workers {
      try children.start(
        executable, ["work", "--rank", "\(rank)"] + common + data, label: "worker \(rank)")
    }
  }

  private static func node(named label: String) -> NodeID? {
    let parts = label.split(separator: " ")
    guard parts.count == 2, let rank = Int(parts[1]) else { return nil }
    return parts[0] == "server" ? .server(rank) : .worker(rank)
  }

  /// The coordinator alone; the other nodes are started by somebody else.
  ///
  /// - Parameter waitSeconds: How long they may take to register.
  public func coordinate(_ blueprint: Blueprint, at seat: Seat, waitSeconds: Int) throws -> Outcome
  {
    try conduct(
      blueprint, seat.context, seat.listener, seat.interruption, watches: [],
      gatherMilliseconds: waitSeconds * 1_000)
  }

  private func conduct(
    _ blueprint: Blueprint, _ context: Context, _ listener: Socket,
    _ interruption: Interruption, watches: [Watch], gatherMilliseconds: Int? = nil
  ) throws -> Outcome {
    let watch = Watch(descriptor: interruption.descriptor) {
      .interrupted(reason: "stopped by \(Interruption.name(interruption.read()))")
    }
    // 53 bits, so that the number survives any JSON reader.
    let run = UInt64.random(in: 1..<1 << 53)
    var loop = try RoleLoop(
      CoordinatorRole(
        blueprint.runPlan(run: run), isLast: isLast, gatherMilliseconds: gatherMilliseconds),
      performer: NoOrders(), context: context, listener: listener, identity: NodeProcess.identity,
      watches: watches + [watch],
      observe: observe)
    let (begin, provenance) = (ContinuousClock.now, Provenance.here)
    let ending = loop.run()
    return outcome(
      loop.role.record, ending, blueprint, mode: "cluster", since: begin, provenance,
      virtualSeconds: nil)
  }

  /// Runs coordinator, servers and workers in this process under a virtual clock.
  public func simulate(_ blueprint: Blueprint) throws -> Outcome {
    let experiment = blueprint.experiment
    let bench = NodeBuffers(blueprint)
    _ = Interruption()
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)),
      serverCount: experiment.cluster.servers, workerCount: experiment.cluster.workers,
      timeouts: experiment.cluster.timeouts, costs: experiment.costs, seed: experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, observe: observe)
    let (begin, provenance) = (ContinuousClock.now, Provenance.here)
    let (ending, seconds) = cluster.run { Interruption.reason }
    return outcome(
      cluster.coordinator.record, ending, blueprint, mode: "simulation", since: begin,
      provenance, virtualSeconds: experiment.simulation.clock == .free ? nil : seconds)
  }

  private func outcome(
    _ record: RunRecord, _ ending: Ending, _ blueprint: Blueprint, mode: String,
    since begin: ContinuousClock.Instant, _ provenance: Provenance, virtualSeconds: Double?
  ) -> Outcome {
    let elapsed = begin.duration(to: .now).components
    let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
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
