import Compression
import Tensors

extension WorkerRole {
  /// Does what is next, now that nothing is under way.
  mutating func proceed(at now: Instant) -> [Effect] {
    guard let plan else { return [] }
    state = .ready
    summary.phases.wait += now.seconds(since: waitingSince)
    waitingSince = now
    if let request = requests.first { return attend(to: request, plan, at: now) }
    guard let training else { return [] }
    switch training.next(plan, rank: id.rank) {
    case .pull: return pull(.current, isForMeasurement: false, plan, at: now)
    case .brief: return askForPenalty(at: now)
    case .steps(let steps): return compute(steps, plan, at: now)
    case .anchor(let snapshot):
      state = .anchoring(
        IncomingWeights(plan.map), snapshot, resendAt: resend(after: now))
      return ask(.anchor, for: .kept(snapshot))
    case .estimate:
      guard let anchored else { return [] }
      return begin(
        Measurement(
          nil, at: anchored, stage: training.stage(plan, rank: id.rank), plan: plan), at: now)
    case .endPosition: return endPosition(plan, at: now)
    case .retire:
      self.training = nil
      // A worker that has no part in the phase is not expected to retire.
      return (training.hasPositions ? ask(.retire) : [])
        + [tell(.trained(phase: training.phase, losses: training.losses))] + proceed(at: now)
    }
  }

  /// A message without a vector to every server.
  func ask(_ kind: Message.Kind, for request: WeightsRequest? = nil) -> [Effect] {
    guard let plan else { return [] }
    return plan.map.shards.indices.map { rank in
      .send(
        Message(
          kind, run: run, sender: id, incarnation: incarnation, stage: currentStage,
          request: request),
        to: .server(rank))
    }
  }

  private mutating func pull(
    _ wanted: WeightsRequest, isForMeasurement: Bool, isNeeded: Bool = true, _ plan: WorkerPlan,
    at now: Instant
  ) -> [Effect] {
    state = .pulling(
      IncomingWeights(plan.map), wanted, isForMeasurement: isForMeasurement,
      resendAt: resend(after: now))
    return ask(isForMeasurement && !isNeeded ? .inspect : .pull, for: wanted)
  }

  // MARK: Training

  private mutating func compute(
    _ steps: Range<Int>, _ plan: WorkerPlan, at now: Instant
  ) -> [Effect] {
    guard let weights, let training else { return [] }
    if isBriefed {
      pushEncoder?.heed(broadcast)
      isBriefed = false
    }
    let stage = training.stage(plan, rank: id.rank)
    state = .computing(steps: steps)
    // The order has them now: a worker that computes keeps no θ, only its versions, unless it will
    // be told changes.
    if plan.communication.pull == nil {
      self.weights = HeldWeights(blocks: [], versions: weights.versions)
    }
    let start = pushEncoder?.overlaid(weights) ?? weights
    let penalty = plan.broadcast.contains(.centre) ? broadcast.penalty(own: own) : nil
    let work: Order =
      plan.stepsLocally
      ? .localSteps(stage: stage, steps: steps, weights: start, penalty: penalty)
      : .gradient(stage: stage, step: steps.lowerBound, weights: start, penalty: penalty)
    deferred = plan.defersVectors ? postpone([work]) : nil
    return [order(work, now)]
  }

  private mutating func endPosition(_ plan: WorkerPlan, at now: Instant) -> [Effect] {
    guard var training, let weights = anchored ?? weights else { return [] }
    let position = training.position
    training.finishPosition()
    self.training = training
    let news: [Effect] =
      plan.taskSchedule.moment.isGlobal
      ? [] : [tell(.finished(position: position, versions: weights.versions))]
    return news + proceed(at: now)
  }

