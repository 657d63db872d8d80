import Compression
import Consolidation
import Tensors

/// A prepared worker: trains its sequence, evaluates, estimates importance.
///
///     ready ⇄ pulling | listening | computing → pushing | anchoring | measuring
///
/// Whenever it is ready it looks for the next thing to do (``proceed(at:)``): what the coordinator
/// wants measured comes before training goes on.
struct WorkerRun: Sendable {
  let plan: WorkerPlan
  var voice: WorkerVoice
  var activity = WorkerActivity.ready
  /// θ that it trains on, as long as it is at hand: whoever computes takes it along, unless the
  /// servers answer with changes to it.
  var weights: HeldWeights?
  /// θ that the servers keep as this worker's last anchor.
  var anchor: HeldWeights?
  var pushEncoder: PushEncoder
  var penalty: KnownPenalty
  /// Between two phases there is none.
  var training: Training?
  /// What the coordinator wants measured, in order.
  var requests: [MeasureRequest] = []
  var clock: WorkerClock
  /// Of the whole run so far.
  var stepCount = 0
  var examples = ExampleCounts()
  var lastLoss: Float?
  /// By stage: what its steps did beside learning labels.
  var besides: [StageActivity] = []
  var hold = WorkerHold()
  /// What was fitted at the last boundary for the method's readout; `nil` where nothing was.
  var fit: [Float]?

  /// - Parameter voice: Of the run.
  init(_ plan: WorkerPlan, voice: WorkerVoice, at now: Instant) {
    self.plan = plan
    self.voice = voice
    self.voice.map = plan.map
    clock = WorkerClock(at: now)
    pushEncoder = PushEncoder(
      plan.communication, worker: voice.id, blocks: plan.map.blocks, layout: plan.layout)
    penalty = KnownPenalty(plan)
  }

  // MARK: What others see of it

  /// What is under way, in a few words.
  var description: String { activity.description }

  var summary: NodeSummary {
    var summary = NodeSummary()
    summary.phases = clock.spent
    summary.stepCount = stepCount
    summary.examples = examples
    summary.keptByteCount = penalty.keptByteCount
    summary.activity = besides
    return summary
  }

  var heartbeat: Control {
    guard let training else { return WorkerVoice.restingHeartbeat }
    return .heartbeat(phase: training.phase, step: training.stepsDone, loss: lastLoss)
  }

  /// Asks every server whether it is there.
  var probe: [Effect] { voice.probe(stage: currentStage) }

  /// The stage that is under way, for the ledger; 0 before any.
  var currentStage: Int { training?.stage ?? 0 }

  /// When to say again what is not answered; `nil` if nothing is waited for.
  var repeatAt: Instant? { activity.repeatAt }

  /// What has not been answered for long, once more; `nil` if nothing is waited for so long.
  mutating func askAgain(at now: Instant) -> [Effect]? { activity.repeatQuestion(at: now) }

  // MARK: Orders of the coordinator

  mutating func obey(_ control: Control, at now: Instant) throws(Failure) -> [Effect] {
    switch control {
    case .measure(let request): return try measure(request, at: now)
    case .train(let phase, let versions, let steps):
      return try train(phase: phase, from: versions, tellingEvery: steps, at: now)
    case .cut(let order): return try obey(order, at: now)
    case .leave: return try leave(at: now)
    default: throw Failure.outOfTurn(voice.id)
    }
  }

  /// Enters what is to be measured; it begins when nothing else is under way.
  private mutating func measure(_ request: MeasureRequest, at now: Instant) throws(Failure)
    -> [Effect]
  {
    guard plan.canMeasure(request) else {
      throw Failure.unknown(voice.id, "to measure what this run has not")
    }
    requests.append(request)
    fit = request.fit
    return activity.isInterruptible ? try proceed(at: now) : []
  }

  mutating func train(
    phase: Int, from versions: [UInt64], tellingEvery steps: Int? = nil, at now: Instant
  ) throws(Failure) -> [Effect] {
    guard case .ready = activity, training == nil else { throw Failure.outOfTurn(voice.id) }
    guard (0..<plan.taskSchedule.phaseCount).contains(phase) else {
      throw Failure.unknown(voice.id, "to train in a phase that is none")
    }
    training = Training(
      phase: phase, plan: plan, rank: voice.id.rank, mustPull: versions != weights?.versions)
    if hold.held != versions { hold.held = nil }
    hold.tellsEvery = steps.flatMap { $0 > 0 ? $0 : nil }
    return try proceed(at: now)
  }

  /// The run is over.
  private mutating func leave(at now: Instant) throws(Failure) -> [Effect] {
    guard case .ready = activity else { throw Failure.outOfTurn(voice.id) }
    clock.endWait(at: now)
    return []
  }

  // MARK: What is next

