import Archives

/// A worker: trains its sequence, evaluates, estimates importance. A step is one round trip:
/// gradient out, weights in.
///
///     registering → preparing → running
///
/// What it does once it is prepared is a ``WorkerRun``; how it ends, a ``CoordinatorLink``.
public struct WorkerRole: Role {
  private enum State: Sendable {
    case registering
    /// So many servers were named by the coordinator, and perhaps a cut to go on from.
    case preparing(serverCount: Int, cut: Int?)
    /// Waits for what it has saved.
    case loading(WorkerPlan)
    case running(WorkerRun)
    /// The run is in the hands of whoever changes it.
    case handedOut
  }

  /// This worker.
  public let id: NodeID
  private var link: CoordinatorLink
  private var reach = Reach()
  private var state = State.registering
  /// When to say again what is not answered; `nil` if nothing is waited for.
  private var repeatAt: Instant?
  /// Of a worker that has not prepared.
  private var voice: WorkerVoice
  private var refusals: [Refusal] = []
  private var refusalVoice = RefusalVoice()

  /// - Parameters:
  ///   - rank: 0-based rank, fixed by the launcher.
  ///   - incarnation: Grows when a worker is started again under the same rank.
  ///   - coordinator: The coordinator's endpoint, for sentences.
  ///   - timeouts: In force until the coordinator's welcome brings the run's own.
  ///   - endsWithCoordinator: Whether this process ends with the coordinator's, so that nothing
  ///     has to be concluded from the coordinator's silence.
  public init(
    rank: Int, incarnation: UInt32 = 0, coordinator: String? = nil,
    timeouts: Timeouts = Timeouts(), endsWithCoordinator: Bool = false
  ) {
    id = .worker(rank)
    link = CoordinatorLink(
      id: id, coordinator: coordinator, timeouts: timeouts,
      endsWithCoordinator: endsWithCoordinator)
    voice = WorkerVoice(id: id, incarnation: incarnation)
  }

  /// Its state in a few words.
  var description: String {
    guard link.isAtWork else { return link.nextDeadline == nil ? "over" : "parting" }
    return switch state {
    case .registering: "registering"
    case .preparing: "preparing"
    case .loading: "loading"
    case .running(let run): run.description
    case .handedOut: "changing"
    }
  }

  public var nextDeadline: Instant? {
    guard link.isAtWork, let repeatAt else { return link.nextDeadline }
    return [link.nextDeadline, repeatAt, reach.deadline].compactMap { $0 }.min()
  }

  /// A heartbeat, once the coordinator has welcomed it.
  public var sign: SignOfLife? {
    guard link.isTied, link.isAtWork, case .send(let message, _) = tell(heartbeat) else {
      return nil
    }
    return SignOfLife(message: message, milliseconds: link.signMilliseconds)
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    if let effects = link.partingEffects(on: input, at: now) { return effects }
    do {
      return try take(input, at: now)
    } catch {
      return link.fail(
        error.kind, error.reason, saying: tell(.failed(kind: error.kind, reason: error.reason)))
    }
  }

