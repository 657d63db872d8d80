import Tensors

extension WorkerRole {
  /// Pulls if the weights at hand are of another version, then goes to work.
  mutating func pursue(_ goal: Goal, at wanted: UInt64, _ now: Instant) -> [Effect] {
    guard let plan else { return [] }
    farewell.phases.wait += now.seconds(since: waitingSince)
    waitingSince = now
    if version == wanted { return begin(goal, at: now) }
    state = .pulling(
      Transfer(shards: plan.shards), version: wanted, goal, resendAt: resend(after: now))
    return pulls()
  }

  private mutating func begin(_ goal: Goal, at now: Instant) -> [Effect] {
    switch goal {
    case .train(let training): return compute(training, at: now)
    case .measure(let measurement, let training):
      state = .measuring(measurement, then: training)
      return nextSlice(at: now)
    }
  }

  func pulls() -> [Effect] {
    (plan?.shards ?? []).indices.map { rank in
      .send(
        Message(.pull, run: run, sender: id, incarnation: incarnation, clock: clock),
        to: .server(rank))
    }
  }

  /// The messages that carry a vector to its servers, block by block.
  func blocks(
    _ kind: Message.Kind, of vector: Vector, stage: Int, exampleCount: Int
  ) -> [Effect] {
    (plan?.shards ?? []).enumerated().flatMap { rank, shard in
      shard.pieces(of: blockCountMaximum).map { range in
        .send(
          Message(
            kind, run: run, sender: id, incarnation: incarnation, stage: stage,
            exampleCount: exampleCount, clock: clock, version: version ?? 0, range: range,
            payload: .tensor(vector[range])),
          to: .server(rank))
      }
    }
  }

  // MARK: Training

  mutating func compute(_ training: Training, at now: Instant) -> [Effect] {
    guard let plan, training.step < plan.stepCounts[training.stage] else {
      return finishStage(training, at: now)
    }
    state = .computing(training)
    return [
      order(.gradient(stage: training.stage, step: training.step, weights: weights.view), now)
    ]
  }

  private mutating func finishStage(_ training: Training, at now: Instant) -> [Effect] {
    state = .idle
    waitingSince = now
    return [
      tell(
        .trained(stage: training.stage, version: version ?? 0, losses: training.losses))
    ]
  }

  mutating func performed(_ result: OrderResult, at now: Instant) -> [Effect] {
    let seconds = now.seconds(since: orderedAt)
    switch (state, result) {
    case (_, .failed(let reason)): return fail(.preparation, reason)
    case (.preparing, .worker(let plan)):
      self.plan = plan
      weights = Vector(count: plan.parameterCount)
      state = .idle
      waitingSince = now
      return [tell(.ready(fingerprint: plan.fingerprint))]
    case (.computing(let training), .gradient(let gradient, let exampleCount, let loss)):
      farewell.phases.train += seconds
      return push(gradient, exampleCount: exampleCount, loss: loss, training, at: now)
    case (.measuring(var measurement, let training), .evaluated(let correct)):
      farewell.phases.evaluate += seconds
      measurement.finishSlice(correct: correct)
      state = .measuring(measurement, then: training)
      return nextSlice(at: now)
    case (.measuring(var measurement, let training), .importance):
      farewell.phases.importance += seconds
      measurement.finishSlice(correct: 0)
      state = .measuring(measurement, then: training)
      return nextSlice(at: now)
    default:
      return fail(.violation, "\(id) was given the result of work it had not ordered")
    }
  }

  private mutating func push(
    _ gradient: Vector, exampleCount: Int, loss: Double, _ training: Training, at now: Instant
  ) -> [Effect] {
    guard let plan else { return [] }
    // A broken number must not leave the worker: every other one would train on.
    guard loss.isFinite, Kernels.allFinite(gradient.base, count: gradient.count) else {
      return fail(
        .notFinite,
        "\(id) computed a gradient that is not finite in stage \(training.stage + 1), step "
          + "\(training.step + 1); lower optimizer.rate or set optimizer.clip, and with a "
          + "large method.lambda use penalty.form=proximal")
    }
    var training = training
    training.enter(loss: loss, exampleCount: exampleCount, of: plan.stepCounts[training.stage])
    if exampleCount > 0 { lastLoss = Float(loss) }
    clock += 1
    farewell.stepCount += 1
    farewell.exampleCount += exampleCount
    waitingSince = now
    state = .pushing(
      Transfer(shards: plan.shards), training, gradient: gradient, exampleCount: exampleCount,
      resendAt: resend(after: now))
    return blocks(.push, of: gradient, stage: training.stage, exampleCount: exampleCount)
  }

