import Archives
import Consolidation
import Tensors
import Updates

/// What a server does about finished stages: it keeps the anchors whose importance is awaited,
/// gathers importances, and folds them into the penalty of its shard.
struct ShardConsolidation: Sendable {
  private let source: ImportanceSource
  private let taskSchedule: TaskSchedule
  private let foldRule: FoldRule
  private let layout: ParameterLayout
  private var book: ImportanceBook
  private var exchange: ImportanceExchange

  init(_ plan: ServerPlan) {
    source = plan.method.importance
    taskSchedule = plan.taskSchedule
    foldRule = plan.foldRule
    layout = plan.layout
    book = ImportanceBook(
      plan.taskSchedule, blockCount: plan.shard.blockCount,
      partCount: plan.update.penalty.rule.partCount)
    exchange = ImportanceExchange(
      workerCount: plan.workerCount, blockCount: plan.shard.blockCount)
  }

  /// Whether nothing is awaited, and nothing waits to be folded.
  var isAtRest: Bool { book.isAtRest && exchange.isAtRest }

  // MARK: Progress of the workers

  mutating func enterPush(of worker: Int, stage: Int) { book.enterPush(of: worker, stage: stage) }

  /// Where all meet, a stage is over for a worker at the boundary and not before.
  mutating func retire(_ worker: Int) {
    if !taskSchedule.moment.isGlobal { book.retire(worker) }
  }

  // MARK: Anchors

  /// The weights are the anchor of a worker's stage: its importance is awaited from the worker, or
  /// known to the server.
  ///
  /// - Parameter maxima: Over all shards, where the importance is scaled by some.
  mutating func anchor(
    _ stage: Int, of worker: Int, at state: ShardState, scaledBy maxima: [Double] = []
  ) {
    switch source {
    case .none, .exchange: break
    case .workers: book.expect(stage, of: worker, version: state.version, at: state.whole)
    case .servers:
      let whole = state.whole.view
      guard
        let omega = state.update.gatheredImportance(of: stage, at: whole, scaledBy: maxima)
      else { return }
      book.add(
        stage, version: state.version,
        ImportanceEstimate(worker: nil, sum: [omega.view], exampleCount: 1, anchor: whole))
    }
  }

  /// By stage of a phase, ascending: what scales its importance over all shards; empty where
  /// nothing does, or where the workers do not meet.
  func maxima(of phase: Int, at state: ShardState) -> [[Double]] {
    guard taskSchedule.moment.isGlobal, source == .servers else { return [] }
    let whole = state.whole.view
    let maxima = taskSchedule.stages(of: phase).map {
      state.update.gatheredMaxima(of: $0, at: whole)
    }
    return maxima.allSatisfy(\.isEmpty) ? [] : maxima
  }

  /// At a global boundary the weights are the anchor of all stages of the phase.
  ///
  /// - Parameter maxima: Over all shards, in the order of ``maxima(of:at:)``.
  /// - Returns: The workers whose importances will come.
  mutating func meet(_ phase: Int, at state: ShardState, scaledBy maxima: [[Double]]) -> [Int] {
    guard taskSchedule.moment.isGlobal else { return [] }
    guard source == .workers else {
      for (index, stage) in taskSchedule.stages(of: phase).enumerated() {
        anchor(stage, of: 0, at: state, scaledBy: maxima.isEmpty ? [] : maxima[index])
      }
      return []
    }
    let shared = state.whole
    let visits = taskSchedule.visits(of: phase)
    for (worker, stage) in visits {
      book.expect(stage, of: worker, version: state.version, at: shared)
    }
    return visits.map(\.worker)
  }

  /// Everything that a phase leaves to be folded is here.
  mutating func finish(_ phase: Int) {
    guard taskSchedule.moment.isGlobal else { return }
    for (worker, stage) in taskSchedule.visits(of: phase) { book.finish(stage, worker) }
  }

  // MARK: Importances

  /// Enters a block of a worker's importance; see ``ImportanceBook``.
  mutating func enter(_ source: VectorSource, block: Int, of message: Message) -> Bool? {
    book.enter(source, block: block, of: message)
  }

  /// Enters a block of what a worker says of itself with every push.
  mutating func enter(exchanged view: VectorView, block: Int, of message: Message) {
    exchange.enter(view, block: block, of: message)
  }

