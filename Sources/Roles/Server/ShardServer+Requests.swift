import Consolidation
import Tensors

/// What workers ask a prepared server for.
extension ShardServer {
  /// Admits a worker and answers with what it asks for.
  mutating func take(pull message: Message, from peer: Peer) throws(Objection) -> [Effect] {
    if case .kept(let snapshot) = message.request, snapshots[snapshot] == nil {
      // All have looked at it, and this is the question of one that asked again meanwhile.
      if snapshots.hasReleased(snapshot) { return [] }
      throw .refusal("\(message.sender) pulls a snapshot that is not kept")
    }
    return [responder.admit(message, from: peer)] + answer(pull: message)
  }

  /// What is under way may have to end first, or the worker's time to join to come.
  private mutating func answer(pull message: Message) -> [Effect] {
    let rank = message.sender.rank
    // What is asked for with a pull is needed for the run, not only to be measured.
    let kind = message.kind == .pull ? Message.Kind.weights : .inspected
    switch message.request {
    case .atRest: return responder.send(shard.weights, kind, version: version, answering: message)
    case .kept(let snapshot):
      guard let kept = snapshots[snapshot] else { return [] }
      return responder.send(kept.blocks, kind, version: kept.version, answering: message)
    case .held:
      if isApplying { return held.hold(message) }
      return responder.send(shard.sent, kind, version: version, answering: message)
    case .penalty:
      if isApplying { return held.hold(message) }
      return responder.tellPenalty(to: rank, request: .penalty, shard)
    case .current:
      if isApplying || isTakingPushes && aggregator.isAbsent(rank) { return held.hold(message) }
      return responder.sendAll(of: shard, to: rank, request: .current)
    case nil: return []
    }
  }

  /// Keeps a version for a worker that has finished a stage, or is in the middle of one.
  mutating func take(anchor message: Message) throws(Objection) -> [Effect] {
    let worker = message.sender.rank
    guard isTakingPushes, aggregator.isActive(worker), let snapshot = plan.anchor(for: message)
    else {
      throw .refusal("\(message.sender) asks for an anchor of what it does not train")
    }
    if isApplying { return held.hold(message) }
    try settle()
    if case .boundary = snapshot { snapshots.keep(snapshot, version: version, shard.weights) }
    consolidation.anchor(message.stage, of: worker, at: shard)
    return responder.send(shard.weights, .weights, version: version, answering: message)
  }

  /// Answers what had to wait. A worker that has retired meanwhile has nothing more to ask.
  mutating func answerHeld() throws(Objection) -> [Effect] {
    var effects: [Effect] = []
    for message in held.takeAll() {
      if message.kind != .anchor {
        effects += answer(pull: message)
      } else if aggregator.isActive(message.sender.rank) {
        effects += try take(anchor: message)
      }
    }
    return effects
  }

  mutating func take(
    importance message: Message, _ source: VectorSource, _ block: Int
  ) throws(Objection) -> [Effect] {
    guard let isWhole = consolidation.enter(source, block: block, of: message) else {
      throw .refusal("\(message.sender) pushed importances that nobody asked for")
    }
    guard isWhole, case .consolidating(let awaited) = state else { return [] }
    state = .consolidating(awaited: awaited.filter { $0 != message.sender.rank })
    return try consolidateIfComplete()
  }

  /// A worker has no more to push in this phase.
  mutating func retire(_ rank: Int) throws(Objection) -> [Effect] {
    guard isTakingPushes, aggregator.canRetire(rank) else {
      throw .refusal("worker \(rank) retires out of turn")
    }
    aggregator.retire(rank)
    consolidation.retire(rank)
    return isApplying ? [] : try answerHeld() + advance()
  }
}
