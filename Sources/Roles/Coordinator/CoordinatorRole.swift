import Tensors

/// The coordinator: gathers the nodes, conducts their run, dismisses them.
///
///     gathering → preparing → running → leaving → over
///
/// A run that fails is stopping at last: until all nodes have heard it.
public struct CoordinatorRole: Role {
  enum State: Sendable {
    case gathering
    case preparing
    case running(TrainingRun)
    /// The run is in the hands of whoever changes it.
    case handedOut
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
  private let limits: PlanLimits
  var state = State.gathering
  var nodes: NodeTable
  private var watch: StartWatch
  private var refusalVoice = RefusalVoice()
  /// Whether nodes are dismissed at the end, rather than asked to register for another run.
  let isLast: Bool

  /// How often the run is cut, if it is.
  private let cuts: CutRule?
  /// Whether somebody starts nodes again that were lost, so that the run goes on from its last cut.
  let recovers: Bool
  /// Conducts of the run before this one.
  let conduct: UInt32
  /// The node that was lost, if that ended this conduct of the run, and the run goes on under
  /// another one.
  public internal(set) var loss: Loss?
  /// What the run goes on from, if it has begun before.
  var earlier: (cut: Int, run: TrainingRun)?

  /// A node that was lost.
  public struct Loss: Sendable, Hashable {
    public let node: NodeID
    /// One sentence.
    public let reason: String
  }

  /// - Parameters:
  ///   - plan: The run to conduct.
  ///   - isLast: Whether no other run of the same nodes follows.
  ///   - gatherMilliseconds: How long it waits for nodes to register; as long as for them to
  ///     prepare if it is `nil`.
  ///   - cuts: How often the run is cut; `nil`: never.
  ///   - recovers: Whether somebody starts nodes again that were lost.
  ///   - conduct: Conducts of the run before this one, in the same process.
  public init(
    _ plan: RunPlan, isLast: Bool = true, gatherMilliseconds: Int? = nil, cuts: CutRule? = nil,
    recovers: Bool = false, conduct: UInt32 = 0
  ) {
    self.plan = plan
    self.cuts = cuts
    self.recovers = recovers
    self.conduct = conduct
    limits = PlanLimits(plan)
    self.isLast = isLast
    watch = StartWatch(plan.timeouts, gatherMilliseconds: gatherMilliseconds)
    record = RunRecord(workerCount: plan.workerCount, serverCount: plan.serverCount)
    nodes = NodeTable(serverCount: plan.serverCount, workerCount: plan.workerCount)
  }

  /// What is under way between readiness and leave.
  var run: TrainingRun? { if case .running(let run) = state { run } else { nil } }

  public var nextDeadline: Instant? {
    switch state {
    case .over: nil
    case .gathering, .preparing: [watch.nextBeat, watch.nextWord, watch.limit].min()
    case .stopping(_, let until): until
    case .running, .handedOut, .leaving: watch.nextBeat
    }
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
      watch.start(at: now)
      return tick(at: now)
    case .deadline: return tick(at: now)
    case .message(let message, let peer): return receive(message, from: peer, at: now)
    case .malformed(let reason, let peer): return refuse(reason, to: peer)
    case .vanished(let node, let reason):
      guard let entry = nodes[node], !entry.hasLeft else { return [] }
      nodes.update(node) { $0.hasLeft = true }
      return lost(node, "\(node) ended unexpectedly: \(reason)", at: now)
    case .saved(let outcome, let cut): return saved(outcome, cut)
    case .interrupted(let reason): return fail(.interrupted, reason, at: now)
    case .bytes: return []
    case .traffic(let report, _, _):
      record.traffic = report
      record.endedAt = now
      state = .over
      return [.finish(.completed)]
    case .performed, .resumed, .unreachable, .loaded: return []
    }
  }

  // MARK: Time

  private mutating func tick(at now: Instant) -> [Effect] {
    if let sentence = startProblem(at: now) { return miss(sentence, at: now) }
    var effects = word(at: now)
    guard watch.isBeatDue(at: now) else { return effects }
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
    guard now >= watch.limit else { return nil }
    switch state {
    case .gathering:
      return "\(nodes.missing.names) did not register within "
        + "\(duration(watch.gatherMilliseconds)); start every node with this coordinator's "
        + "endpoint, and check ranks and counts"
    case .preparing:
      return "\(nodes.unready.names) did not get ready within "
        + "\(duration(plan.timeouts.startMilliseconds)); raise timeouts.start-milliseconds"
    default: return nil
    }
  }

