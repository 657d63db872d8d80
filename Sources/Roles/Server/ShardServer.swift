import Compression
import Consolidation
import Tensors

/// A server that has prepared: what it does for workers, phase by phase.
///
///     idle → training ⇄ (agreeing →) applying → (scaling →) consolidating → idle
struct ShardServer: Sendable {
  enum State: Sendable {
    /// Between two phases; pulls are answered.
    case idle
    /// Waits for the first weights of a phase that starts afresh.
    case restarting
    /// Takes pushes.
    case training
    /// Waits, in an update whose pushes have references, for what all shards say of them.
    case agreeing(UpdateUnderWay, Agreement)
    /// Takes pushes while an update is under way.
    case applying(UpdateUnderWay)
    /// At rest; waits for the maxima of all shards, these being its own.
    case scaling([[Double]])
    /// At rest; waits for these workers' importances.
    case consolidating(awaited: [Int])
    case leaving
  }

  let voice: ServerVoice
  let plan: ServerPlan
  var state = State.idle
  var shard: ShardState
  var responder: Responder
  var aggregator: Aggregator
  var consolidation: ShardConsolidation
  var snapshots = KeptSnapshots()
  /// Requests that came while an update was under way or before the worker had joined.
  var held = HeldRequests()
  var phase = -1
  /// What the servers have agreed on in this phase so far.
  var agreementCount = 0
  /// Pushes applied and not applied.
  var counts = NodeSummary()

  init(_ plan: ServerPlan, _ voice: ServerVoice) {
    self.plan = plan
    self.voice = voice
    shard = ShardState(plan, by: voice.id)
    responder = Responder(plan, voice)
    aggregator = Aggregator(
      plan.consistency, shares: plan.batchShares, blockCount: plan.shard.blockCount)
    consolidation = ShardConsolidation(plan)
  }

  var version: UInt64 { shard.version }

  func tell(_ control: Control) -> Effect { voice.tell(control, version: version) }

  // MARK: The coordinator

  /// Takes what the coordinator asks for.
  mutating func obey(_ control: Control) throws(Objection) -> [Effect] {
    switch (state, control) {
    case (.idle, .open(phase + 1)) where phase + 1 < plan.taskSchedule.phaseCount:
      phase += 1
      guard plan.method.startsAfresh, phase > 0 else { return try beginPhase() }
      state = .restarting
      return [.perform(.freshWeights(phase: phase))]
    case (.scaling(let own), .scale(phase, let maxima))
    where maxima.map(\.count) == own.map(\.count):
      return try consolidate(scaledBy: maxima)
    case (.agreeing(let update, let agreement), .agreed(phase, agreementCount, let scalars))
    where agreement.fits(scalars):
      agreementCount += 1
      return try agree(scalars, update, agreement)
    case (_, .cut(let order)): return try obey(order)
    case (_, .release(let snapshot)):
      snapshots.release(snapshot)
      return []
    case (.idle, .leave):
      state = .leaving
      return responder.hand(shard, to: .coordinator) + [.countTraffic]
    default:
      throw .failure(.violation, "the coordinator asked \(voice.id) for something out of turn")
    }
  }

  /// Takes the result of an order.
  mutating func take(_ result: OrderResult) throws(Objection) -> [Effect] {
    switch (state, result) {
    case (.applying(var update), .total(let total)) where update.block == 0:
      update.merge(plan.shard.blocks.map { total[$0] })
      state = .applying(update)
      return try applyNextBlock()
    case (.consolidating, .total(let total)):
      consolidation.merge(total, plan.shard)
      return try consolidateIfComplete()
    case (.restarting, .weights(let fresh)):
      shard.restart(at: fresh)
      responder.forgetVersions()
      return try beginPhase()
    default:
      throw .failure(.violation, "\(voice.id) was given the result of work it had not ordered")
    }
  }

  // MARK: Phases

  private mutating func beginPhase() throws(Objection) -> [Effect] {
    if plan.resetsOptimizer || plan.method.startsAfresh { shard.resetOptimizer() }
    aggregator.begin(
      startSteps: plan.startSteps(in: phase), partCount: plan.pushPartCount(in: phase))
    agreementCount = 0
    state = .training
    return [tell(.opened(phase: phase, version: version))] + (try sealIfOver())
  }

  /// Once everybody has retired, nothing changes θ any more.
  private mutating func sealIfOver() throws(Objection) -> [Effect] {
    guard case .training = state, aggregator.isOver else { return [] }
    try settle()
    if plan.taskSchedule.moment.isGlobal { shard.meet(plan.communication.pullBoundary) }
    let maxima = consolidation.maxima(of: phase, at: shard)
    let told = maxima.isEmpty ? nil : maxima
    let news = tell(.sealed(phase: phase, version: version, maxima: told))
    state = .scaling(maxima)
    return [news] + (maxima.isEmpty ? try consolidate(scaledBy: []) : [])
  }

