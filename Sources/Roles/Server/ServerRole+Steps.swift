import Consolidation
import Tensors
import Updates

extension ServerRole {
  // MARK: Pulls

  /// Admits a worker and answers with the weights it asks for.
  mutating func answerPull(_ message: Message, from peer: Peer) -> [Effect] {
    let isHere: Bool =
      switch message.request {
      case .current, .atRest, .penalty: true
      case .kept(let snapshot): snapshots.contains { $0.snapshot == snapshot }
      case nil: false
      }
    guard isHere else {
      return refuse("\(message.sender) pulls a snapshot that is not kept", to: peer)
    }
    contacts[message.sender.rank] = Contact(peer: peer, incarnation: message.incarnation)
    return [.admit(message.sender, peer)] + answer(pull: message)
  }

  /// The weights as they are may have to wait: for an update under way, or for the worker's time to
  /// join.
  private mutating func answer(pull message: Message) -> [Effect] {
    let rank = message.sender.rank
    let request = message.request
    if request == .penalty {
      if case .applying = state {
        hold(message)
        return []
      }
      return brief(rank, isAsked: true)
    }
    // What is asked for with a pull is needed for the run, not only to be measured.
    let kind = message.kind == .pull ? Message.Kind.weights : .inspected
    if request == .atRest { return answer(message, with: weights, kind: kind) }
    if case .kept(let snapshot) = request {
      guard let kept = snapshots.first(where: { $0.snapshot == snapshot }) else { return [] }
      return answer(message, with: kept.blocks, version: kept.version, kind: kind)
    }
    var mustWait = false
    if case .applying = state { mustWait = true }
    if case .gathering = state, case .absent = rounds.members[rank].membership { mustWait = true }
    if mustWait {
      hold(message)
      return []
    }
    return answers(to: message.sender, request: request)
  }

  /// Keeps a request for later. A worker that asks again wants one answer.
  mutating func hold(_ message: Message) {
    held.removeAll {
      $0.sender == message.sender && $0.kind == message.kind && $0.request == message.request
    }
    held.append(message)
  }

  /// All weights, whatever the worker has.
  private mutating func answers(
    to worker: NodeID, request: WeightsRequest? = nil, clock: UInt64 = 0
  ) -> [Effect] {
    heldVersions[worker.rank] = nil
    defer { remember(worker.rank) }
    return ranges.indices.map { answer(block: $0, to: worker, request: request, clock: clock) }
  }

  /// One block: as it is, or what changed since the version that the worker has.
  private func answer(
    block: Int, to worker: NodeID, request: WeightsRequest? = nil, clock: UInt64
  ) -> Effect {
    let payload =
      pullEncoder?.payload(block: block, from: heldVersions[worker.rank], to: version)
      ?? .tensor(weights[block])
    return .send(
      weightsMessage(
        ranges[block], payload, stage: stages[worker.rank], request: request, clock: clock),
      to: worker)
  }

  /// Keeps what a worker has from now on: the version, and the blocks it computes at if gradients
  /// are compensated for their delay.
  private mutating func remember(_ rank: Int) {
    heldVersions[rank] = version
    if update?.delayCompensation ?? 0 > 0 { sent[rank] = weights }
  }

  /// Answers what had to wait.
  private mutating func answerHeld() -> [Effect] {
    let messages = held
    held = []
    return messages.flatMap { $0.kind == .anchor ? keepAnchor($0) : answer(pull: $0) }
  }

  // MARK: Pushes