  /// Every few seconds before the run begins: who is missing, and until when that may go on.
  private mutating func word(at now: Instant) -> [Effect] {
    guard watch.isWordDue(at: now) else { return [] }
    let count = plan.serverCount + plan.workerCount
    let (missing, what): ([NodeID], String)
    switch state {
    case .gathering: (missing, what) = (nodes.missing, "here")
    case .preparing: (missing, what) = (nodes.unready, "ready")
    default: return []
    }
    let sentence =
      "\(count - missing.count) of \(count) nodes are \(what); waiting for \(missing.names); "
      + "gives up in \(now.secondsUntil(watch.limit)) s"
    return [.record(.waiting(sentence, by: id))]
  }

  // MARK: Messages

  private mutating func receive(_ message: Message, from peer: Peer, at now: Instant) -> [Effect] {
    let sender = message.sender
    guard let entry = nodes[sender] else {
      return refuse(
        "\(sender) is not part of this run of \(plan.workerCount) workers and "
          + "\(plan.serverCount) servers", to: peer)
    }
    if message.isOfEarlierConduct(of: plan.run, after: conduct) {
      return [.refuse(peer, answer: nil)]
    }
    if case .control(.register(let endpoint)) = message.payload {
      return register(message, endpoint: endpoint, entry, from: peer, at: now)
    }
    if let reason = entry.strangeness(of: message, from: peer, run: plan.run) {
      return refuse(reason, to: peer)
    }
    nodes.update(sender) { $0.lastHeard = now }
    if let reason = limits.flaw(of: message, after: record.consolidations) {
      return refuse(reason, to: peer)
    }
    switch (message.kind, message.payload) {
    case (.control, .control(let control)):
      return hear(control, in: message, from: peer, at: now)
    case (.weights, .tensor(let view)) where sender.kind == .server:
      return keep(message, view, peer: peer)
    default:
      return refuse("\(sender) sent a \(message.kind) message to the coordinator", to: peer)
    }
  }

  private mutating func register(
    _ message: Message, endpoint: String?, _ entry: NodeTable.Entry, from peer: Peer,
    at now: Instant
  ) -> [Effect] {
    let sender = message.sender
    guard message.run == 0 || message.run == plan.run else {
      return refuse("\(sender) registers for another run", to: peer)
    }
    if let reason = limits.flaw(of: message, after: []) { return refuse(reason, to: peer) }
    // It is on its way to the next run, whose coordinator hears it at the next beat.
    if entry.hasLeft, !isLast { return [] }
    do {
      try nodes.register(
        message, endpoint: endpoint, from: peer, isReplacing: isReplaceable(entry, at: now),
        at: now)
    } catch {
      return refuse(error.sentence, to: peer)
    }
    var effects: [Effect] = [.admit(sender, peer)]
    if entry.peer != peer { effects.append(.record(.registered(sender))) }
    guard case .gathering = state else { return effects }
    guard nodes.missingCount == 0 else {
      return effects + [tell(.heartbeat(phase: -1, step: 0, loss: nil), to: sender)]
    }
    state = .preparing
    watch.startPreparing(at: now)
    let welcome = Control.welcome(
      run: plan.run, experiment: plan.experiment, workerCount: plan.workerCount,
      serverEndpoints: nodes.servers.compactMap { nodes[$0]?.endpoint?.description },
      timeouts: plan.timeouts, shape: plan.shape, cut: earlier?.cut)
    return effects + nodes.entries.map { tell(welcome, to: $0.id) }
  }

  /// Nodes register again with every beat until all are here: one that does not has gone without a
  /// word.
  private func isReplaceable(_ entry: NodeTable.Entry, at now: Instant) -> Bool {
    guard case .gathering = state else { return false }
    let limit = max(Timeouts().silenceMilliseconds, plan.timeouts.silenceMilliseconds)
    return now >= entry.lastHeard.advanced(byMilliseconds: limit)
  }