  private mutating func consolidate(scaledBy maxima: [[Double]]) throws(Objection) -> [Effect] {
    state = .consolidating(awaited: consolidation.meet(phase, at: shard, scaledBy: maxima))
    return try consolidateIfComplete()
  }

  /// Folds what the phase has left once it is all there.
  mutating func consolidateIfComplete() throws(Objection) -> [Effect] {
    guard case .consolidating(let awaited) = state, awaited.isEmpty else { return [] }
    if let order = consolidation.totalOrder { return [.perform(order)] }
    consolidation.finish(phase)
    let reports = try fold()
    state = .idle
    return [tell(.consolidated(reports, closes: phase))]
  }

  /// - Parameter ranks: Workers whose exchanged importances are folded, too.
  private mutating func fold(exchanged ranks: [Int] = []) throws(Objection) -> [BoundaryReport] {
    do {
      let reports = try consolidation.fold(into: &shard)
      let isNews = try consolidation.foldExchanged(ranks, into: &shard)
      if isNews || !reports.isEmpty { responder.renewBroadcast(from: shard) }
      return reports
    } catch {
      throw .failure(
        .notFinite, "\(voice.id) cannot consolidate in phase \(phase + 1): \(error)")
    }
  }

  mutating func settle(before steps: Int? = nil) throws(Objection) {
    do {
      try shard.settle(before: steps)
    } catch {
      throw .failure(.notFinite, "\(voice.id) cannot encode its weights: \(error)")
    }
  }

  // MARK: The workers

  /// Takes a message that came over the listening socket. Nothing that it says is used before it is
  /// known who sent it and that it can be of this run; what is refused has moved nothing.
  mutating func receive(_ message: Message, from peer: Peer) throws(Objection) -> [Effect] {
    let rank = message.sender.rank
    if let reason = responder.strangeness(of: message, from: peer)
      ?? plan.flaw(of: message, clock: aggregator.clock(of: rank), phase: phase)
    {
      throw .refusal(reason)
    }
    let stage = responder.enter(stage: message.stage, of: rank)
    do {
      return try take(message, from: peer)
    } catch {
      _ = responder.enter(stage: stage, of: rank)
      throw error
    }
  }

  private mutating func take(_ message: Message, from peer: Peer) throws(Objection) -> [Effect] {
    switch (message.kind, message.payload) {
    case (.pull, _), (.inspect, _): return try take(pull: message, from: peer)
    case (.anchor, _): return try take(anchor: message)
    case (.retire, _): return try retire(message.sender.rank)
    case (.control, .control(.probe)):
      // Whatever the worker waits for, this server is there.
      return [.send(voice.message(.control, .control(.probe)), to: message.sender)]
    case (.push, _), (.importance, _), (.centre, _):
      guard let block = plan.shard.index(of: message.range) else {
        throw .refusal(
          "\(message.sender) sent elements \(message.range), which are no block of \(voice.id)")
      }
      return try take(vector: message, block)
    default: throw .refusal("\(message.sender) sent a \(message.kind) message to \(voice.id)")
    }
  }

  private mutating func take(vector message: Message, _ block: Int) throws(Objection) -> [Effect] {
    let rank = message.sender.rank
    if message.kind == .push,
      message.clock <= aggregator.clock(of: rank) || aggregator.isWhole(rank)
    {
      // It may have been encoded for another mask than the worker's next push will have.
      return repeated(message, block)
    }
    let source = try plan.source(
      in: message, block: block, mask: responder.mask(of: rank, block: block))
    switch (message.kind, plan.method.importance) {
    case (.push, _): return try take(push: message, source, block)
    case (.importance, .exchange), (.centre, .exchange):
      guard let view = source.view, message.exampleCount > 0 else { break }
      consolidation.enter(exchanged: view, block: block, of: message)
      return []
    case (.importance, _): return try take(importance: message, source, block)
    default: break
    }
    throw .refusal("\(message.sender) told of its own penalty, which nobody asked for")
  }

  // MARK: Pushes

  /// Whether an update is under way.
  var isApplying: Bool {
    switch state {
    case .agreeing, .applying: true
    default: false
    }
  }

  var isTakingPushes: Bool { if case .training = state { true } else { isApplying } }

  /// Enters one block of a gradient; when it is whole, it may be time for an update.
  private mutating func take(
    push message: Message, _ source: VectorSource, _ block: Int
  ) throws(Objection) -> [Effect] {
    let rank = message.sender.rank
    guard isTakingPushes, aggregator.isActive(rank),
      message.clock == aggregator.clock(of: rank) + 1
    else { throw .refusal("\(message.sender) pushed a step out of turn") }
    if let reason = plan.flaw(ofPush: message, source, phase: phase, version: version) {
      throw .refusal(reason)
    }
    guard let isWhole = aggregator.enter(source, block: block, of: message) else {
      counts.duplicateCount += 1
      return []
    }
    guard isWhole else { return [] }
    responder.hold(message.version, at: rank)
    return try advance()
  }

