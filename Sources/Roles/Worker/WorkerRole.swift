import Consolidation
import Tensors

/// A worker: trains its sequence, evaluates, estimates importance. A step is one round trip:
/// gradient out, weights in.
///
///     registering → preparing → ready ⇄ pulling | broadcast | computing → pushing | anchoring
///                                     | measuring
///
/// Whenever it is ready it looks for the next thing to do (``proceed(at:)``): what the coordinator
/// wants measured comes before training goes on.
public struct WorkerRole: Role {
  enum State: Sendable {
    case registering
    case preparing
    /// Nothing is under way; rests if there is nothing to do.
    case ready
    /// Either for a measurement or to begin training with.
    case pulling(IncomingWeights, WeightsRequest, isForMeasurement: Bool, resendAt: Instant)
    case computing(steps: Range<Int>)
    case pushing(IncomingWeights, Push, resendAt: Instant)
    /// Waits for the weights that were kept as its anchor.
    case anchoring(IncomingWeights, Snapshot, resendAt: Instant)
    case measuring(Measurement)
    /// Waits for what the servers have to tell: these parts of these blocks.
    case broadcast(missing: Set<BroadcastIndex>, resendAt: Instant)
  }

  struct BroadcastIndex: Sendable, Hashable {
    let kind: Message.Kind
    let block: Int
  }

  /// A push that waits for the importance which goes with it.
  struct Unpushed: Sendable {
    let way: Vector
    let end: Vector
    let steps: Range<Int>
    let exampleCount: Int
    let loss: Double
  }

  /// A push that is not answered yet.
  struct Push: Sendable {
    /// One a block.
    let payloads: [Message.Payload]
    let stage: Int
    let exampleCount: Int
    let steps: Int
  }

  /// This worker.
  public let id: NodeID
  let incarnation: UInt32
  var link: CoordinatorLink
  var reach = Reach()
  var state = State.registering
  var run: UInt64 = 0
  /// Servers that it was told of.
  private(set) var serverCount = 0
  var plan: WorkerPlan?
  /// θ that it trains on.
  var weights: HeldWeights?
  /// θ of another version that is being measured.
  var measured: HeldWeights?
  /// θ that the servers keep as this worker's anchor.
  var anchored: HeldWeights?
  var pushEncoder: PushEncoder?
  var broadcast = ReceivedPenalty(blockCount: 0)
  /// Whether something was told that pushes have not heeded yet.
  var isBriefed = false
  var unpushed: Unpushed?
  /// What makes the vector that will be pushed next, if it is not sent itself.
  var deferred: Deferred?
  var deferredCount = 0
  /// What it said of itself last, where others' knowledge alone is to hold it.
  var own: HeldPenalty.Own?
  var training: Training?
  /// What the coordinator wants measured, in order.
  var requests: [MeasureRequest] = []
  /// Round trips of the whole run so far.
  var clock: UInt64 = 0
  /// Steps of the whole run so far.
  var stepCount = 0
  var summary = NodeSummary()
  private var refusalVoice = RefusalVoice()
  var orderedAt = Instant.zero
  var waitingSince = Instant.zero
  var lastLoss: Float?

  /// How long a request may stay unanswered before it is sent again.
  static let resendMilliseconds = 5_000

  /// - Parameters:
  ///   - rank: 0-based rank, fixed by the launcher.
  ///   - incarnation: Grows when a worker is started again under the same rank.
  ///   - coordinator: The coordinator's endpoint, for sentences.
  ///   - timeouts: In force until the coordinator's welcome brings the run's own.
  public init(
    rank: Int, incarnation: UInt32 = 0, coordinator: String? = nil, timeouts: Timeouts = Timeouts()
  ) {
    id = .worker(rank)
    self.incarnation = incarnation
    link = CoordinatorLink(id: id, coordinator: coordinator, timeouts: timeouts)
  }

  public var nextDeadline: Instant? {
    guard link.isAtWork else { return link.nextDeadline }
    switch state {
    case .pulling(_, _, _, let resendAt), .pushing(_, _, let resendAt),
      .anchoring(_, _, let resendAt), .broadcast(_, let resendAt):
      return [link.nextDeadline, resendAt, reach.deadline].compactMap { $0 }.min()
    default: return link.nextDeadline
    }
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    link.partingEffects(on: input, at: now) ?? take(input, at: now)
  }