  mutating func performed(_ result: OrderResult, at now: Instant) -> [Effect] {
    let seconds = now.seconds(since: orderedAt)
    switch (state, result) {
    case (.preparing, .failed(let reason)): return fail(.preparation, reason)
    case (_, .failed(let reason)): return fail(.computation, "\(id) cannot go on: \(reason)")
    case (.preparing, .worker(let plan)):
      guard plan.taskSchedule.sequences.count > id.rank, plan.map.shards.count == serverCount else {
        return fail(.violation, "the coordinator's experiment has other nodes than its run")
      }
      self.plan = plan
      state = .ready
      waitingSince = now
      pushEncoder = PushEncoder(
        plan.communication, worker: id, blocks: plan.map.blocks, layout: plan.layout)
      broadcast = ReceivedPenalty(blockCount: plan.map.blocks.count)
      return [tell(.ready(fingerprint: plan.fingerprint, kernel: plan.kernel))]
    case (.computing(let steps), .gradient(let gradient, let exampleCount, let loss)):
      summary.phases.train += seconds
      waitingSince = now
      return push(gradient, steps, exampleCount: exampleCount, loss: loss, at: now)
    case (.computing(let steps), .learned(let exampleCount, let loss)):
      summary.phases.train += seconds
      waitingSince = now
      return push(nil, steps, exampleCount: exampleCount, loss: loss, at: now)
    case (.computing(let steps), .way(let way, let end, let exampleCount, let loss)):
      summary.phases.train += seconds
      waitingSince = now
      guard let plan, plan.method.importance == .exchange, let training else {
        return push(way, steps, exampleCount: exampleCount, loss: loss, at: now)
      }
      unpushed = Unpushed(
        way: way, end: end, steps: steps, exampleCount: exampleCount, loss: loss)
      let held = HeldWeights(blocks: [end.view], versions: weights?.versions ?? [])
      return begin(
        Measurement(nil, at: held, stage: training.stage(plan, rank: id.rank), plan: plan), at: now)
    case (.measuring(var measurement), .evaluated(let correct, let totals)):
      summary.phases.evaluate += seconds
      waitingSince = now
      measurement.finishEvaluation(correct: correct, totals: totals)
      return begin(measurement, at: now)
    case (.measuring(var measurement), .importance):
      summary.phases.importance += seconds
      waitingSince = now
      measurement.finishImportance()
      return begin(measurement, at: now)
    default:
      return fail(.violation, "\(id) was given the result of work it had not ordered")
    }
  }

  /// - Parameter gradient: `nil` if it is made when it is needed.
  mutating func push(
    _ gradient: Vector?, _ steps: Range<Int>, exampleCount: Int, loss: Double, at now: Instant
  ) -> [Effect] {
    guard let plan, var training else { return [] }
    let stage = training.stage(plan, rank: id.rank)
    // A broken number must not leave the worker: every other one would train on.
    let isFinite = gradient.map { Kernels.allFinite($0.base, count: $0.count) } ?? true
    guard loss.isFinite, isFinite else {
      return fail(
        .notFinite,
        "\(id) computed a gradient that is not finite in stage \(stage + 1), step "
          + "\(steps.lowerBound + 1); lower optimizer.rate or set optimizer.clip, and with a "
          + "large method.lambda use penalty.form=proximal")
    }
    stepCount += steps.count
    training.enter(
      loss: loss, exampleCount: exampleCount, steps, of: plan.stepCounts[stage],
      total: stepCount)
    training.finishSteps(steps)
    self.training = training
    if exampleCount > 0 { lastLoss = Float(loss) }
    clock += 1
    summary.stepCount += steps.count
    summary.exampleCount += exampleCount
    var payloads: [Message.Payload] = []
    if let deferred { payloads = plan.map.blocks.map { _ in .deferred(deferred) } }
    do {
      if let gradient {
        let isLast = steps.upperBound == plan.stepCounts[stage]
        payloads = try pushEncoder?.encode(gradient, clock: clock, isLast: isLast) ?? []
      }
    } catch {
      return fail(.notFinite, "\(id) cannot encode its gradient: \(error)")
    }
    deferred = nil
    let push = Push(
      payloads: payloads, stage: stage, exampleCount: exampleCount, steps: steps.count)
    state = .pushing(
      IncomingWeights(plan.map), push, resendAt: resend(after: now))
    return send(push)
  }

