/// The coordinator: gathers the nodes, opens and closes phases, tallies accuracies.
///
///     gathering → preparing → untrained → [opening → training → closing] × phases → leaving
///
/// A run that fails is stopping at last: until all nodes have heard it.
public struct CoordinatorRole: Role {
  enum State: Sendable {
    case gathering
    case preparing
    /// The untrained network is measured.
    case untrained
    /// Waits for the servers to be ready for pushes.
    case opening(Phase)
    /// Waits for the workers to have trained and for the servers to come to rest.
    case training(Phase)
    /// Waits for measurements and for the servers to consolidate.
    case closing(Phase)
    /// Waits for everybody's last word. No heartbeats any more: one that a node has not read when
    /// it closes takes the node's last bytes with it.
    case leaving
    /// Everybody is told to stop; waits a moment for those who have not answered.
    case stopping(Ending, until: Instant)
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
  /// By worker: steps of the whole run, and how many stages it said it has finished.
  var stepCounts: [Int]
  var finishedPositions: [Int]
  /// Whole steps taken before the phase.
  var phaseStart = 0
  var progress: [(step: Int, loss: Float?)]
  /// By server: bytes it has carried.
  var byteCounts: [Int]
  var progressSum = (step: 0, loss: 0.0, lossCount: 0)
  private var refusalVoice = RefusalVoice()
  /// Whether nodes are dismissed at the end, rather than asked to register for another run.
  let isLast: Bool
  private let gatherMilliseconds: Int
  /// Since when it has been gathering, or the nodes preparing.
  var waitingSince = Instant.zero
  private var nextBeat = Instant.zero
  private var nextWord = Instant.zero

  /// - Parameters:
  ///   - plan: The run to conduct.
  ///   - isLast: Whether no other run of the same nodes follows.
  ///   - gatherMilliseconds: How long it waits for nodes to register; as long as for them to
  ///     prepare if it is `nil`.
  public init(_ plan: RunPlan, isLast: Bool = true, gatherMilliseconds: Int? = nil) {
    self.plan = plan
    limits = PlanLimits(plan)
    self.isLast = isLast
    self.gatherMilliseconds = gatherMilliseconds ?? plan.timeouts.startMilliseconds
    record = RunRecord(workerCount: plan.workerCount, serverCount: plan.serverCount)
    nodes = NodeTable(serverCount: plan.serverCount, workerCount: plan.workerCount)
    versions = Array(repeating: 0, count: plan.serverCount)
    stepCounts = Array(repeating: 0, count: plan.workerCount)
    finishedPositions = stepCounts
    progress = Array(repeating: (0, nil), count: plan.workerCount)
    byteCounts = Array(repeating: 0, count: plan.serverCount)
  }

  public var nextDeadline: Instant? {
    switch state {
    case .over: nil
    case .gathering, .preparing: [nextBeat, nextWord, waitingLimit].min()
    case .stopping(_, let until): until
    default: nextBeat
    }
  }

  private var waitingLimit: Instant {
    var limit = plan.timeouts.startMilliseconds
    if case .gathering = state { limit = gatherMilliseconds }
    return waitingSince.advanced(byMilliseconds: limit)
  }

  /// The node heard least recently. While nodes prepare they may be busy for long, on a loaded
  /// machine or with big files; then the start deadline stands in. O(nodes), so it is looked for
  /// only when a heartbeat is due.
  private var watched: NodeTable.Entry? {
    switch state {
    case .gathering, .preparing, .stopping, .over: nil
    default: nodes.quietest
    }
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    switch state {
    case .over: return []
    case .stopping(let ending, let until): return stop(ending, until: until, on: input, at: now)
    default: break
    }
    switch input {
    case .start:
      waitingSince = now
      nextBeat = now
      nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, to: peer)
    case .vanished(let node, let reason):
      guard let entry = nodes[node], !entry.hasLeft else { return [] }
      nodes.update(node) { $0.hasLeft = true }
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
    var effects = word(at: now)
    guard now >= nextBeat else { return effects }
    nextBeat = now.advanced(byMilliseconds: plan.timeouts.heartbeatMilliseconds)
    if let watched,
      now >= watched.lastHeard.advanced(byMilliseconds: plan.timeouts.silenceMilliseconds)
    {
      return lose(
        watched.id,
        "\(watched.id) has been silent for \(plan.timeouts.silenceMilliseconds) ms "
          + "and is taken for lost", at: now)
    }
    if case .leaving = state { return effects }
    effects += nodes.present.map { tell(.heartbeat(phase: -1, step: 0, loss: nil), to: $0) }
    return effects
  }

  private func startProblem(at now: Instant) -> String? {
    guard now >= waitingLimit else { return nil }
    switch state {
    case .gathering:
      return
        "\(nodes.missing.names) did not register within \(duration(gatherMilliseconds)); start "
        + "every node with this coordinator's endpoint, and check ranks and counts"
    case .preparing:
      return "\(nodes.unready.names) did not get ready within "
        + "\(duration(plan.timeouts.startMilliseconds)); raise timeouts.start-milliseconds"
    default: return nil
    }
  }

  /// Every few seconds before the run begins: who is missing, and until when that may go on.
  private mutating func word(at now: Instant) -> [Effect] {
    guard now >= nextWord else { return [] }
    nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
    let count = plan.serverCount + plan.workerCount
    let (missing, what): ([NodeID], String)
    switch state {
    case .gathering: (missing, what) = (nodes.missing, "here")
    case .preparing: (missing, what) = (nodes.unready, "ready")
    default: return []
    }
    let sentence =
      "\(count - missing.count) of \(count) nodes are \(what); waiting for \(missing.names); "
      + "gives up in \(now.secondsUntil(waitingLimit)) s"
    return [.record(.waiting(sentence, by: id))]
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
}
