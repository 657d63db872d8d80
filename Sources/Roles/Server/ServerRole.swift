import Archives

/// A server: owns one contiguous shard of θ with its optimiser and consolidation state, and applies
/// the penalty before every update.
///
///     registering → preparing → serving → over
public struct ServerRole: Role {
  private enum State: Sendable {
    case registering
    /// Goes on from a cut, if one was named.
    case preparing(cut: Int?)
    /// Waits for what it has saved.
    case loading(ServerPlan)
    case serving(ShardServer)
    /// Has ended, or is just being changed.
    case over
  }

  /// This server.
  public let id: NodeID
  /// Where workers reach this server, as the coordinator will tell them.
  private let endpoint: Endpoint
  private var voice: ServerVoice
  private var link: CoordinatorLink
  private var state = State.registering
  /// Refusals and, at the end, what the driver has counted.
  private var account = NodeSummary()
  private var refusalVoice = RefusalVoice()

  /// - Parameters:
  ///   - rank: 0-based rank, fixed by the launcher.
  ///   - endpoint: Where workers reach this server.
  ///   - incarnation: Grows when a server is started again under the same rank.
  ///   - coordinator: The coordinator's endpoint, for sentences.
  ///   - timeouts: In force until the coordinator's welcome brings the run's own.
  ///   - endsWithCoordinator: Whether this process ends with the coordinator's, so that nothing
  ///     has to be concluded from the coordinator's silence.
  public init(
    rank: Int, endpoint: Endpoint, incarnation: UInt32 = 0, coordinator: String? = nil,
    timeouts: Timeouts = Timeouts(), endsWithCoordinator: Bool = false
  ) {
    id = .server(rank)
    self.endpoint = endpoint
    voice = ServerVoice(id: id, incarnation: incarnation)
    link = CoordinatorLink(
      id: id, coordinator: coordinator, timeouts: timeouts,
      endsWithCoordinator: endsWithCoordinator)
  }

  public var nextDeadline: Instant? { link.nextDeadline }

  /// A heartbeat that tells of no bytes, once the coordinator has welcomed it.
  public var sign: SignOfLife? {
    let beat = Control.heartbeat(phase: server?.phase ?? -1, step: Int(version), loss: nil)
    guard link.isTied, link.isAtWork, case .send(let message, _) = tell(beat) else { return nil }
    return SignOfLife(message: message, milliseconds: link.signMilliseconds)
  }

  /// What the server has counted so far.
  var summary: NodeSummary {
    var summary = account
    guard let counts = server?.counts else { return summary }
    summary.stepCount = counts.stepCount
    summary.duplicateCount = counts.duplicateCount
    summary.lateCount = counts.lateCount
    summary.stalenessCounts = counts.stalenessCounts
    summary.projection = counts.projection
    summary.keptByteCount = server?.shard.keptByteCount ?? 0
    return summary
  }

  /// Once it has prepared.
  var server: ShardServer? { if case .serving(let server) = state { server } else { nil } }

  /// Whether it has prepared.
  private var isServing: Bool { if case .serving = state { true } else { false } }