  /// What adds up the importances of a stage, where they are not here themselves.
  var totalOrder: Order? {
    let deferred = book.deferred
    return deferred.isEmpty ? nil : .total(of: deferred, factors: deferred.map { _ in 1 })
  }

  /// Takes what ``totalOrder`` has made: all parameters. Work is deferred only where it makes one
  /// vector.
  mutating func merge(_ total: Vector, _ shard: Shard) {
    book.merge(shard.blocks.map { total[$0] })
  }

  // MARK: Folding

  /// Every worker's importance is an estimate of its own, which its next one replaces.
  ///
  /// - Returns: Whether there was one.
  mutating func foldExchanged(
    _ ranks: [Int], into state: inout ShardState
  ) throws(ImportanceError) -> Bool {
    guard source == .exchange else { return false }
    let groups = exchange.take(ranks)
    guard !groups.isEmpty else { return false }
    try state.enter(groups, rule: FoldRule())
    return true
  }

  /// Folds the estimates that have come, and closes the stages that all have finished.
  ///
  /// - Returns: A report for each estimate, or for each stage where all workers have met.
  mutating func fold(into state: inout ShardState) throws -> [BoundaryReport] {
    let (entries, closable) = book.takeAll()
    if !entries.isEmpty { try state.settle() }
    var reports: [BoundaryReport] = []
    // Workers that met at a boundary are one term; those that did not are one each.
    var rest = entries[...]
    while let first = rest.first {
      let group =
        taskSchedule.moment.isGlobal ? rest.prefix { $0.stage == first.stage } : rest.prefix(1)
      rest = rest.dropFirst(group.count)
      reports.append(try fold(Array(group), into: &state))
    }
    // Exchanged importances are replaced as long as their worker pushes.
    if source != .exchange {
      for stage in closable { state.close(stage: stage, rule: foldRule) }
    }
    return reports
  }

  private mutating func fold(
    _ group: [ImportanceBook.Entry], into state: inout ShardState
  ) throws(ImportanceError) -> BoundaryReport {
    let first = group[0]
    let anchor = first.estimate.anchor
    let rate = state.update.optimizer.rate
    let before = PenaltyDiagnostics(state.update.penalty, at: anchor, rate: rate)
    try state.enter([(first.stage, group.map(\.estimate))], rule: foldRule)
    var mean = ImportanceMean(count: anchor.count, rule: state.update.penalty.rule)
    for entry in group {
      try mean.enter(
        worker: entry.estimate.worker ?? -1, sum: entry.estimate.sum,
        exampleCount: entry.estimate.exampleCount)
    }
    let importance = try mean.mean()
    // The newest term alone, as the penalty computes it: it must vanish at its own anchor.
    var newest = FoldedPenalty(strength: before.strength, count: anchor.count)
    newest.fold(importance: importance.view, anchor: anchor, rule: FoldRule())
    let worker = taskSchedule.moment.isGlobal ? nil : first.estimate.worker
    return BoundaryReport(
      stage: first.stage, worker: worker,
      occurrence: book.countOccurrence(of: first.stage, worker), before: before,
      after: PenaltyDiagnostics(state.update.penalty, at: anchor, rate: rate),
      newestTermSquaredNorm: PenaltyDiagnostics(newest, at: anchor, rate: rate)
        .squaredGradientNorm,
      importanceSums: sums(of: importance, state.shard.range),
      ledger: [
        LedgerLine(
          stage: first.stage, worker: worker, version: first.version,
          exampleCount: source == .workers ? mean.exampleCount : 0,
          importanceSum: Kernels.sum(importance.base, count: importance.count),
          byteCount: group.reduce(0) { $0 + $1.byteCount })
      ])
  }

  /// Σ Ω of each tensor's part in this shard.
  private func sums(of importance: Vector, _ shard: Range<Int>) -> [Double] {
    layout.tensors.map { tensor in
      let part = tensor.range.clamped(to: shard)
      guard !part.isEmpty else { return 0 }
      return Kernels.sum(
        importance.base + part.lowerBound - shard.lowerBound, count: part.count)
    }
  }
}

extension ShardConsolidation: Saved {
  /// At rest nothing is exchanged.
  static let unsaved = ["source", "taskSchedule", "foldRule", "layout", "exchange"]

  func save(to archive: inout Archive) { archive.put("book", state: book) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("book", into: &book)
  }
}