  /// Enters one block of a gradient; when it is whole, it may be time for an update.
  mutating func take(
    push message: Message, _ content: VectorSource?, _ rank: Int
  ) -> [Effect] {
    let peer = contacts[rank]?.peer ?? Peer(route: [])
    guard let block = plan?.shard.index(of: message.range), let content else {
      return refuse(
        "\(message.sender) pushed elements \(message.range), which are no block of \(id)", to: peer)
    }
    if pending[rank]?.vector.isComplete == true { return repeated(message, block, rank) }
    guard isTakingPushes, message.clock == rounds.members[rank].clock + 1, rounds.isActive(rank),
      ownStages(of: rank).contains(message.stage)
    else { return refuse("\(message.sender) pushed a step out of turn", to: peer) }
    guard message.version <= version else {
      return refuse("\(message.sender) pushed a gradient of a version to come", to: peer)
    }
    guard let plan, (1...plan.consistency.localSteps).contains(message.steps),
      (0...plan.pushExampleCountMaximum).contains(message.exampleCount)
    else {
      return refuse("\(message.sender) pushed more steps or examples than it can take", to: peer)
    }
    guard content.isFinite else {
      return refuse(
        "\(message.sender) pushed a gradient that is not finite at step \(message.clock)", to: peer)
    }
    var push = pending[rank] ?? parcel(message)
    guard push.vector.enter(content, block: block) else {
      summary.duplicateCount += 1
      return []
    }
    pending[rank] = push
    guard push.vector.isComplete else { return [] }
    // Of several answers to its last push the worker took the one that it has computed at.
    heldVersions[rank] = push.version
    arrived.append(rank)
    return advance()
  }

  var isTakingPushes: Bool {
    switch state {
    case .gathering, .applying: true
    default: false
    }
  }

  /// The stages that a worker may train in this phase.
  private func ownStages(of rank: Int) -> [Int] {
    guard let taskSchedule = plan?.taskSchedule else { return [] }
    return taskSchedule.positions(of: rank, in: phase).map { taskSchedule.sequences[rank][$0] }
  }

  func parcel(_ message: Message) -> Parcel {
    Parcel(
      stage: message.stage, exampleCount: message.exampleCount, version: message.version,
      steps: message.steps, vector: IncomingVector(blockCount: ranges.count))
  }

  /// The worker asked again: the answer was lost or late. Nothing changes.
  mutating func repeated(_ message: Message, _ block: Int, _ rank: Int) -> [Effect] {
    summary.duplicateCount += 1
    let member = rounds.members[rank]
    guard block == 0, message.clock == member.clock, !member.isWaiting, pending[rank] == nil,
      isSettled
    else { return [] }
    return answers(to: message.sender, clock: message.clock)
  }

  private var isSettled: Bool {
    if case .applying = state { false } else { true }
  }

  /// Enters the pushes that have come and begins an update if an answer is due.
  private mutating func advance() -> [Effect] {
    guard case .gathering = state, let plan else { return [] }
    var effects: [Effect] = []
    for rank in arrived {
      rounds.enterPush(of: rank)
      keys.enterPush(of: rank, stage: pending[rank]?.stage ?? 0)
      if plan.consistency.backups > 0, let push = pending[rank], push.version < version {
        // The step it belongs to went on without it.
        rounds.drop(rank)
        pending[rank] = nil
        summary.lateCount += 1
        effects += answers(to: .worker(rank), clock: rounds.members[rank].clock)
      }
    }
    arrived = []
    guard let next = rounds.next() else { return effects + sealIfOver() }
    return effects + begin(next, plan)
  }

  private mutating func begin(_ next: Rounds.Update, _ plan: ServerPlan) -> [Effect] {
    var effects: [Effect] = []
    var pushes: [AppliedPush] = []
    if !next.applied.isEmpty {
      let steps = next.applied.compactMap { pending[$0]?.steps }.max() ?? 1
      do {
        let reports = try foldKeys()
        if !reports.isEmpty { effects.append(tell(.consolidated(reports, closes: nil))) }
        try foldExchanged(next.applied)
        try settle(before: steps)
      } catch {
        return fail(.notFinite, "\(id) cannot consolidate: \(error)")
      }
      for rank in next.applied {
        guard let parcel = pending[rank] else { continue }
        pending[rank] = nil
        let staleness =
          Int(version - parcel.version) - settledVersions.count { $0 > parcel.version }
        summary.countStaleness(staleness)
        update?.beginPath(of: parcel.stage, at: weights)
        pushes.append(
          AppliedPush(
            parcel: parcel,
            weight: plan.consistency.weighsStaleness ? 1 / (1 + Float(staleness)) : 1,
            base: sent[rank]))
      }
      summary.stepCount += pushes.count
      version += 1
      update?.begin(share: next.share, steps: steps)
    }
    state = .applying(next, pushes, next: 0)
    if let order = mergeOrder(pushes) { return effects + [.perform(order)] }
    return effects + applyNextBlock()
  }

