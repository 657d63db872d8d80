import Experiments
import Foundation
import Launch
import Reports
import Roles
public import Training
import ZeroMQTransport

extension Runner {
  /// Runs a cluster of processes on this machine. Processes that die are started again, and all go
  /// on from the last cut, as often as the experiment allows.
  ///
  /// - Throws: ``RunFailure``, `LaunchError` or `TransportError` before anything was measured.
  public func runCluster(_ blueprint: Blueprint) throws -> Outcome {
    let cluster = blueprint.experiment.cluster
    let nodeCount = cluster.workers + cluster.servers
    try OpenFiles.allow(
      OpenFiles.count(forChildren: nodeCount), for: "a cluster of \(nodeCount) nodes")
    // Before anything is started: what a signal interrupts has to be cleaned up.
    let interruption = Interruption()
    let folder = try RunFolder()
    defer { folder.remove() }
    let usesFiles = cluster.transport == .ipc
    let context = Context(usesFiles ? .thisMachine : try keys(blueprint, for: folder))
    let listener = Socket(.router, in: context)
    let endpoint = try listener.bind(
      usesFiles ? Endpoint(folder.endpoint("coordinator")) : .anyLocalPort)
    let ends = Mailbox<ChildProcesses.End>()
    let told = Mailbox<Input>()
    let store = resumable.map { CutFolder($0.path, mark: $0.mark, told: told) }
    defer { store?.finish() }
    let children = ChildProcesses(in: folder) { ends.post($0) }
    defer { children.stop(graceMilliseconds: 500) }
    let watches = [
      Watch(descriptor: ends.descriptor) {
        // Of a node that has said farewell nobody wants to know any more; but another one may be
        // lost before all have, and then it is missed although it ended well.
        guard let end = ends.next(), children.isLatest(end),
          let node = Self.node(named: end.label)
        else { return nil }
        return .vanished(node, reason: end.reason)
      }, Watch(descriptor: told.descriptor) { told.next() },
    ]
    let survival = Survival(restartsLeft: blueprint.experiment.cluster.recovery.restarts)
    var (run, conduct) = (Self.freshNumber, UInt32(0))
    while true {
      let (coordinator, earlier) = try Conductor(
        blueprint, store, cuts: blueprint.cutRule(isTimed: true),
        remark: { observe(.survived($0), .zero) }
      ).coordinator(run: run, recovers: survival.restartsLeft > 0, conduct: conduct)
      if survival.losses.isEmpty {
        try start(children, blueprint, folder: folder, coordinator: endpoint)
      }
      let runner = telling { event in
        for news in survival.news(of: event) { observe(.survived(news), .zero) }
      }
      var (outcome, loss) = try runner.conduct(
        coordinator, blueprint, context, listener, interruption, watches: watches, store: store,
        earlier: earlier)
      guard let loss else {
        outcome.result.faults += survival.faults
        return outcome
      }
      survival.lose(loss)
      store?.finish()
      run += 1
      conduct += 1
      try children.restart("\(loss.node)", adding: ["--incarnation", "\(conduct)"])
    }
  }

  /// Makes keys for this run alone, and puts those of the nodes where they find them.
  private func keys(_ blueprint: Blueprint, for folder: RunFolder) throws -> TransportSecurity {
    let cluster = blueprint.experiment.cluster
    let keys = try ClusterKeys(serverCount: cluster.servers, workerCount: cluster.workers)
    try KeyFolder(folder.path).write(keys, withoutSecretOf: .coordinator)
    return try keys.security(of: .coordinator)
  }

  private func start(
    _ children: ChildProcesses, _ blueprint: Blueprint, folder: RunFolder, coordinator: Endpoint
  ) throws {
    let experiment = blueprint.experiment
    let executable = ThisProgram.path
    let cuts = resumable.map {
      ["--cuts", $0.path, "--cuts-mark", String($0.mark, radix: 16)]
    }
    let common =
      [
        "--coordinator", "\(coordinator)", "--parent",
        "\(ProcessInfo.processInfo.processIdentifier)",
        "--run-folder", folder.path,
      ] + (experiment.cluster.transport == .ipc ? [] : ["--keys", folder.path]) + (cuts ?? [])
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
}

/// What a launcher has seen of losses, and tells of them.
private final class Survival {
  private(set) var restartsLeft: Int
  private(set) var losses: [CoordinatorRole.Loss] = []
  /// One sentence a loss, for the result.
  private(set) var faults: [String] = []
  /// Since when the run stands still, and what was lost since then.
  private var lostAt: ContinuousClock.Instant?
  private var untold: [CoordinatorRole.Loss] = []

  init(restartsLeft: Int) { self.restartsLeft = restartsLeft }

  func lose(_ loss: CoordinatorRole.Loss) {
    restartsLeft -= 1
    losses.append(loss)
    untold.append(loss)
    lostAt = lostAt ?? .now
  }

  /// Sentences for the user, one a loss, once the run goes on: who was lost, from where it goes on,
  /// and how long that took.
  func news(of event: Event) -> [String] {
    guard let lostAt else { return [] }
    let place: String
    switch event {
    case .recovered(_, let step): place = "goes on from step \(step)"
    case .phaseOpened: place = "begins again"
    default: return []
    }
    let seconds = lostAt.duration(to: .now) / .seconds(1)
    let tenths = (seconds * 10).rounded() / 10
    let news = untold.map { "\($0.reason); the run \(place), \(tenths) s later" }
    (self.lostAt, untold) = (nil, [])
    faults += news
    return news
  }
}
