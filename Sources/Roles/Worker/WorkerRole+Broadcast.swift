import Consolidation
import Tensors

extension WorkerRole {
  // MARK: Being told of the penalty

  /// Asks every server for all that it has to tell.
  mutating func askForPenalty(at now: Instant) -> [Effect] {
    guard let plan else { return [] }
    let places = plan.broadcast.flatMap { part in
      broadcast.places.indices.map { BroadcastIndex(kind: part.kind, block: $0) }
    }
    state = .broadcast(missing: Set(places), resendAt: resend(after: now))
    return ask(.pull, for: .penalty)
  }

  /// Enters a part of what a server tells: asked for, or before an answer.
  mutating func take(broadcast message: Message, at now: Instant) -> [Effect] {
    guard let plan else { return [] }
    guard let block = plan.map.index(of: message.range, at: message.sender.rank),
      plan.broadcast.contains(where: { $0.kind == message.kind })
    else {
      return fail(
        .violation, "\(message.sender) told of \(message.range), of which it knows nothing")
    }
    let isAsked = message.request == .penalty
    // The second answer to a question that was asked twice: it speaks of weights held then.
    if isAsked, !isBeingBriefed { return [] }
    let held = weights.flatMap { $0.blocks.indices.contains(block) ? $0.blocks[block] : nil }
    if let reason = broadcast.enter(
      message, block: block, held: held,
      indexSeed: plan.communication.indexSeed(message.sender, 0, block: block))
    {
      return fail(.violation, "\(message.sender) told of the penalty what is none: \(reason)")
    }
    guard case .broadcast(var missing, let resendAt) = state, isAsked else {
      // It came before an answer; the answer says when it is whole.
      isBriefed = true
      return []
    }
    missing.remove(BroadcastIndex(kind: message.kind, block: block))
    guard missing.isEmpty else {
      state = .broadcast(missing: missing, resendAt: resendAt)
      return []
    }
    pushEncoder?.heed(broadcast)
    training?.finishPenalty()
    return proceed(at: now)
  }

  private var isBeingBriefed: Bool {
    if case .broadcast = state { true } else { false }
  }

  // MARK: Exchanging curvature

  /// Pushes local steps together with the worker's importance at the weights to which they led.
  ///
  /// - Source: Shoham et al. 2019, "Overcoming forgetting in federated learning on non-IID data"
  ///   (FedCurv), eq. 3; it sends Ω and Ωθ, here Ω and θ: as many bytes.
  mutating func exchange(
    _ measurement: Measurement, _ unpushed: Unpushed, at now: Instant
  ) -> [Effect] {
    self.unpushed = nil
    guard let sum = measurement.importanceSum, let stage = measurement.stage, let plan else {
      return []
    }
    var effects: [Effect] = []
    if measurement.importanceExampleCount > 0 {
      let importance = Vector(copying: sum.view)
      let scale = 1 / Float(measurement.importanceExampleCount)
      Kernels.scale(importance.base, by: scale, count: importance.count)
      own = HeldPenalty.Own(importance: importance, anchor: unpushed.end)
      let centre = plan.map.blocks.map { Message.Payload.tensor(unpushed.end[$0]) }
      effects += blocks(
        .importance, encoded(sum), at: measurement.weights, stage: stage,
        exampleCount: measurement.importanceExampleCount)
      effects += blocks(
        .centre, centre, at: measurement.weights, stage: stage,
        exampleCount: measurement.importanceExampleCount)
    }
    return effects
      + push(
        unpushed.way, unpushed.steps, exampleCount: unpushed.exampleCount, loss: unpushed.loss,
        at: now)
  }
}