  private mutating func take(_ input: Input, at now: Instant) -> [Effect] {
    switch input {
    case .start:
      link.start(at: now)
      waitingSince = now
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, from: peer)
    case .performed(let result): return performed(result, at: now)
    case .unreachable(_, let reason): return fail(.endpoint, reason)
    case .interrupted(let reason), .vanished(_, let reason):
      return fail(.interrupted, reason)
    case .traffic, .bytes, .resumed: return []
    }
  }

  // MARK: Time

  private mutating func tick(at now: Instant) -> [Effect] {
    if let end = link.silence(at: now) { return end }
    var effects = link.word(at: now)
    if link.isBeatDue(at: now) {
      effects.append(tell(link.isTied ? heartbeat : .register(endpoint: nil)))
    }
    if let sentence = unreached(at: now) { return fail(.lostNode, sentence) }
    return effects + askAgain(at: now)
  }

  /// Repeats what has not been answered for long.
  private mutating func askAgain(at now: Instant) -> [Effect] {
    var effects: [Effect] = []
    switch state {
    case .pulling(let transfer, let wanted, let isForMeasurement, let resendAt)
    where now >= resendAt:
      state = .pulling(
        transfer, wanted, isForMeasurement: isForMeasurement, resendAt: resend(after: now))
      effects += ask(isForMeasurement ? .inspect : .pull, for: wanted)
    case .anchoring(let transfer, let snapshot, let resendAt) where now >= resendAt:
      state = .anchoring(transfer, snapshot, resendAt: resend(after: now))
      effects += ask(.anchor, for: .kept(snapshot))
    case .broadcast(_, let resendAt) where now >= resendAt: effects += askForPenalty(at: now)
    case .pushing(let transfer, let push, let resendAt) where now >= resendAt:
      state = .pushing(transfer, push, resendAt: resend(after: now))
      effects += send(push)
    default: return []
    }
    return effects + askWhoIsThere(at: now)
  }

  func resend(after now: Instant) -> Instant {
    now.advanced(byMilliseconds: Self.resendMilliseconds)
  }

  private var heartbeat: Control {
    guard let training else { return .heartbeat(phase: -1, step: 0, loss: nil) }
    return .heartbeat(phase: training.phase, step: training.stepsDone, loss: lastLoss)
  }

  // MARK: Messages

  private mutating func receive(
    _ message: Message, from peer: Peer, at now: Instant
  ) -> [Effect] {
    guard peer == Peer(link: message.sender) else {
      return refuse("a message claims to come from \(message.sender) but did not", from: peer)
    }
    guard message.sender == .coordinator || message.run == run else {
      return refuse("a message of another run came from \(message.sender)", from: peer)
    }
    reach.heard(message.sender)
    switch (message.kind, message.payload) {
    case (.control, .control(let control)) where message.sender == .coordinator:
      return link.heard(at: now) + obey(control, at: now)
    case (.control, .control(.probe)): return []
    case (.control, .control(.refused(let reason))):
      return fail(.violation, "\(message.sender) refused \(id): \(reason)")
    case (.weights, .tensor(let view)) where message.sender.kind == .server,
      (.inspected, .tensor(let view)) where message.sender.kind == .server:
      return take(message, view, at: now)
    case (.weights, .encoded(let bytes)) where message.sender.kind == .server:
      return take(change: message, bytes, at: now)
    case (.curvature, _) where message.sender.kind == .server,
      (.centre, _) where message.sender.kind == .server,
      (.frozen, _) where message.sender.kind == .server:
      return take(broadcast: message, at: now)
    default:
      return refuse(
        "\(message.sender) sent a \(message.kind) message that no worker expects", from: peer)
    }
  }

  private mutating func obey(_ control: Control, at now: Instant) -> [Effect] {
    switch (state, control) {
    case (_, .heartbeat): return []
    case (_, .stop(let kind, let reason)):
      return [tell(.goodbye(summary))] + link.end(.stopped(kind, reason))
    case (_, .refused(let reason)):
      return fail(.violation, "the coordinator refused \(id): \(reason)")
    case (.registering, .welcome(let run, let experiment, let workers, let endpoints, let times)):
      guard id.rank < workers, !endpoints.isEmpty, times.arePossible else {
        return fail(.violation, "the coordinator welcomed \(id) to a run that cannot be")
      }
      self.run = run
      serverCount = endpoints.count
      link.tie(timeouts: times, at: now)
      state = .preparing
      let servers: [Endpoint]
      do {
        servers = try endpoints.map { try Endpoint($0).connectable() }
      } catch {
        return fail(.endpoint, "\(id) was told of a server that it cannot reach: \(error)")
      }
      reach = Reach(endpoints, limitMilliseconds: times.reachMilliseconds)
      return [.record(.welcomed(id, experiment: experiment))]
        + servers.enumerated().map { .connect(.server($0.offset), endpoint: $0.element) }
        + [order(.prepareWorker(experiment: experiment, rank: id.rank, workerCount: workers), now)]
    case (_, .welcome): return []
    case (.registering, _), (.preparing, _):
      return fail(.violation, "the coordinator asked \(id) for something before it was ready")
    case (_, .measure(let request)):
      guard let plan, plan.canMeasure(request) else {
        return fail(.violation, "the coordinator asked \(id) to measure what this run has not")
      }
      requests.append(request)
      return isInterruptible ? proceed(at: now) : []
    case (.ready, .train(let phase, let versions)) where training == nil:
      guard let plan, (0..<plan.taskSchedule.phaseCount).contains(phase) else {
        return fail(.violation, "the coordinator asked \(id) to train in a phase that is none")
      }
      training = Training(
        phase: phase, positions: plan.taskSchedule.positions(of: id.rank, in: phase),
        mustPull: versions != weights?.versions || plan.taskSchedule.startSteps[id.rank] > 0,
        mustBrief: phase > 0 && !plan.broadcast.isEmpty && plan.method.importance != .exchange)
      return proceed(at: now)
    case (.ready, .leave):
      summary.phases.wait += now.seconds(since: waitingSince)
      link.complete()
      return [tell(.goodbye(summary))]
    default:
      return fail(.violation, "the coordinator asked \(id) for something out of turn")
    }
  }

  /// A worker that waits for its time to join can measure meanwhile, and asks again afterwards.
  private var isInterruptible: Bool {
    switch state {
    case .ready, .pulling(_, _, isForMeasurement: false, _): true
    default: false
    }
  }

  // MARK: Saying

  func tell(_ control: Control) -> Effect {
    .send(
      Message(
        .control, run: run, sender: id, incarnation: incarnation, clock: clock, steps: stepCount,
        payload: .control(control)),
      to: .coordinator)
  }

  mutating func order(_ order: Order, _ now: Instant) -> Effect {
    orderedAt = now
    return .perform(order)
  }

  mutating func refuse(_ reason: String, from peer: Peer) -> [Effect] {
    summary.refusals.count(reason)
    return refusalVoice.refuse(peer, reason, by: id)
  }

  mutating func fail(_ kind: FailureKind, _ reason: String) -> [Effect] {
    link.fail(kind, reason, saying: tell(.failed(kind: kind, reason: reason)))
  }
}
