import Compression
import Consolidation
import Tensors

/// A server: owns one contiguous shard of θ with its optimiser and consolidation state, and applies
/// the penalty before every update.
///
/// Weights are a list of immutable blocks, one network message each. An update makes new blocks and
/// leaves the old ones to whoever still reads or sends them, so a pull always sees one version.
public struct ServerRole: Role {
  enum State: Sendable {
    case registering
    case preparing
    /// Between two phases; pulls are answered.
    case idle
    /// Takes pushes.
    case gathering
    /// An update is under way; blocks before `next` are done.
    case applying(Rounds.Update, [AppliedPush], next: Int)
    /// All workers have retired; waits for these workers' importances.
    case consolidating(awaited: [Int])
    case leaving
  }

  /// A push in an update.
  struct AppliedPush: Sendable {
    let parcel: Parcel
    /// Of its gradient, 0…1.
    let weight: Float
    /// The weights it was computed at, if they are needed.
    let base: [VectorView]?
  }

  struct Contact: Sendable {
    let peer: Peer
    let incarnation: UInt32
  }

  /// This server.
  public let id: NodeID
  let incarnation: UInt32
  /// Where workers reach this server, as the coordinator will tell them.
  let endpoint: Endpoint
  var link: CoordinatorLink
  var state = State.registering
  var run: UInt64 = 0
  var plan: ServerPlan?
  var update: ConsolidatedUpdate?
  var ranges: [Range<Int>] = []
  var weights: [VectorView] = []
  /// Version of the weights; every applied update adds one.
  public internal(set) var version: UInt64 = 0
  var phase = -1
  var rounds = Rounds(Consistency(), shares: [], startSteps: [], clocks: [])
  var contacts: [Contact?] = []
  /// By worker rank: the push that is coming in or waits to be applied.
  var pending: [Parcel?] = []
  /// Ranks whose push is whole but came while an update was under way.
  var arrived: [Int] = []
  /// Requests that came while an update was under way or before the worker had joined.
  var held: [Message] = []
  /// By worker rank: the weights it was sent last, kept only for delay compensation.
  var sent: [[VectorView]?] = []
  /// Where answers are changes: the weights as the workers have them.
  var pullEncoder: PullEncoder?
  /// By worker rank: the stage of what it said last.
  var stages: [Int] = []
  /// Versions that are no steps: of weights that were given the penalty they lacked.
  var settledVersions: [UInt64] = []
  /// By worker rank: the version it has.
  var heldVersions: [UInt64?] = []
  /// The penalty as workers are told it.
  var broadcast = PenaltyBroadcast(blockCount: 0)
  /// By worker rank: which version of it the worker has, and the mask that its pushes have.
  var broadcastVersions: [Int] = []
  var openMasks: [[Mask?]] = []
  /// By worker rank: what it says of itself with its next push.
  var exchanged: [(importance: Parcel, centre: Parcel)?] = []
  var snapshots: [(snapshot: Snapshot, version: UInt64, blocks: [VectorView])] = []
  var keys = KeyBook()
  var summary = NodeSummary()
  private var refusalVoice = RefusalVoice()

  /// - Parameters:
  ///   - rank: 0-based rank, fixed by the launcher.
  ///   - endpoint: Where workers reach this server.
  ///   - incarnation: Grows when a server is started again under the same rank.
  ///   - coordinator: The coordinator's endpoint, for sentences.
  ///   - timeouts: In force until the coordinator's welcome brings the run's own.
  public init(
    rank: Int, endpoint: Endpoint, incarnation: UInt32 = 0, coordinator: String? = nil,
    timeouts: Timeouts = Timeouts()
  ) {
    id = .server(rank)
    self.endpoint = endpoint
    self.incarnation = incarnation
    link = CoordinatorLink(id: id, coordinator: coordinator, timeouts: timeouts)
  }

