import Compression
import Consolidation
import Tensors

extension ServerRole {
  // MARK: Telling of the penalty

  /// Something was folded: what workers are told has changed.
  mutating func renewBroadcast() {
    guard let plan, !plan.broadcast.isEmpty, let update else { return }
    let communication = plan.communication
    let (id, version) = (id, version)
    broadcast.renew(
      update.penalty, parts: plan.broadcast,
      blocks: plan.shard.localBlocks,
      weights: pullEncoder?.blocks ?? weights,
      frozenAbove: communication.frozenAbove
    ) { view, block in
      communication.payload(importance: view, by: id, version, block: block)
    }
  }

  /// All that there is to tell; afterwards the worker's pushes have the places it was told.
  ///
  /// - Parameter isAsked: The worker holds the weights that it was sent last.
  mutating func brief(_ rank: Int, isAsked: Bool) -> [Effect] {
    guard let plan else { return [] }
    broadcastVersions[rank] = broadcast.penaltyVersion
    openMasks[rank] = broadcast.places
    let held = isAsked && heldVersions[rank] == version ? pullEncoder?.blocks ?? weights : nil
    return plan.broadcast.flatMap { part in
      ranges.indices.map { block in
        .send(
          Message(
            part.kind, run: run, sender: id, incarnation: incarnation, stage: stages[rank],
            request: isAsked ? .penalty : nil, version: version, range: ranges[block],
            payload: broadcast.payload(
              part, block: block, held: held?[block],
              isExact: plan.communication.importance == .none)),
          to: .worker(rank))
      }
    }
  }

  /// Before an answer: what has changed since the worker was told. Where all meet, workers ask.
  mutating func briefIfNews(_ rank: Int) -> [Effect] {
    guard let plan, !plan.broadcast.isEmpty, broadcastVersions[rank] < broadcast.penaltyVersion,
      !plan.taskSchedule.moment.isGlobal || plan.method.importance == .exchange
    else { return [] }
    return brief(rank, isAsked: false)
  }

  // MARK: Laziness

  /// Gives all weights the penalty that they lack, as an update of its own.
  ///
  /// - Parameter steps: Of the update to come; `nil` if somebody is to see the weights.
  mutating func settle(before steps: Int? = nil) throws(CodecError) {
    guard let update, update.mustSettle(before: steps) else { return }
    version += 1
    weights = wholeWeights
    for block in weights.indices {
      try pullEncoder?.enter(weights[block], block: block, version: version)
    }
    self.update?.finishSettling()
    settledVersions.append(version)
  }

  /// The weights with the penalty that they may lack, block by block.
  var wholeWeights: [VectorView] {
    guard let plan, let update, update.mustSettle(before: nil) else { return weights }
    return zip(plan.shard.localBlocks, weights).map { range, block in
      update.settle(block, block: range).view
    }
  }

  /// Settles for those who are to see the weights; effects only if it fails.
  mutating func settled() -> [Effect]? {
    do {
      try settle()
      return nil
    } catch {
      return fail(.notFinite, "\(id) cannot encode its weights: \(error)")
    }
  }

  // MARK: Exchanged importances

  /// Enters a block of what a worker says of itself with every push.
  mutating func take(exchanged message: Message, _ view: VectorView, _ rank: Int) -> [Effect] {
    guard let plan, plan.method.importance == .exchange,
      let block = plan.shard.index(of: message.range), view.count == message.range.count,
      message.exampleCount > 0
    else {
      return refuse(
        "\(message.sender) told of its own penalty, which nobody asked for",
        to: contacts[rank]?.peer ?? Peer(route: []))
    }
    var pair = exchanged[rank] ?? (parcel(message), parcel(message))
    if pair.importance.version != message.version { pair = (parcel(message), parcel(message)) }
    _ =
      message.kind == .importance
      ? pair.importance.vector.enter(.here(view), block: block)
      : pair.centre.vector.enter(.here(view), block: block)
    exchanged[rank] = pair
    return []
  }

  /// Every worker's importance is a key of its own, which its next one replaces.
  mutating func foldExchanged(_ ranks: [Int]) throws(ImportanceError) {
    guard let plan, plan.method.importance == .exchange else { return }
    var groups: [(stage: Int, keys: [KeyImportance])] = []
    for rank in ranks {
      guard let pair = exchanged[rank], let sum = pair.importance.vector.whole,
        let centre = pair.centre.vector.whole
      else { continue }
      exchanged[rank] = nil
      let key = KeyImportance(
        worker: rank, sum: sum, exampleCount: pair.importance.exampleCount,
        anchor: Vector(joining: centre).view)
      groups.append((rank, [key]))
    }
    guard !groups.isEmpty else { return }
    try update?.enter(groups, rule: FoldRule())
    renewBroadcast()
  }
}