  func send(_ push: Push) -> [Effect] {
    blocks(
      .push, push.payloads, at: weights, stage: push.stage, exampleCount: push.exampleCount,
      steps: push.steps)
  }

  /// The messages that carry a vector to its servers, block by block.
  func blocks(
    _ kind: Message.Kind, _ payloads: [Message.Payload], at held: HeldWeights?, stage: Int,
    exampleCount: Int, steps: Int = 1
  ) -> [Effect] {
    let places = (plan?.map.shards ?? []).enumerated().flatMap { rank, shard in
      shard.blocks.map { (rank, $0) }
    }
    return zip(places, payloads).map { place, payload in
      .send(
        Message(
          kind, run: run, sender: id, incarnation: incarnation, stage: stage,
          exampleCount: exampleCount, clock: clock, version: held?.versions[place.0] ?? 0,
          steps: steps, range: place.1, payload: payload),
        to: .server(place.0))
    }
  }

  /// An importance as it travels.
  func encoded(_ sum: Vector) -> [Message.Payload] {
    guard let plan else { return [] }
    return plan.map.blocks.enumerated().map { index, range in
      plan.communication.payload(importance: sum[range], by: id, clock, block: index)
    }
  }

  // MARK: Receiving

  /// A block's changes since the version that this worker has.
  mutating func take(
    change message: Message, _ bytes: [UInt8], at now: Instant
  ) -> [Effect] {
    guard case .pushing = state, message.request == nil, message.clock == clock, let plan,
      let weights,
      weights.versions.indices.contains(message.sender.rank)
    else { return [] }
    guard plan.communication.pull != nil,
      let block = plan.map.index(of: message.range, at: message.sender.rank),
      weights.blocks.indices.contains(block), let chain = ChangeChain.decode(bytes)
    else { return fail(.violation, "\(message.sender) sent changes that are none") }
    var version = weights.versions[message.sender.rank]
    guard message.version >= version, message.version - version == UInt64(chain.count) else {
      return fail(.violation, "\(message.sender) sent changes to another version than it says")
    }
    let next = Vector(copying: weights.blocks[block])
    // The server counts its own blocks.
    let ownBlock = block - plan.map.shards[message.sender.rank].firstBlock
    for change in chain {
      version += 1
      do {
        try Codec.decode(
          Array(change), count: next.count,
          indexSeed: plan.communication.indexSeed(
            message.sender, version, block: ownBlock)
        ).addScaled(1, to: next.base)
      } catch {
        return fail(.violation, "\(message.sender) sent changes that are none: \(error)")
      }
    }
    return take(message, next.view, at: now)
  }

  /// Enters a block of weights; when all have come, goes on.
  mutating func take(_ message: Message, _ view: VectorView, at now: Instant) -> [Effect] {
    switch state {
    case .pulling(var transfer, let wanted, let isForMeasurement, let resendAt)
    where message.request == wanted:
      if let effects = enter(message, view, into: &transfer) { return effects }
      guard let whole = transfer.weights else {
        state = .pulling(
          transfer, wanted, isForMeasurement: isForMeasurement, resendAt: resendAt)
        return []
      }
      if isForMeasurement, let request = requests.first {
        guard whole.versions == request.versions else {
          return fail(
            .violation,
            "\(id) was sent versions \(whole.versions) where \(request.versions) were announced")
        }
        measured = whole
        if let plan, plan.communication.pull == nil && wanted == .atRest || isFlush(request, plan) {
          weights = whole
        }
      } else {
        weights = whole
        training?.finishPull()
      }
      return proceed(at: now)
    case .anchoring(var transfer, let snapshot, let resendAt)
    where message.request == .kept(snapshot):
      if let effects = enter(message, view, into: &transfer) { return effects }
      guard let whole = transfer.weights else {
        state = .anchoring(transfer, snapshot, resendAt: resendAt)
        return []
      }
      anchored = whole
      // With changes the servers go on from what they have sent before.
      if plan?.communication.pull == nil { weights = whole }
      training?.finishAnchor()
      return proceed(at: now)
    case .pushing(var transfer, let push, let resendAt)
    where message.request == nil && message.clock == clock:
      if let effects = enter(message, view, into: &transfer) { return effects }
      guard let whole = transfer.weights else {
        state = .pushing(transfer, push, resendAt: resendAt)
        return []
      }
      weights = whole
      return proceed(at: now)
    default:
      // The answer to a request that was sent twice.
      return []
    }
  }

