import Consolidation
import Tensors
import Updates

extension ServerRole {
  // MARK: Anchors

  /// Keeps this version for a worker that has finished a stage, or is in the middle of one.
  mutating func keepAnchor(_ message: Message) -> [Effect] {
    let worker = message.sender.rank
    guard let plan, isTakingPushes, rounds.isActive(worker),
      case .kept(let snapshot) = message.request,
      plan.taskSchedule.canAnchor(snapshot, of: worker, stage: message.stage)
    else {
      return refuse(
        "\(message.sender) asks for an anchor of what it does not train",
        to: contacts[worker]?.peer ?? Peer(route: []))
    }
    if case .applying = state {
      hold(message)
      return []
    }
    if let failure = settled() { return failure }
    if case .boundary = snapshot, !snapshots.contains(where: { $0.snapshot == snapshot }) {
      snapshots.append((snapshot, version, weights))
    }
    anchor(message.stage, of: worker, plan.method.importance)
    return answer(message, with: weights)
  }

  /// The importance of a stage at these weights: awaited from a worker, or the server's own.
  private mutating func anchor(_ stage: Int, of worker: Int, _ source: ImportanceSource) {
    switch source {
    case .none, .exchange: break
    case .workers:
      keys.expect(stage, of: worker, version: version, at: wholeShard)
    case .servers:
      let whole = wholeShard.view
      guard let omega = update?.gatheredImportance(of: stage, at: whole) else { return }
      keys.add(
        stage, version: version,
        KeyImportance(worker: nil, sum: [omega.view], exampleCount: 1, anchor: whole))
    }
  }

  private var wholeShard: Vector { Vector(joining: weights) }

  // MARK: Importances

  /// Enters one block of a worker's importances.
  mutating func take(
    importance message: Message, _ content: VectorSource?, _ rank: Int
  ) -> [Effect] {
    let peer = contacts[rank]?.peer ?? Peer(route: [])
    guard let block = plan?.shard.index(of: message.range), let content else {
      return refuse(
        "\(message.sender) pushed importances of \(message.range), which are no block of \(id)",
        to: peer)
    }
    guard let isWhole = keys.enter(content, block: block, of: message, empty: parcel(message))
    else {
      return refuse("\(message.sender) pushed importances that nobody asked for", to: peer)
    }
    guard isWhole, case .consolidating(let awaited) = state else { return [] }
    state = .consolidating(awaited: awaited.filter { $0 != rank })
    return consolidateIfComplete()
  }

  /// At a global boundary all workers' anchors are the weights as they are.
  ///
  /// - Returns: The workers whose importances will come.
  mutating func expectImportances(_ plan: ServerPlan) -> [Int] {
    let taskSchedule = plan.taskSchedule
    guard taskSchedule.moment.isGlobal else { return [] }
    let shared = wholeShard
    var awaited: [Int] = []
    for worker in taskSchedule.sequences.indices {
      for position in taskSchedule.positions(of: worker, in: phase) {
        let stage = taskSchedule.sequences[worker][position]
        if plan.method.importance == .workers {
          keys.expect(stage, of: worker, version: version, at: shared)
          awaited.append(worker)
        } else {
          anchor(stage, of: worker, plan.method.importance)
        }
      }
    }
    return awaited
  }

  /// Folds what the phase has left once it is all there.
  mutating func consolidateIfComplete() -> [Effect] {
    guard case .consolidating(let awaited) = state, awaited.isEmpty, let plan else { return [] }
    let deferred = keys.deferredGroup.compactMap(\.deferred)
    guard deferred.isEmpty else {
      return [.perform(.total(of: deferred, factors: deferred.map { _ in 1 }))]
    }
    let taskSchedule = plan.taskSchedule
    if taskSchedule.moment.isGlobal {
      for worker in taskSchedule.sequences.indices {
        for position in taskSchedule.positions(of: worker, in: phase) {
          keys.finish(taskSchedule.sequences[worker][position], worker)
        }
      }
    }
    do {
      let reports = try foldKeys()
      state = .idle
      return [tell(.consolidated(reports, closes: phase))]
    } catch {
      return fail(.notFinite, "\(id) cannot consolidate phase \(phase + 1): \(error)")
    }
  }

  // MARK: Folding

  /// Folds the importances that have come and closes the stages that all have finished.
  mutating func foldKeys() throws -> [BoundaryReport] {
    guard let plan else { return [] }
    var reports: [BoundaryReport] = []
    let (entries, closable) = keys.takeAll()
    if !entries.isEmpty { try settle() }
    // Workers that met at a boundary are one key; those that did not are one each.
    var rest = entries[...]
    while let first = rest.first {
      let group =
        plan.taskSchedule.moment.isGlobal
        ? rest.prefix { $0.stage == first.stage } : rest.prefix(1)
      rest = rest.dropFirst(group.count)
      reports.append(try fold(Array(group), plan))
    }
    // Exchanged importances are replaced as long as their worker pushes.
    if plan.method.importance != .exchange {
      for stage in closable { update?.close(stage: stage, rule: plan.foldRule) }
    }
    if !entries.isEmpty { renewBroadcast() }
    return reports
  }

  private mutating func fold(
    _ group: [KeyBook.Entry], _ plan: ServerPlan
  ) throws(ImportanceError) -> BoundaryReport {
    let first = group[0]
    let anchor = first.key.anchor
    let rate = update?.optimizer.rate ?? 0
    let before = diagnostics(at: anchor, rate: rate)
    var mean = ImportanceMean(count: plan.shard.count)
    try update?.enter([(first.stage, group.map(\.key))], rule: plan.foldRule)
    for entry in group {
      try mean.enter(
        worker: entry.key.worker ?? -1, sum: entry.key.sum, exampleCount: entry.key.exampleCount)
    }
    let importance = try mean.mean()
    // The newest term alone, as the penalty computes it: it must vanish at its own anchor.
    var newest = FoldedPenalty(strength: before.strength, count: plan.shard.count)
    newest.fold(importance: importance.view, anchor: anchor, rule: FoldRule())
    let worker = plan.taskSchedule.moment.isGlobal ? nil : first.key.worker
    return BoundaryReport(
      stage: first.stage, worker: worker,
      occurrence: keys.countOccurrence(of: first.stage, worker), before: before,
      after: diagnostics(at: anchor, rate: rate),
      newestTermSquaredNorm: PenaltyDiagnostics(newest, at: anchor, rate: rate)
        .squaredGradientNorm,
      importanceSums: sums(of: importance, plan),
      ledger: [
        LedgerLine(
          stage: first.stage, worker: worker, version: first.version,
          exampleCount: plan.method.importance == .workers ? mean.exampleCount : 0,
          importanceSum: Kernels.sum(importance.base, count: importance.count),
          byteCount: group.reduce(0) { $0 + $1.byteCount })
      ])
  }

  private func diagnostics(at weights: VectorView, rate: Float) -> PenaltyDiagnostics {
    update.map { PenaltyDiagnostics($0.penalty, at: weights, rate: rate) } ?? PenaltyDiagnostics()
  }

  /// Σ Ω of each tensor's part in this shard.
  private func sums(of importance: Vector, _ plan: ServerPlan) -> [Double] {
    plan.layout.tensors.map { tensor in
      let part = tensor.range.clamped(to: plan.shard.range)
      guard !part.isEmpty else { return 0 }
      return Kernels.sum(
        importance.base + part.lowerBound - plan.shard.range.lowerBound, count: part.count)
    }
  }
}