  private mutating func hear(
    _ control: Control, in message: Message, from peer: Peer, at now: Instant
  ) -> [Effect] {
    let sender = message.sender
    if case .failed(let kind, let reason) = control {
      if case .gathering = state { return forget(sender) }
      return lose(sender, failed: kind, reason, at: now)
    }
    if let effects = conduct(control, in: message, from: peer, at: now) { return effects }
    switch (state, control) {
    case (.preparing, .ready(let fingerprint, let kernel)):
      return ready(sender, fingerprint, kernel: kernel, at: now)
    case (.leaving, .goodbye(let summary)): return part(from: sender, summary)
    case (_, .heartbeat): return []
    default: return refuse("\(sender) said something out of turn", to: peer)
    }
  }

  /// Lets the run take what a node says; after its end all nodes are asked to leave. Nothing of
  /// the run is copied.
  ///
  /// - Returns: `nil` if no run is under way.
  private mutating func conduct(
    _ control: Control, in message: Message, from peer: Peer, at now: Instant
  ) -> [Effect]? {
    guard case .running(var run) = state else { return nil }
    state = .handedOut
    do {
      let effects = try run.hear(control, in: message, &record, at: now)
      state = .running(run)
      return run.isOver ? effects + leave() : effects
    } catch {
      state = .running(run)
      switch error {
      case .refusal(let reason): return refuse(reason, to: peer)
      case .failure(let kind, let reason): return fail(kind, reason, at: now)
      }
    }
  }

  private mutating func ready(
    _ sender: NodeID, _ fingerprint: String, kernel: String?, at now: Instant
  ) -> [Effect] {
    nodes.update(sender) { $0.fingerprint = fingerprint }
    if let problem = plan.difference(of: fingerprint, at: sender) {
      return fail(.preparation, problem, at: now)
    }
    if sender.kind == .worker, let kernel,
      let problem = record.enter(kernel: kernel, of: sender.rank), plan.wantsOneKernel
    {
      return fail(.preparation, problem, at: now)
    }
    let effects: [Effect] = [.record(.prepared(sender))]
    guard nodes.unreadyCount == 0 else { return effects }
    if record.readyAt == nil { record.readyAt = now }
    for id in nodes.present { nodes.update(id) { $0.lastHeard = now } }
    var run = earlier?.run ?? TrainingRun(plan, cuts: cuts)
    let orders = earlier.map { run.goOn(at: now, from: $0.cut) } ?? run.begin(at: now)
    earlier = nil
    state = .running(run)
    return effects + orders
  }

  /// Its own part of a cut is written, or not.
  private mutating func saved(_ outcome: CutOutcome, _ cut: Int) -> [Effect] {
    guard case .running(var run) = state else { return [] }
    defer { state = .running(run) }
    return run.saved(outcome, cut)
  }

  /// A block of the final weights.
  private mutating func keep(_ message: Message, _ view: VectorView, peer: Peer) -> [Effect] {
    let shard = evenRange(
      message.sender.rank, of: plan.parameterCount, parts: plan.serverCount)
    guard case .leaving = state, shard.contains(message.range),
      message.range.count == view.count
    else { return refuse("\(message.sender) sent weights that nobody asked for", to: peer) }
    record.keep(view, message.range, of: plan.parameterCount)
    return []
  }

  // MARK: A run that is complete

  private mutating func leave() -> [Effect] {
    state = .leaving
    return nodes.entries.map { tell(.leave, to: $0.id) }
  }

  /// A node has said its last word and may close.
  private mutating func part(from sender: NodeID, _ summary: NodeSummary) -> [Effect] {
    nodes.update(sender) { $0.hasLeft = true }
    if sender.kind == .worker {
      record.workerSummaries[sender.rank] = summary
    } else {
      record.serverSummaries[sender.rank] = summary
    }
    return [tell(.released(another: !isLast), to: sender), .record(.left(sender))]
      + (nodes.haveAllLeft ? [.countTraffic] : [])
  }

  // MARK: A run that has not begun

  /// A node has gone before all were here; another one may come in its place.
  private mutating func forget(_ node: NodeID) -> [Effect] {
    let answer = tell(.released(another: false), to: node)
    nodes.forget(node)
    return [answer, .record(.left(node))]
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