  /// Copies a block of weights to its place; when all have come, goes on.
  mutating func take(_ message: Message, _ view: VectorView, at now: Instant) -> [Effect] {
    switch state {
    case .pulling(var transfer, let wanted, let goal, let resendAt):
      if let effects = enter(message, view, into: &transfer) { return effects }
      guard transfer.isComplete else {
        state = .pulling(transfer, version: wanted, goal, resendAt: resendAt)
        return []
      }
      version = transfer.version
      farewell.phases.wait += now.seconds(since: waitingSince)
      guard version == wanted else {
        return fail(
          .violation, "\(id) was sent version \(version ?? 0) where \(wanted) was announced")
      }
      return begin(goal, at: now)
    case .pushing(var transfer, let training, let gradient, let count, let resendAt)
    where message.clock == clock:
      if let effects = enter(message, view, into: &transfer) { return effects }
      guard transfer.isComplete else {
        state = .pushing(
          transfer, training, gradient: gradient, exampleCount: count, resendAt: resendAt)
        return []
      }
      version = transfer.version
      farewell.phases.wait += now.seconds(since: waitingSince)
      return advance(training, at: now)
    default:
      // The answer to a request that was sent twice.
      return []
    }
  }

  /// Returns effects only if the block must not be entered.
  private mutating func enter(
    _ message: Message, _ view: VectorView, into transfer: inout Transfer
  ) -> [Effect]? {
    switch transfer.enter(message.range, version: message.version) {
    case .new:
      weights.replace(from: message.range.lowerBound, with: view)
      return nil
    case .repeated: return []
    case .wrong(let reason): return fail(.violation, reason)
    }
  }

  private mutating func advance(_ training: Training, at now: Instant) -> [Effect] {
    guard let plan else { return [] }
    var training = training
    training.step += 1
    let isLast = training.step == plan.stepCounts[training.stage]
    if let every = plan.sampleEverySteps, !isLast, clock.isMultiple(of: UInt64(every)) {
      let sample = Measurement(
        row: nil, columns: Array(plan.testExamples.indices), stage: training.stage,
        importance: false, plan: plan)
      return begin(.measure(sample, then: training), at: now)
    }
    return compute(training, at: now)
  }

  // MARK: Measuring

  mutating func nextSlice(at now: Instant) -> [Effect] {
    guard case .measuring(let measurement, let training) = state else { return [] }
    switch measurement.next {
    case .evaluate(let column, let examples):
      return [order(.evaluate(column: column, examples: examples, weights: weights.view), now)]
    case .importance(let examples):
      guard let sum = measurement.importanceSum else { return [] }
      return [
        order(
          .importance(
            stage: measurement.stage, examples: examples, weights: weights.view, sum: sum), now)
      ]
    case nil:
      return conclude(measurement, then: training, at: now)
    }
  }

  private mutating func conclude(
    _ measurement: Measurement, then training: Training?, at now: Instant
  ) -> [Effect] {
    var effects: [Effect] = []
    if let sum = measurement.importanceSum {
      effects += blocks(
        .importance, of: sum, stage: measurement.stage,
        exampleCount: measurement.importanceExampleCount)
    }
    effects.append(
      tell(
        .measured(
          row: measurement.row, version: version ?? 0, columns: measurement.columns,
          correct: measurement.correct, total: measurement.totals)))
    if let training { return effects + compute(training, at: now) }
    state = .idle
    waitingSince = now
    return effects
  }
}

extension WorkerRole.Training {
  /// Mean losses of about this many equal parts of a stage are kept.
  private static let windowCountMaximum = 20

  mutating func enter(loss: Double, exampleCount: Int, of stepCount: Int) {
    windowSum += loss * Double(exampleCount)
    windowCount += exampleCount
    let windowSteps = max(1, stepCount / Self.windowCountMaximum)
    if (step + 1).isMultiple(of: windowSteps) || step + 1 == stepCount {
      losses.append(windowCount > 0 ? Float(windowSum / Double(windowCount)) : 0)
      windowSum = 0
      windowCount = 0
    }
  }
}
