import Consolidation
import Tensors

extension ServerRole {
  /// Admits a worker and answers with the weights of this version.
  mutating func answerPull(_ message: Message, _ rank: Int, from peer: Peer) -> [Effect] {
    if let known = contacts[rank], known.peer != peer, message.incarnation <= known.incarnation {
      return refuse("rank \(rank) is taken: there already is a \(message.sender)", to: peer)
    }
    contacts[rank] = Contact(peer: peer, incarnation: message.incarnation)
    return [.admit(message.sender, peer)] + answers(to: message.sender)
  }

  private func answers(to worker: NodeID) -> [Effect] {
    zip(ranges, weights).map { .send(weightsMessage($0, $1), to: worker) }
  }

  /// Enters one block of a gradient; when every worker's is whole, the step is applied.
  mutating func take(push message: Message, _ view: VectorView, _ rank: Int) -> [Effect] {
    let peer = contacts[rank]?.peer ?? Peer(route: [])
    guard let block = ranges.firstIndex(of: message.range), view.count == message.range.count else {
      return refuse(
        "\(message.sender) pushed elements \(message.range), which are no block of \(id)", to: peer)
    }
    if message.clock <= clock {
      // The worker asked again: the answer was lost or late. Nothing changes.
      farewell.duplicateCount += 1
      guard message.clock == clock else { return [] }
      return [.send(weightsMessage(ranges[block], weights[block]), to: message.sender)]
    }
    guard case .gathering = state, message.clock == clock + 1, message.stage == stage else {
      return refuse("\(message.sender) pushed a step out of turn", to: peer)
    }
    guard message.version <= version, message.exampleCount >= 0 else {
      return refuse("\(message.sender) pushed a gradient of a version to come", to: peer)
    }
    guard Kernels.allFinite(view.base, count: view.count) else {
      return refuse(
        "\(message.sender) pushed a gradient that is not finite at step \(message.clock)", to: peer)
    }
    var push =
      pending[rank]
      ?? PendingPush(
        exampleCount: message.exampleCount, baseVersion: message.version,
        blocks: Array(repeating: nil, count: ranges.count))
    if push.blocks[block] != nil {
      farewell.duplicateCount += 1
      return []
    }
    push.blocks[block] = view
    pending[rank] = push
    guard push.isComplete, pending.allSatisfy({ $0?.isComplete == true }) else { return [] }
    return beginApplying(pending.compactMap { $0 })
  }

  /// BSP: all workers' gradients of this clock are in.
  private mutating func beginApplying(_ pushes: [PendingPush]) -> [Effect] {
    for push in pushes {
      let staleness = Int(version - push.baseVersion)
      farewell.stalenessSum += staleness
      farewell.stalenessMaximum = max(farewell.stalenessMaximum, staleness)
    }
    farewell.stepCount += pushes.count
    pending = Array(repeating: nil, count: pending.count)
    version += 1
    clock += 1
    update?.begin()
    state = .applying(pushes, next: 0)
    return applyNextBlock()
  }

  /// Updates one block and sends it off before the next one is computed.
  mutating func applyNextBlock() -> [Effect] {
    guard case .applying(let pushes, let block) = state, let plan else { return [] }
    let local =
      ranges[block].lowerBound - plan.shard.lowerBound..<ranges[block].upperBound
      - plan.shard.lowerBound
    let next = update?.apply(
      block: local, gradients: pushes.compactMap { $0.blocks[block] },
      exampleCounts: pushes.map(\.exampleCount), weights: weights[block])
    if let next { weights[block] = next.view }
    var effects: [Effect] = contacts.indices.map { rank in
      .send(weightsMessage(ranges[block], weights[block]), to: .worker(rank))
    }
    if block + 1 < ranges.count {
      state = .applying(pushes, next: block + 1)
      effects.append(.resume)
    } else {
      state = .gathering
    }
    return effects
  }

  // MARK: Consolidation

  /// Enters one block of a worker's importances. Workers push them once per stage.
  mutating func take(importance message: Message, _ view: VectorView, _ rank: Int) -> [Effect] {
    let peer = contacts[rank]?.peer ?? Peer(route: [])
    guard let block = ranges.firstIndex(of: message.range), view.count == message.range.count else {
      return refuse(
        "\(message.sender) pushed importances of \(message.range), which are no block of \(id)",
        to: peer)
    }
    guard plan?.importance == .workers, message.stage == stage, message.version == version else {
      return refuse("\(message.sender) pushed importances that nobody asked for", to: peer)
    }
    var sum =
      importances[rank]
      ?? PendingPush(
        exampleCount: message.exampleCount, baseVersion: message.version,
        blocks: Array(repeating: nil, count: ranges.count))
    guard sum.blocks[block] == nil else {
      farewell.duplicateCount += 1
      return []
    }
    sum.blocks[block] = view
    importances[rank] = sum
    return consolidateIfComplete()
  }

  /// Folds the stage once it is closed and its importance is known.
  mutating func consolidateIfComplete() -> [Effect] {
    guard case .consolidating(let stage) = state, let plan else { return [] }
    let isComplete = importances.allSatisfy { $0?.isComplete == true }
    guard plan.importance != .workers || isComplete else { return [] }
    let report: BoundaryReport
    do {
      report = try consolidate(stage, plan)
    } catch {
      return fail(.notFinite, "\(id) cannot consolidate stage \(stage + 1): \(error)")
    }
    importances = Array(repeating: nil, count: importances.count)
    state = .idle
    return [tell(.closed(stage: stage, report: report))]
  }
}
