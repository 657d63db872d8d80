import Tensors

/// A worker: trains its part of the stream. A step is one round trip: gradient out, weights in.
///
///     registering → preparing → idle ⇄ pulling → computing ⇄ pushing → idle …
///                                  ⇄ pulling → measuring → idle
public struct WorkerRole: Role {
  /// Progress inside a stage.
  struct Training: Sendable {
    let stage: Int
    var step = 0
    var windowSum = 0.0
    var windowCount = 0
    var losses: [Float] = []
  }

  /// What to do once the weights are of the right version.
  enum Goal: Sendable {
    case train(Training)
    case measure(Measurement, then: Training?)
  }

  enum State: Sendable {
    case registering
    case preparing
    case idle
    case pulling(Transfer, version: UInt64, Goal, resendAt: Instant)
    case computing(Training)
    case pushing(Transfer, Training, gradient: Vector, exampleCount: Int, resendAt: Instant)
    case measuring(Measurement, then: Training?)
    case over
  }

  /// This worker.
  public let id: NodeID
  let incarnation: UInt32
  var link: CoordinatorLink
  var state = State.registering
  var run: UInt64 = 0
  var plan: WorkerPlan?
  /// θ, filled block by block from the servers' answers.
  var weights = Vector(count: 0)
  var version: UInt64?
  /// Steps of the whole run so far.
  var clock: UInt64 = 0
  var farewell = Farewell()
  var orderedAt = Instant.zero
  var waitingSince = Instant.zero
  var lastLoss: Float?

  /// How long a request may stay unanswered before it is sent again.
  static let resendMilliseconds = 5_000

  /// - Parameters:
  ///   - rank: 0-based rank, fixed by the launcher.
  ///   - incarnation: Grows when a worker is started again under the same rank.
  ///   - timeouts: In force until the coordinator's welcome brings the run's own.
  public init(rank: Int, incarnation: UInt32 = 0, timeouts: Timeouts = Timeouts()) {
    id = .worker(rank)
    self.incarnation = incarnation
    link = CoordinatorLink(id: id, timeouts: timeouts)
  }

  public var nextDeadline: Instant? {
    switch state {
    case .over: nil
    case .pulling(_, _, _, let resendAt), .pushing(_, _, _, _, let resendAt):
      min(link.nextDeadline, resendAt)
    default: link.nextDeadline
    }
  }

  public mutating func handle(_ input: Input, at now: Instant) -> [Effect] {
    if case .over = state { return [] }
    switch input {
    case .start:
      link.start(at: now)
      waitingSince = now
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, _): return refuse(reason)
    case .performed(let result): return performed(result, at: now)
    case .interrupted(let reason), .vanished(_, let reason):
      return fail(.interrupted, reason)
    case .traffic, .resumed: return []
    }
  }

  // MARK: Time

  private mutating func tick(at now: Instant) -> [Effect] {
    if let sentence = link.silence(at: now) {
      state = .over
      return [.finish(.failed(.lostNode, reason: sentence))]
    }
    var effects: [Effect] = []
    if link.isBeatDue(at: now) {
      effects.append(tell(link.isTied ? heartbeat : .register(endpoint: nil)))
    }
    switch state {
    case .pulling(let transfer, let version, let goal, let resendAt) where now >= resendAt:
      state = .pulling(transfer, version: version, goal, resendAt: resend(after: now))
      effects += pulls()
    case .pushing(let transfer, let training, let gradient, let count, let at) where now >= at:
      state = .pushing(
        transfer, training, gradient: gradient, exampleCount: count, resendAt: resend(after: now))
      effects += blocks(.push, of: gradient, stage: training.stage, exampleCount: count)
    default: break
    }
    return effects
  }

  func resend(after now: Instant) -> Instant {
    now.advanced(byMilliseconds: Self.resendMilliseconds)
  }

  private var heartbeat: Control {
    switch state {
    case .computing(let training), .pushing(_, let training, _, _, _):
      .heartbeat(stage: training.stage, step: training.step, loss: lastLoss)
    default: .heartbeat(stage: -1, step: 0, loss: nil)
    }
  }

  // MARK: Messages

  private mutating func receive(
    _ message: Message, from peer: Peer, at now: Instant
  ) -> [Effect] {
    guard peer == Peer(link: message.sender) else {
      return refuse("a message claims to come from \(message.sender) but did not")
    }
    if message.sender == .coordinator { link.heard(at: now) }
    switch (message.kind, message.payload) {
    case (.control, .control(let control)) where message.sender == .coordinator:
      return obey(control, at: now)
    case (.control, .control(.refused(let reason))):
      return fail(.violation, "\(message.sender) refused \(id): \(reason)")
    case (.weights, .tensor(let view)) where message.sender.kind == .server:
      return take(message, view, at: now)
    default:
      return refuse("\(message.sender) sent a \(message.kind) message that no worker expects")
    }
  }

  private mutating func obey(_ control: Control, at now: Instant) -> [Effect] {
    switch (state, control) {
    case (_, .heartbeat): return []
    case (_, .stop(let reason)):
      state = .over
      return [.finish(.failed(.interrupted, reason: reason))]
    case (_, .refused(let reason)):
      state = .over
      return [.finish(.failed(.violation, reason: reason))]
    case (.registering, .welcome(let run, let experiment, let workers, let endpoints, let times)):
      self.run = run
      link.tie(timeouts: times, at: now)
      state = .preparing
      return endpoints.enumerated().map { .connect(.server($0.offset), endpoint: $0.element) }
        + [order(.prepareWorker(experiment: experiment, rank: id.rank, workerCount: workers), now)]
    case (_, .welcome): return []
    case (.idle, .train(let stage, let version)):
      return pursue(.train(Training(stage: stage)), at: version, now)
    case (.idle, .measure(let row, let version, let columns, let stage)):
      guard let plan else { return [] }
      let measurement = Measurement(
        row: row, columns: columns, stage: stage ?? 0, importance: stage != nil, plan: plan)
      return pursue(.measure(measurement, then: nil), at: version, now)
    case (.idle, .leave):
      farewell.phases.wait += now.seconds(since: waitingSince)
      state = .over
      return [tell(.farewell(farewell)), .finish(.completed)]
    default:
      return fail(.violation, "the coordinator asked \(id) for something out of turn")
    }
  }

  // MARK: Saying

  func tell(_ control: Control, clock: UInt64? = nil) -> Effect {
    .send(
      Message(
        .control, run: run, sender: id, incarnation: incarnation, clock: clock ?? self.clock,
        version: version ?? 0, payload: .control(control)),
      to: .coordinator)
  }

  mutating func order(_ order: Order, _ now: Instant) -> Effect {
    orderedAt = now
    return .perform(order)
  }

  mutating func refuse(_ reason: String) -> [Effect] {
    farewell.refusals.count(reason)
    return [.record(.refused(reason: reason, by: id))]
  }

  mutating func fail(_ kind: FailureKind, _ reason: String) -> [Effect] {
    state = .over
    return [tell(.failed(kind: kind, reason: reason)), .finish(.failed(kind, reason: reason))]
  }
}

extension [Refusal] {
  /// Enters one refusal; at most a hundred different reasons are kept apart.
  mutating func count(_ reason: String) {
    if let index = firstIndex(where: { $0.reason == reason }) {
      self[index].count += 1
    } else if count < 100 {
      append(Refusal(reason: reason, count: 1))
    } else {
      self[99].count += 1
    }
  }
}