  /// What adds the gradients up, where they are not here themselves.
  private func mergeOrder(_ pushes: [AppliedPush]) -> Order? {
    let deferred = pushes.compactMap(\.parcel.vector.deferred)
    guard !deferred.isEmpty else { return nil }
    let mean = WeightedMean(
      exampleCounts: pushes.map(\.parcel.exampleCount), weights: pushes.map(\.weight))
    return .total(of: deferred, factors: mean.factors)
  }

  /// Their mean as one push.
  func merged(_ pushes: [AppliedPush], _ mean: Vector) -> [AppliedPush] {
    guard let first = pushes.first?.parcel else { return [] }
    let whole = Parcel(
      stage: first.stage, exampleCount: pushes.reduce(0) { $0 + $1.parcel.exampleCount },
      version: first.version, steps: first.steps,
      vector: IncomingVector(ranges.map { mean[$0] }))
    return [AppliedPush(parcel: whole, weight: 1, base: nil)]
  }

  /// Updates one block and sends it off before the next one is computed.
  mutating func applyNextBlock() -> [Effect] {
    guard case .applying(let current, let pushes, let block) = state, let plan else { return [] }
    if !pushes.isEmpty {
      let contributions = pushes.compactMap { push in
        push.parcel.vector[block].map {
          Contribution(
            gradient: $0, exampleCount: push.parcel.exampleCount, stage: push.parcel.stage,
            weight: push.weight, base: push.base?[block])
        }
      }
      let next = update?.apply(
        block: plan.shard.localBlock(block), contributions, weights: weights[block])
      if let next { weights[block] = next.view }
      do {
        try pullEncoder?.enter(weights[block], block: block, version: version)
      } catch {
        return fail(.notFinite, "\(id) cannot encode its weights: \(error)")
      }
    }
    var effects: [Effect] = block == 0 ? current.answered.flatMap { briefIfNews($0) } : []
    effects += current.answered.map { rank in
      answer(block: block, to: .worker(rank), clock: rounds.members[rank].clock)
    }
    if block + 1 < ranges.count {
      state = .applying(current, pushes, next: block + 1)
      return effects + [.resume]
    }
    state = .gathering
    for rank in current.answered { remember(rank) }
    if let step = rounds.finish(current) { effects += sample(after: step) }
    return effects + answerHeld() + advance()
  }

  /// Keeps the weights for a look if it is time for one. The look changes nothing: what waits of
  /// the penalty is in what is kept, and goes on waiting in the weights.
  private mutating func sample(after step: Int) -> [Effect] {
    guard let every = plan?.sampleEverySteps, step.isMultiple(of: every) else { return [] }
    let snapshot = Snapshot.sample(phase: phase, step: step)
    snapshots.append((snapshot, version, wholeWeights))
    return [tell(.kept(snapshot: snapshot, version: version))]
  }

  /// A worker has no more to push in this phase.
  mutating func retire(_ rank: Int, _ peer: Peer) -> [Effect] {
    guard isTakingPushes, rounds.members[rank].membership != .retired, pending[rank] == nil,
      !rounds.members[rank].isWaiting
    else {
      return refuse("worker \(rank) retires out of turn", to: peer)
    }
    rounds.retire(rank)
    if plan?.taskSchedule.moment.isGlobal == false { keys.retire(rank) }
    guard case .gathering = state else { return [] }
    return answerHeld() + advance()
  }
}

extension NodeSummary {
  /// Staleness from this on is counted together.
  static let stalenessMaximum = 4_096

  mutating func countStaleness(_ staleness: Int) {
    let index = min(staleness, Self.stalenessMaximum)
    while stalenessCounts.count <= index { stalenessCounts.append(0) }
    stalenessCounts[index] += 1
  }
}