  /// Does what is next, now that nothing is under way.
  mutating func proceed(at now: Instant) throws(Failure) -> [Effect] {
    activity = .ready
    clock.endWait(at: now)
    if !requests.isEmpty { return try attend(to: requests.removeFirst(), at: now) }
    guard var training else { return still() }
    if hold.stops { return still() }
    hold.moveOn()
    switch training.next {
    case .pull: return pull(hold.held == nil ? .toTrain : .toGoOn, .pull, at: now)
    case .listen:
      let question = Question(voice.ask(.pull, for: .penalty, stage: currentStage), at: now)
      activity = .listening(missing: penalty.items, question)
      return question.first
    case .steps(let steps): return compute(steps, of: training.stage, at: now)
    case .anchor(let snapshot):
      let question = Question(
        voice.ask(.anchor, for: .kept(snapshot), stage: training.stage), at: now)
      activity = .anchoring(IncomingWeights(plan.map), snapshot, question)
      return question.first
    case .estimate:
      guard let anchor else { return [] }
      return try go(
        on: Measurement(.anchor, at: anchor, stage: training.stage, plan: plan), at: now)
    case .endPosition:
      let position = training.position
      training.finishPosition()
      self.training = training
      guard !plan.taskSchedule.moment.isGlobal, let versions = (anchor ?? weights)?.versions else {
        return try proceed(at: now)
      }
      return [tell(.finished(position: position, versions: versions))] + (try proceed(at: now))
    case .retire:
      self.training = nil
      // A worker that has no part in the phase is not expected to retire.
      let retirement = training.hasPositions ? voice.ask(.retire, stage: currentStage) : []
      return retirement + [tell(.trained(phase: training.phase, losses: training.losses))]
        + (try proceed(at: now))
    }
  }

  mutating func pull(_ pull: WorkerActivity.Pull, _ kind: Message.Kind, at now: Instant)
    -> [Effect]
  {
    let question = Question(voice.ask(kind, for: pull.wanted, stage: currentStage), at: now)
    activity = .pulling(IncomingWeights(plan.map), pull, question)
    return question.first
  }

  /// To the coordinator.
  func tell(_ control: Control) -> Effect { voice.tell(control, steps: stepCount) }

  mutating func order(_ order: Order, at now: Instant) -> [Effect] {
    clock.beginWork(at: now)
    return [.perform(order)]
  }

  // MARK: Training

  private mutating func compute(_ steps: Range<Int>, of stage: Int, at now: Instant) -> [Effect] {
    guard let weights, let training else { return [] }
    penalty.inform(&pushEncoder)
    var start = pushEncoder.overlaid(weights)
    start.fit = fit
    activity = .computing(
      StepWork(
        steps, of: stage, at: start, versions: weights.versions, memories: training.memories))
    // A worker that computes keeps no θ of its own: the order has it.
    if plan.communication.pull == nil { self.weights = nil }
    return order(plan.order(steps, of: stage, at: start, penalty.applied), at: now)
  }

  /// The result of what was ordered.
  mutating func take(_ result: OrderResult, at now: Instant) throws(Failure) -> [Effect] {
    switch (activity, result) {
    case (_, .failed(let reason)):
      throw Failure(.computation, "\(voice.id) cannot go on: \(reason)")
    case (.computing, .composed(let gradient, let count, let loss, let activity)):
      besides.enter(activity)
      return try take(.gradient(gradient, exampleCount: count, loss: loss), at: now)
    case (.computing(var work), .gradient(let gradient, let count, let loss)):
      clock.endWork(\.train, at: now)
      try work.finish(gradient, exampleCount: count, loss: loss, by: voice.id)
      return try go(on: work, at: now)
    case (.computing(var work), .reference(let vector, let count)):
      clock.endWork(\.train, at: now)
      try work.finish(reference: vector, exampleCount: count, by: voice.id)
      return try go(on: work, at: now)
    case (.computing(let work), .displacement(let vector, let end, let n, let loss)):
      clock.endWork(\.train, at: now)
      let displacement = Displacement(
        vector: vector, end: end, steps: work.steps, exampleCount: n, loss: loss)
      let there = HeldWeights(blocks: [end.view], versions: work.versions)
      return try go(
        on: Measurement(.push(displacement), at: there, stage: currentStage, plan: plan), at: now)
    case (.measuring(var measurement), .evaluated(let correct, let totals, let activity)):
      clock.endWork(\.evaluate, at: now)
      if let activity, measurement.isAtRest { besides.enter(activity) }
      guard measurement.finish(correct: correct, totals: totals) else {
        throw Failure.notOrdered(voice.id)
      }
      return try go(on: measurement, at: now)
    case (.measuring(var measurement), .importance(let sums)):
      clock.endWork(\.importance, at: now)
      if case .importance(_, let slice, _, _) = measurement.next { examples.weighed += slice.count }
      guard measurement.finish(importance: sums) else { throw Failure.notOrdered(voice.id) }
      return try go(on: measurement, at: now)
    case (.measuring(var measurement), .statement(let records, let next)):
      clock.endWork(\.evaluate, at: now)
      guard measurement.finish(statement: records, next: next) else {
        throw Failure.notOrdered(voice.id)
      }
      return try go(on: measurement, at: now)
    default: throw Failure.notOrdered(voice.id)
    }
  }