  /// Of the weights.
  var version: UInt64 { server?.shard.version ?? 0 }

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
    case .resumed:
      return serve { server throws(Objection) in try server.applyNextBlock() }
    case .saved(let outcome, let cut): return saved(outcome, cut)
    case .loaded(let result): return loaded(result)
    case .bytes(let count):
      let phase = server?.phase ?? -1
      return [
        tell(
          .heartbeat(phase: phase, step: Int(version), loss: nil, framedByteCount: count))
      ]
    case .traffic(let report, let busySeconds, let idleSeconds):
      account.traffic = report
      account.busySeconds = busySeconds
      account.idleSeconds = idleSeconds
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
    guard peer == Peer(link: .coordinator) else {
      if isOfEarlierLife(message) { return [.refuse(peer, answer: nil)] }
      return serve(answering: peer) { server throws(Objection) in
        try server.receive(message, from: peer)
      }
    }
    guard message.sender == .coordinator, case .control(let control) = message.payload else {
      return refuse("the coordinator's link carried a \(message.kind) message", to: peer)
    }
    return link.heard(at: now) + obey(control, at: now)
  }

  /// Whether a message was under way when a node was lost and all registered anew. It is passed
  /// over without a word.
  private func isOfEarlierLife(_ message: Message) -> Bool {
    voice.run == 0
      ? voice.incarnation > 0 : message.isOfEarlierConduct(of: voice.run, after: voice.incarnation)
  }

  private mutating func obey(_ control: Control, at now: Instant) -> [Effect] {
    switch control {
    case .heartbeat: return []
    case .stop(let kind, let reason):
      return [tell(.goodbye(summary))] + link.end(.stopped(kind, reason))
    case .refused(let reason):
      return fail(.violation, "the coordinator refused \(id): \(reason)")
    case .welcome(let run, let experiment, _, let endpoints, let timeouts, let shape, let cut):
      guard case .registering = state else { return [] }
      guard endpoints.indices.contains(id.rank), timeouts.arePossible, shape.isPossible else {
        return fail(.violation, "the coordinator welcomed \(id) to a run that cannot be")
      }
      voice.run = run
      link.tie(timeouts: timeouts, at: now)
      state = .preparing(cut: cut)
      return [
        .record(.welcomed(id, experiment: experiment)),
        .perform(.prepareServer(experiment: experiment, rank: id.rank, shape: shape)),
      ]
    case .again: return link.end(.completedWithAnother)
    default:
      guard isServing else {
        return fail(.violation, "the coordinator asked \(id) for something before it was ready")
      }
      return serve { server throws(Objection) in try server.obey(control) }
    }
  }

  private mutating func performed(_ result: OrderResult) -> [Effect] {
    switch result {
    case .failed(let reason) where isServing:
      return fail(.computation, "\(id) cannot go on: \(reason)")
    case .failed(let reason): return fail(.preparation, reason)
    case .server(let plan) where !isServing:
      guard case .preparing(let cut?) = state else { return serve(ShardServer(plan, voice), plan) }
      state = .loading(plan)
      return [.load(cut: cut)]
    default:
      return serve { server throws(Objection) in try server.take(result) }
    }
  }

  /// Is ready.
  private mutating func serve(_ server: ShardServer, _ plan: ServerPlan) -> [Effect] {
    state = .serving(server)
    return [tell(.ready(fingerprint: plan.fingerprint))]
  }

  /// Goes on from what it has saved.
  private mutating func loaded(_ result: Result<ArchiveReader, ArchiveError>) -> [Effect] {
    guard case .loading(let plan) = state else { return [] }
    do {
      return serve(try ShardServer(plan, voice, from: try result.get()), plan)
    } catch {
      return fail(.preparation, "\(id) cannot go on from its part of the cut, which \(error)")
    }
  }

  /// Its part of a cut is written, or not.
  private func saved(_ outcome: CutOutcome, _ cut: Int) -> [Effect] {
    [tell(.cutting(CutReport(outcome, cut: cut)))]
  }

  /// Lets the prepared server do something, and says what it objects to.
  ///
  /// - Parameter peer: Whose message it is about, if it is about one.
  private mutating func serve(
    answering peer: Peer = Peer(route: []),
    _ work: (inout ShardServer) throws(Objection) -> [Effect]
  ) -> [Effect] {
    guard case .serving(var server) = state else {
      return refuse("\(id) was sent something before it was ready", to: peer)
    }
    // Nothing is copied where nobody else has it.
    state = .over
    defer { state = .serving(server) }
    do {
      return try work(&server)
    } catch {
      switch error {
      case .refusal(let reason): return refuse(reason, to: peer)
      case .failure(let kind, let reason): return fail(kind, reason)
      }
    }
  }

  // MARK: Saying

  private func tell(_ control: Control) -> Effect { voice.tell(control, version: version) }

  private mutating func refuse(_ reason: String, to peer: Peer) -> [Effect] {
    account.refusals.count(reason)
    let answer = voice.message(.control, .control(.refused(reason: reason)))
    return refusalVoice.refuse(peer, reason, by: id, answer: answer)
  }

  private mutating func fail(_ kind: FailureKind, _ reason: String) -> [Effect] {
    link.fail(kind, reason, saying: tell(.failed(kind: kind, reason: reason)))
  }
}