  public var nextDeadline: Instant? { link.nextDeadline }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    link.partingEffects(on: input, at: now) ?? take(input, at: now)
  }

  private mutating func take(_ input: Input, at now: Instant) -> [Effect] {
    switch input {
    case .start:
      link.start(at: now)
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, to: peer)
    case .performed(let result): return performed(result)
    case .resumed: return applyNextBlock()
    case .bytes(let count):
      return [
        tell(
          .heartbeat(phase: phase, step: Int(version), loss: nil, framedByteCount: count))
      ]
    case .traffic(let report, let busySeconds, let idleSeconds):
      summary.traffic = report
      summary.busySeconds = busySeconds
      summary.idleSeconds = idleSeconds
      link.complete()
      return [tell(.goodbye(summary))]
    case .unreachable(_, let reason): return fail(.endpoint, reason)
    case .interrupted(let reason), .vanished(_, let reason):
      return fail(.interrupted, reason)
    }
  }

  private mutating func tick(at now: Instant) -> [Effect] {
    if let end = link.silence(at: now) { return end }
    let news = link.word(at: now)
    guard link.isBeatDue(at: now) else { return news }
    return news + [link.isTied ? .countBytes : tell(.register(endpoint: endpoint.description))]
  }

  // MARK: Messages

  private mutating func receive(
    _ message: Message, from peer: Peer, at now: Instant
  ) -> [Effect] {
    if peer == Peer(link: .coordinator) {
      guard message.sender == .coordinator, case .control(let control) = message.payload else {
        return refuse("the coordinator's link carried a \(message.kind) message", to: peer)
      }
      return link.heard(at: now) + obey(control, at: now)
    }
    return receive(message, fromWorker: peer)
  }

  private mutating func obey(_ control: Control, at now: Instant) -> [Effect] {
    switch (state, control) {
    case (_, .heartbeat): return []
    case (_, .stop(let kind, let reason)):
      return [tell(.goodbye(summary))] + link.end(.stopped(kind, reason))
    case (_, .refused(let reason)):
      return fail(.violation, "the coordinator refused \(id): \(reason)")
    case (.registering, .welcome(let run, let experiment, _, let endpoints, let timeouts)):
      guard endpoints.indices.contains(id.rank), timeouts.arePossible else {
        return fail(.violation, "the coordinator welcomed \(id) to a run that cannot be")
      }
      self.run = run
      link.tie(timeouts: timeouts, at: now)
      state = .preparing
      return [
        .record(.welcomed(id, experiment: experiment)),
        .perform(.prepareServer(experiment: experiment, rank: id.rank)),
      ]
    case (_, .welcome): return []
    case (.idle, .open(let phase)): return open(phase)
    case (_, .release(let snapshot)):
      snapshots.removeAll { $0.snapshot == snapshot }
      return []
    case (.idle, .leave): return leave()
    default:
      return fail(.violation, "the coordinator asked \(id) for something out of turn")
    }
  }

  private mutating func performed(_ result: OrderResult) -> [Effect] {
    switch (state, result) {
    case (.preparing, .failed(let reason)): return fail(.preparation, reason)
    case (_, .failed(let reason)): return fail(.computation, "\(id) cannot go on: \(reason)")
    case (.preparing, .server(let plan)):
      self.plan = plan
      update = plan.update
      ranges = plan.shard.blocks
      contacts = Array(repeating: nil, count: plan.workerCount)
      pending = Array(repeating: nil, count: plan.workerCount)
      sent = Array(repeating: nil, count: plan.workerCount)
      stages = Array(repeating: 0, count: plan.workerCount)
      heldVersions = Array(repeating: nil, count: plan.workerCount)
      broadcast = PenaltyBroadcast(blockCount: ranges.count)
      broadcastVersions = Array(repeating: 0, count: plan.workerCount)
      openMasks = Array(repeating: broadcast.places, count: plan.workerCount)
      exchanged = Array(repeating: nil, count: plan.workerCount)
      rounds = Rounds(
        plan.consistency, shares: plan.batchShares,
        startSteps: plan.batchShares.map { _ in nil }, clocks: plan.batchShares.map { _ in 0 })
      keys = KeyBook(plan.taskSchedule)
      replaceWeights(by: plan.weights)
      pullEncoder = plan.communication.pull.map {
        PullEncoder(plan.communication, codec: $0, server: id, weights: weights)
      }
      state = .idle
      return [tell(.ready(fingerprint: plan.fingerprint))]
    case (.applying(let update, let pushes, next: 0), .total(let total)):
      state = .applying(update, merged(pushes, total), next: 0)
      return applyNextBlock()
    case (.consolidating, .total(let total)):
      keys.merge(ranges.map { total[$0] })
      return consolidateIfComplete()
    case (.idle, .weights(let fresh)):
      replaceWeights(by: fresh)
      version += 1
      pullEncoder?.reset(to: weights)
      heldVersions = heldVersions.map { _ in nil }
      return beginPhase()
    default:
      return fail(.violation, "\(id) was given the result of work it had not ordered")
    }
  }

  // MARK: Phases

  private mutating func open(_ phase: Int) -> [Effect] {
    guard let plan else { return [] }
    guard phase == self.phase + 1, phase < plan.taskSchedule.phaseCount else {
      return fail(.violation, "the coordinator opened a phase to \(id) out of turn")
    }
    self.phase = phase
    if plan.method.startsAfresh && phase > 0 { return [.perform(.freshWeights(phase: phase))] }
    return beginPhase()
  }

  private mutating func beginPhase() -> [Effect] {
    guard let plan else { return [] }
    if plan.resetsOptimizer || plan.method.startsAfresh { update?.resetOptimizer() }
    let taskSchedule = plan.taskSchedule
    rounds = Rounds(
      plan.consistency, shares: plan.batchShares,
      startSteps: taskSchedule.startSteps.enumerated().map { worker, start in
        taskSchedule.positions(of: worker, in: phase).isEmpty ? nil : start
      }, clocks: rounds.members.map(\.clock))
    state = .gathering
    return [tell(.opened(phase: phase, version: version))] + sealIfOver()
  }

  /// Once everybody has retired, nothing changes θ any more.
  mutating func sealIfOver() -> [Effect] {
    guard case .gathering = state, rounds.isOver, let plan else { return [] }
    if let failure = settled() { return failure }
    if plan.taskSchedule.moment.isGlobal {
      switch plan.communication.pullBoundary {
      case .keep: break
      case .drop: if let pullEncoder { weights = pullEncoder.blocks }
      case .flush: pullEncoder?.reset(to: weights)
      }
    }
    state = .consolidating(awaited: expectImportances(plan))
    return [tell(.sealed(phase: phase, version: version))] + consolidateIfComplete()
  }

  /// Cuts a whole shard into blocks.
  private mutating func replaceWeights(by shard: Vector) {
    guard let plan else { return }
    weights = plan.shard.localBlocks.map { shard[$0] }
  }

  private mutating func leave() -> [Effect] {
    state = .leaving
    let blocks = zip(ranges, weights).map { range, view in
      Effect.send(weightsMessage(range, .tensor(view)), to: .coordinator)
    }
    return blocks + [.countTraffic]
  }

  /// All blocks of a version, to the worker that asked for a snapshot.
  func answer(
    _ message: Message, with blocks: [VectorView], version: UInt64? = nil,
    kind: Message.Kind = .weights
  ) -> [Effect] {
    zip(ranges, blocks).map { range, view in
      .send(
        weightsMessage(
          range, .tensor(view), stage: message.stage, request: message.request, version: version,
          kind: kind),
        to: message.sender)
    }
  }

  /// - Parameter clock: The round trip that is answered.
  func weightsMessage(
    _ range: Range<Int>, _ payload: Message.Payload, stage: Int = 0,
    request: WeightsRequest? = nil, clock: UInt64 = 0, version: UInt64? = nil,
    kind: Message.Kind = .weights
  ) -> Message {
    Message(
      kind, run: run, sender: id, incarnation: incarnation, stage: stage, request: request,
      clock: clock,
      version: version ?? self.version, range: range, payload: payload)
  }

  // MARK: Saying

  /// To a worker that has waited for long: this server is there, whatever the answer waits for.
  func answer(probe message: Message) -> Effect {
    .send(
      Message(
        .control, run: run, sender: id, incarnation: incarnation, payload: .control(.probe)),
      to: message.sender)
  }

  func tell(_ control: Control) -> Effect {
    .send(
      Message(
        .control, run: run, sender: id, incarnation: incarnation, version: version,
        payload: .control(control)),
      to: .coordinator)
  }

  mutating func refuse(_ reason: String, to peer: Peer) -> [Effect] {
    summary.refusals.count(reason)
    let answer = Message(
      .control, run: run, sender: id, incarnation: incarnation,
      payload: .control(.refused(reason: reason)))
    return refusalVoice.refuse(peer, reason, by: id, answer: answer)
  }

  mutating func fail(_ kind: FailureKind, _ reason: String) -> [Effect] {
    state = .leaving
    return link.fail(kind, reason, saying: tell(.failed(kind: kind, reason: reason)))
  }
}