  /// Returns effects only if the block must not be entered.
  private mutating func enter(
    _ message: Message, _ view: VectorView, into transfer: inout IncomingWeights
  ) -> [Effect]? {
    let verdict = transfer.enter(
      view, message.range, version: message.version, server: message.sender.rank)
    switch verdict {
    case .new: return nil
    case .repeated: return []
    case .wrong(let reason): return fail(.violation, reason)
    }
  }

  // MARK: Measuring

  /// Measures at the weights at hand if they are the wanted ones, else pulls them.
  private mutating func attend(
    to request: MeasureRequest, _ plan: WorkerPlan, at now: Instant
  ) -> [Effect] {
    // Where the servers send changes a worker's weights are near the servers', not the same.
    let isSame =
      plan.communication.pull == nil && !(plan.penaltyWaits && request.weights.isSample)
      || request.weights == .atRest && plan.communication.pullBoundary == .drop
    let own = isSame ? weights : nil
    let held = [measured, anchored, own].compactMap { $0 }
      .first { $0.versions == request.versions && !$0.blocks.isEmpty }
    guard let held else {
      return pull(
        request.weights, isForMeasurement: true,
        isNeeded: request.importanceOfPosition != nil || isFlush(request, plan), plan, at: now)
    }
    let sequence = plan.taskSchedule.sequences[id.rank]
    let stage = request.importanceOfPosition.flatMap {
      sequence.indices.contains($0) ? sequence[$0] : nil
    }
    return begin(Measurement(request, at: held, stage: stage, plan: plan), at: now)
  }

  /// Whether the servers send all weights at this boundary, so that nothing is left out of them.
  private func isFlush(_ request: MeasureRequest, _ plan: WorkerPlan) -> Bool {
    plan.communication.pull != nil && plan.communication.pullBoundary == .flush
      && request.weights == .atRest
  }

  /// Orders the next slice of a measurement, or says what came of it.
  private mutating func begin(_ measurement: Measurement, at now: Instant) -> [Effect] {
    state = .measuring(measurement)
    switch measurement.next {
    case .evaluate(let column, let examples):
      return [
        order(.evaluate(column: column, examples: examples, weights: measurement.weights), now)
      ]
    case .importance(let examples):
      guard let stage = measurement.stage else { return [] }
      return [
        order(
          .importance(
            stage: stage, examples: examples, weights: measurement.weights,
            sum: measurement.importanceSum), now)
      ]
    case nil:
      return conclude(measurement, at: now)
    }
  }

  private mutating func conclude(_ measurement: Measurement, at now: Instant) -> [Effect] {
    var effects: [Effect] = []
    if let unpushed { return exchange(measurement, unpushed, at: now) }
    if let stage = measurement.stage {
      let payloads =
        measurement.importanceSum.map(encoded)
        ?? Array(
          repeating: .deferred(postpone(measurement.importanceOrders)),
          count: plan?.map.blocks.count ?? 0)
      effects += blocks(
        .importance, payloads, at: measurement.weights, stage: stage,
        exampleCount: measurement.importanceExampleCount)
    }
    if let request = measurement.request {
      effects.append(
        tell(
          .measured(
            id: request.id, correct: measurement.correct, totals: measurement.totals)))
      requests.removeFirst()
      measured = nil
    } else {
      training?.finishEstimate()
    }
    return effects + proceed(at: now)
  }
}
