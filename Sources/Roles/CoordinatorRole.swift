/// The coordinator: gathers the nodes, opens and closes phases, tallies accuracies.
///
///     gathering → preparing → untrained → [opening → training → sealing → closing] × phases
///     → leaving
public struct CoordinatorRole: Role {
  enum State: Sendable {
    case gathering
    case preparing
    /// The untrained network is measured.
    case untrained
    case opening(phase: Int, Barrier)
    case training(phase: Int, Barrier, openedAt: Instant)
    /// Waits for the servers to come to rest.
    case sealing(phase: Int, Barrier)
    /// Waits for measurements and for these servers to consolidate.
    case closing(phase: Int, Barrier)
    case leaving
    case over
  }

  /// There is one.
  public var id: NodeID { .coordinator }
  /// What has been measured so far.
  public internal(set) var record: RunRecord
  let plan: RunPlan
  let limits: PlanLimits
  var state = State.gathering
  var nodes: NodeTable
  /// By server, as far as it is known between two phases.
  var versions: [UInt64]
  /// Measurements whose parts are still coming in.
  var rows: [PendingRow] = []
  var measurementCount = 0
  /// Samples that not all servers keep yet.
  var samples: [(snapshot: Snapshot, versions: [UInt64?])] = []
  /// By entry of the record's consolidations: the servers that have not reported it yet.
  var reporters: [Barrier] = []
  /// Servers that had nothing to wait for and closed a phase before all were sealed.
  var closed: [NodeID] = []
  /// By worker: steps of the whole run, and legs that it said it has finished.
  var stepCounts: [Int]
  var finishedLegs: [Int]
  /// Whole steps taken before the phase.
  var phaseStart = 0
  var progress: [(step: Int, loss: Float?)]
  /// By server: bytes it has carried.
  var byteCounts: [Int]
  var progressSum = (step: 0, loss: 0.0, lossCount: 0)
  private var refusalVoice = RefusalVoice()
  private var startedAt = Instant.zero
  private var nextBeat = Instant.zero

  /// - Parameter plan: The run to conduct.
  public init(_ plan: RunPlan) {
    self.plan = plan
    limits = PlanLimits(plan)
    record = RunRecord(workerCount: plan.workerCount, serverCount: plan.serverCount)
    nodes = NodeTable(serverCount: plan.serverCount, workerCount: plan.workerCount)
    versions = Array(repeating: 0, count: plan.serverCount)
    stepCounts = Array(repeating: 0, count: plan.workerCount)
    finishedLegs = stepCounts
    progress = Array(repeating: (0, nil), count: plan.workerCount)
    byteCounts = Array(repeating: 0, count: plan.serverCount)
  }

  public var nextDeadline: Instant? {
    var deadlines = [nextBeat]
    switch state {
    case .over: return nil
    case .gathering, .preparing:
      deadlines.append(startedAt.advanced(byMilliseconds: plan.timeouts.startMilliseconds))
    default: break
    }
    return deadlines.min()
  }

  /// The node heard least recently. While nodes prepare they may be busy for long, on a loaded
  /// machine or with big files; then the start deadline stands in. O(nodes), so it is looked for
  /// only when a heartbeat is due.
  private var watched: NodeTable.Entry? {
    switch state {
    case .gathering, .preparing, .over: nil
    default: nodes.quietest
    }
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    if case .over = state { return [] }
    switch input {
    case .start:
      startedAt = now
      nextBeat = now
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, to: peer)
    case .vanished(let node, let reason):
      guard let entry = nodes[node], !entry.hasLeft else { return [] }
      return fail(.lostNode, "\(node) ended unexpectedly: \(reason)", at: now)
    case .interrupted(let reason): return fail(.interrupted, reason, at: now)
    case .bytes: return []
    case .traffic(let report, _, _):
      record.traffic = report
      record.endedAt = now
      state = .over
      return [.finish(.completed)]
    case .performed, .resumed, .unreachable: return []
    }
  }

  // MARK: Time

  private mutating func tick(at now: Instant) -> [Effect] {
    if let sentence = startProblem(at: now) { return fail(.lostNode, sentence, at: now) }
    guard now >= nextBeat else { return [] }
    if let watched,
      now >= watched.lastHeard.advanced(byMilliseconds: plan.timeouts.silenceMilliseconds)
    {
      return fail(
        .lostNode,
        "\(watched.id) has been silent for \(plan.timeouts.silenceMilliseconds) ms "
          + "and is taken for lost", at: now)
    }
    nextBeat = now.advanced(byMilliseconds: plan.timeouts.heartbeatMilliseconds)
    return nodes.present.map { tell(.heartbeat(phase: -1, step: 0, loss: nil), to: $0) }
  }

  private func startProblem(at now: Instant) -> String? {
    let limit = plan.timeouts.startMilliseconds
    guard now >= startedAt.advanced(byMilliseconds: limit) else { return nil }
    switch state {
    case .gathering:
      let names = nodes.missing.map(\.description).joined(separator: ", ")
      return "\(names) did not register within \(limit / 1000) s; start every node with this "
        + "coordinator's endpoint, and check ranks and counts"
    case .preparing:
      let names = nodes.unready.map(\.description).joined(separator: ", ")
      return "\(names) did not get ready within \(limit / 1000) s; raise timeouts.start-seconds"
    default: return nil
    }
  }

  // MARK: Saying

  func tell(_ control: Control, to node: NodeID) -> Effect {
    .send(
      Message(.control, run: plan.run, sender: id, incarnation: 0, payload: .control(control)),
      to: node)
  }

  mutating func refuse(_ reason: String, to peer: Peer) -> [Effect] {
    record.refusals.count(reason)
    let answer = Message(
      .control, run: plan.run, sender: id, incarnation: 0,
      payload: .control(.refused(reason: reason)))
    return refusalVoice.refuse(peer, reason, by: id, answer: answer)
  }

  /// Ends the run early: everybody is told, what was measured stays in ``record``.
  mutating func fail(_ kind: FailureKind, _ reason: String, at now: Instant) -> [Effect] {
    state = .over
    record.failure = RunRecord.Failure(kind: kind, reason: reason)
    record.endedAt = now
    return nodes.present.map { tell(.stop(reason: reason), to: $0) }
      + [.record(.stopped(kind, reason: reason)), .finish(.failed(kind, reason: reason))]
  }
}