  private mutating func take(_ input: Input, at now: Instant) throws(Failure) -> [Effect] {
    switch input {
    case .start:
      link.start(at: now)
      return try tick(at: now)
    case .deadline: return try tick(at: now)
    case .message(let message, let peer): return try receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, from: peer)
    case .performed(let result): return try take(result, at: now)
    case .unreachable(_, let reason): throw Failure(.endpoint, reason)
    case .interrupted(let reason), .vanished(_, let reason): throw Failure(.interrupted, reason)
    case .saved(let outcome, let cut):
      return [tell(.cutting(CutReport(outcome, cut: cut)))]
    case .loaded(let result): return try loaded(result, at: now)
    case .traffic, .bytes, .resumed: return []
    }
  }

  /// Changes the run, taken out of the state meanwhile: nothing of it is copied.
  ///
  /// - Returns: `nil` if the worker has not prepared.
  private mutating func change(
    _ body: (inout WorkerRun) throws(Failure) -> [Effect]
  ) throws(Failure) -> [Effect]? {
    guard case .running(var run) = state else { return nil }
    state = .handedOut
    defer {
      repeatAt = run.repeatAt
      state = .running(run)
    }
    return try body(&run)
  }

  // MARK: Time

  private mutating func tick(at now: Instant) throws(Failure) -> [Effect] {
    if let end = link.silence(at: now) { return end }
    var effects = link.word(at: now)
    if link.isBeatDue(at: now) {
      effects.append(tell(link.isTied ? heartbeat : .register(endpoint: nil)))
    }
    guard repeatAt != nil else { return effects }
    if let sentence = reach.failure(of: id, at: now) { throw Failure(.lostNode, sentence) }
    guard let repetition = try change({ $0.askAgain(at: now) ?? [] }), !repetition.isEmpty else {
      return effects
    }
    effects += repetition
    // An answer is overdue: is every server there? Who has not answered that before is told.
    if let word = reach.word(of: id, at: now) { effects.append(.record(.waiting(word, by: id))) }
    reach.ask(at: now)
    return effects + probe
  }

  /// Asks every server whether it is there.
  private var probe: [Effect] {
    if case .running(let run) = state { run.probe } else { [] }
  }

  private var heartbeat: Control {
    if case .running(let run) = state { run.heartbeat } else { WorkerVoice.restingHeartbeat }
  }

  // MARK: Messages

  private mutating func receive(
    _ message: Message, from peer: Peer, at now: Instant
  ) throws(Failure) -> [Effect] {
    guard peer == Peer(link: message.sender) else {
      return refuse("a message claims to come from \(message.sender) but did not", from: peer)
    }
    guard message.sender == .coordinator || message.run == voice.run else {
      return refuse("a message of another run came from \(message.sender)", from: peer)
    }
    reach.heard(message.sender)
    switch (message.kind, message.payload) {
    case (.control, .control(let control)) where message.sender == .coordinator:
      return link.heard(at: now) + (try obey(control, at: now))
    case (.control, .control(.probe)): return []
    case (.control, .control(.refused(let reason))):
      throw Failure(.violation, "\(message.sender) refused \(id): \(reason)")
    default:
      guard Self.canTake(message) else {
        return refuse(
          "\(message.sender) sent a \(message.kind) message that no worker expects", from: peer)
      }
      return try change { run throws(Failure) in try run.take(message, at: now) } ?? []
    }
  }

  /// Whether a message is something that a server says to a prepared worker.
  private static func canTake(_ message: Message) -> Bool {
    guard message.sender.kind == .server else { return false }
    return switch (message.kind, message.payload) {
    case (.weights, .tensor), (.weights, .encoded), (.inspected, .tensor): true
    case (.curvature, _), (.centre, _), (.frozen, _): true
    default: false
    }
  }

  private mutating func obey(_ control: Control, at now: Instant) throws(Failure) -> [Effect] {
    switch control {
    case .heartbeat: return []
    case .stop(let kind, let reason):
      return [tell(.goodbye(summary))] + link.end(.stopped(kind, reason))
    case .refused(let reason):
      throw Failure(.violation, "the coordinator refused \(id): \(reason)")
    case .welcome(let run, let experiment, let workers, let endpoints, let times, _, let cut):
      guard case .registering = state else { return [] }
      guard id.rank < workers, !endpoints.isEmpty, times.arePossible else {
        throw Failure(.violation, "the coordinator welcomed \(id) to a run that cannot be")
      }
      link.tie(timeouts: times, at: now)
      voice.run = run
      state = .preparing(serverCount: endpoints.count, cut: cut)
      reach = Reach(endpoints, limitMilliseconds: times.reachMilliseconds)
      return [.record(.welcomed(id, experiment: experiment))] + (try connections(to: endpoints))
        + [
          .perform(
            .prepareWorker(experiment: experiment, rank: id.rank, workerCount: workers))
        ]
    case .again: return link.end(.completedWithAnother)
    default:
      let effects = try change { run throws(Failure) in try run.obey(control, at: now) }
      guard let effects else {
        throw Failure(.violation, "the coordinator asked \(id) for something before it was ready")
      }
      guard case .leave = control else { return effects }
      link.complete()
      return [tell(.goodbye(summary))]
    }
  }

  private func connections(to endpoints: [String]) throws(Failure) -> [Effect] {
    do {
      return try endpoints.enumerated().map { rank, endpoint in
        .connect(.server(rank), endpoint: try Endpoint(endpoint).connectable())
      }
    } catch {
      throw Failure(.endpoint, "\(id) was told of a server that it cannot reach: \(error)")
    }
  }

  private mutating func take(
    _ result: OrderResult, at now: Instant
  ) throws(Failure) -> [Effect] {
    guard case .preparing(let serverCount, let cut) = state else {
      let effects = try change { run throws(Failure) in try run.take(result, at: now) }
      if let effects { return effects }
      throw Failure.notOrdered(id)
    }
    switch result {
    case .failed(let reason): throw Failure(.preparation, reason)
    case .worker(let plan):
      guard plan.taskSchedule.sequences.count > id.rank, plan.map.shards.count == serverCount else {
        throw Failure(.violation, "the coordinator's experiment has other nodes than its run")
      }
      guard let cut else { return run(WorkerRun(plan, voice: voice, at: now), plan) }
      state = .loading(plan)
      return [.load(cut: cut)]
    default: throw Failure.notOrdered(id)
    }
  }

  /// Is ready.
  private mutating func run(_ run: WorkerRun, _ plan: WorkerPlan) -> [Effect] {
    state = .running(run)
    return [tell(.ready(fingerprint: plan.fingerprint, kernel: plan.kernel))]
  }

  /// Goes on from what it has saved.
  private mutating func loaded(
    _ result: Result<ArchiveReader, ArchiveError>, at now: Instant
  ) throws(Failure) -> [Effect] {
    guard case .loading(let plan) = state else { return [] }
    do {
      let reader = try result.get()
      return run(try WorkerRun(plan, voice: voice, from: reader, at: now), plan)
    } catch {
      throw Failure(.preparation, "\(id) cannot go on from its part of the cut, which \(error)")
    }
  }

  // MARK: Saying

  private func tell(_ control: Control) -> Effect {
    if case .running(let run) = state { run.tell(control) } else { voice.tell(control, steps: 0) }
  }

  /// What it would tell of itself if it left now.
  var summary: NodeSummary {
    var summary = NodeSummary()
    if case .running(let run) = state { summary = run.summary }
    summary.refusals = refusals
    return summary
  }

  private mutating func refuse(_ reason: String, from peer: Peer) -> [Effect] {
    refusals.count(reason)
    return refusalVoice.refuse(peer, reason, by: id)
  }
}