  /// The worker asked again: the answer was lost or late. Nothing changes.
  private mutating func repeated(_ message: Message, _ block: Int) -> [Effect] {
    counts.duplicateCount += 1
    let rank = message.sender.rank
    guard block == 0, message.part == 0, message.clock == aggregator.clock(of: rank),
      aggregator.isAnswered(rank),
      !isApplying
    else { return [] }
    return responder.sendAll(of: shard, to: rank, clock: message.clock)
  }

  /// Enters the pushes that have come and begins an update if an answer is due.
  mutating func advance() throws(Objection) -> [Effect] {
    guard case .training = state else { return [] }
    var effects: [Effect] = []
    for arrival in aggregator.admit(version: version) {
      consolidation.enterPush(of: arrival.rank, stage: arrival.stage)
      guard arrival.isLate else { continue }
      counts.lateCount += 1
      effects += responder.sendAll(
        of: shard, to: arrival.rank, clock: aggregator.clock(of: arrival.rank))
    }
    guard let next = aggregator.next else { return effects + (try sealIfOver()) }
    return effects + (try begin(next))
  }

  private mutating func begin(_ round: Rounds.Update) throws(Objection) -> [Effect] {
    var effects: [Effect] = []
    var pushes: [UpdateUnderWay.Push] = []
    if !round.applied.isEmpty {
      let steps = aggregator.steps(of: round)
      let reports = try fold(exchanged: round.applied)
      if !reports.isEmpty { effects.append(tell(.consolidated(reports, closes: nil))) }
      try settle(before: steps)
      for (rank, parcel) in aggregator.take(round) {
        let staleness = shard.staleness(of: parcel.version)
        counts.countPush(staleness: staleness)
        let weight = plan.consistency.weighsStaleness ? 1 / (1 + Float(staleness)) : 1
        pushes.append(.init(parcel: parcel, weight: weight, base: responder.sent(to: rank)))
      }
      shard.begin(stages: pushes.map(\.parcel.stage), share: round.share, steps: steps)
    }
    let update = UpdateUnderWay(round, pushes)
    if let transform = plan.transform, let vectors = update.vectors(plan.shard) {
      let agreement = Agreement(on: vectors, transform, parameterCount: plan.layout.count)
      return effects + (try seek(agreement, update))
    }
    state = .applying(update)
    if let order = update.totalOrder { return effects + [.perform(order)] }
    return effects + (try applyNextBlock())
  }

  /// Asks the other shards, if there are any, for what is to be known next.
  private mutating func seek(
    _ agreement: Agreement, _ update: UpdateUnderWay
  ) throws(Objection) -> [Effect] {
    if agreement.isAlone { return try agree(agreement.own, update, agreement) }
    state = .agreeing(update, agreement)
    return [tell(.scalars(phase: phase, number: agreementCount, agreement.own))]
  }

  /// Goes on with what is known over all shards.
  private mutating func agree(
    _ scalars: ShardScalars, _ update: UpdateUnderWay, _ agreement: Agreement
  ) throws(Objection) -> [Effect] {
    var (update, agreement) = (update, agreement)
    let outcome: Agreement.Outcome?
    do {
      outcome = try agreement.enter(scalars)
    } catch {
      throw .failure(.notFinite, "\(voice.id) cannot go on in phase \(phase + 1): \(error)")
    }
    guard let outcome else { return try seek(agreement, update) }
    counts.projection.enter(angle: outcome.angle)
    if let coefficients = outcome.coefficients {
      update.turn(to: coefficients, of: outcome.vectors)
    }
    state = .applying(update)
    return try applyNextBlock()
  }

  /// Updates one block and sends it off before the next one is computed.
  mutating func applyNextBlock() throws(Objection) -> [Effect] {
    guard case .applying(var update) = state else { return [] }
    let block = update.block
    if !update.pushes.isEmpty {
      do {
        try shard.apply(update.contributions, block: block)
      } catch {
        throw .failure(.notFinite, "\(voice.id) cannot encode its weights: \(error)")
      }
    }
    let answered = update.round.answered
    var effects: [Effect] = []
    if block == 0 { for rank in answered { effects += responder.tellNews(to: rank, shard) } }
    effects += answered.map { rank in
      responder.send(block: block, of: shard, to: rank, clock: aggregator.clock(of: rank))
    }
    update.block += 1
    guard update.block == plan.shard.blockCount else {
      state = .applying(update)
      return effects + [.resume]
    }
    state = .training
    for rank in answered { responder.remember(rank, shard) }
    if let step = aggregator.finish(update.round) { effects += sample(after: step) }
    return effects + (try answerHeld()) + (try advance())
  }

  /// Keeps the weights if it is time for a look. That changes nothing: what waits of the penalty is
  /// in what is kept, and goes on waiting in the weights.
  private mutating func sample(after step: Int) -> [Effect] {
    guard let snapshot = plan.sample(after: step, of: phase) else { return [] }
    snapshots.keep(snapshot, version: version, shard.settled)
    return [tell(.kept(snapshot: snapshot, version: version))]
  }
}