  /// Orders the next part of a step's work, or pushes what came of it.
  private mutating func go(on work: StepWork, at now: Instant) throws(Failure) -> [Effect] {
    if let all = work.whole { return try push(all, of: work.steps, at: work.versions, at: now) }
    activity = .computing(work)
    return work.nextReference.map { order($0, at: now) } ?? []
  }

  mutating func push(
    _ result: StepWork.Result, of steps: Range<Int>, at versions: [UInt64], at now: Instant
  ) throws(Failure) -> [Effect] {
    guard var training else { throw Failure.notOrdered(voice.id) }
    let stage = training.stage
    // A broken number must not leave the worker: every other one would train on.
    guard result.isFinite else {
      throw Failure.brokenGradient(voice.id, stage: stage, step: steps.lowerBound)
    }
    stepCount += steps.count
    examples.trained += result.exampleCount
    examples.referred += result.references.reduce(0) { $0 + $1.exampleCount }
    if result.exampleCount > 0 { lastLoss = Float(result.loss) }
    training.finish(
      steps, loss: result.loss, exampleCount: result.exampleCount, total: stepCount)
    self.training = training
    voice.beginRoundTrip()
    let question = Question(
      try voice.push(
        result, steps: steps.count, at: versions, stage: stage,
        isLast: steps.upperBound == plan.stepCounts[stage], &pushEncoder), at: now)
    activity = .pushing(IncomingWeights(plan.map), question)
    let isDue =
      hold.tellsEvery.map { training.hasPassed(multipleOf: $0, by: steps.count) } ?? false
    return question.first + (isDue ? [tell(heartbeat)] : [])
  }

  // MARK: Answers of the servers

  /// Takes weights, or what is told of the penalty.
  mutating func take(_ message: Message, at now: Instant) throws(Failure) -> [Effect] {
    switch message.kind {
    case .curvature, .centre, .frozen: try takePenalty(message, at: now)
    default: try takeWeights(message, at: now)
    }
  }

  /// Enters a block of weights; when all have come, goes on. What nobody waits for is the answer to
  /// a request that was sent twice.
  private mutating func takeWeights(
    _ message: Message, at now: Instant
  ) throws(Failure) -> [Effect] {
    switch activity {
    case .pulling(var incoming, let pull, let question)
    where message.request == pull.wanted:
      guard let whole = try incoming.entering(message) else {
        activity = .pulling(incoming, pull, question)
        return []
      }
      return try finish(pull, with: whole, at: now)
    case .anchoring(var incoming, let snapshot, let question)
    where message.request == .kept(snapshot):
      guard let whole = try incoming.entering(message) else {
        activity = .anchoring(incoming, snapshot, question)
        return []
      }
      anchor = whole
      // With changes the servers go on from what they have sent before.
      if plan.communication.pull == nil { weights = whole }
      training?.finishAnchor()
    case .pushing(var incoming, let question)
    where message.request == nil && message.clock == voice.clock:
      guard let whole = try incoming.entering(message, changing: weights, plan.communication)
      else {
        activity = .pushing(incoming, question)
        return []
      }
      weights = whole
      hold.answer(whole.versions[0])
    default: return []
    }
    return try proceed(at: now)
  }

  private mutating func finish(
    _ pull: WorkerActivity.Pull, with whole: HeldWeights, at now: Instant
  ) throws(Failure) -> [Effect] {
    switch pull {
    case .toTrain:
      weights = whole
      training?.finishPull()
      return try proceed(at: now)
    case .toGoOn:
      // Where nobody waits for others, the weights of the cut may be no more.
      if hold.held == whole.versions {
        weights = whole
        training?.finishPull()
      }
      hold.held = nil
      return try proceed(at: now)
    case .toMeasure(let request):
      guard whole.versions == request.versions else {
        throw Failure.otherVersions(voice.id, whole.versions, announced: request.versions)
      }
      if plan.goesOn(from: request.weights) { weights = whole }
      clock.endWait(at: now)
      return try begin(request, at: whole, now)
    }
  }

  /// Enters a part of what a server tells of the penalty: asked for, or before an answer, which
  /// then says when it is whole.
  private mutating func takePenalty(
    _ message: Message, at now: Instant
  ) throws(Failure) -> [Effect] {
    let block = try penalty.block(of: message, plan.map)
    let isAsked = message.request == .penalty
    // The second answer to a question that was asked twice: it speaks of weights held then.
    if isAsked, !activity.isListening { return [] }
    try penalty.enter(
      message, block: block, held: weights?.blocks[block],
      indexSeed: plan.communication.indexSeed(message.sender, 0, block: block))
    guard isAsked, case .listening(var missing, let question) = activity else { return [] }
    missing.remove(KnownPenalty.Item(kind: message.kind, block: block))
    activity = .listening(missing: missing, question)
    guard missing.isEmpty else { return [] }
    training?.finishListening()
    return try proceed(at: now)
  }
}
