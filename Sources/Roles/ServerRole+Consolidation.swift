import Consolidation
import Tensors
import Updates

extension ServerRole {
  /// Folds the finished stage and looks at the penalty before and after.
  mutating func consolidate(_ stage: Int, _ plan: ServerPlan) throws -> BoundaryReport {
    let anchor = Vector(uninitialized: plan.shard.count)
    for (range, block) in zip(ranges, weights) {
      anchor.replace(from: range.lowerBound - plan.shard.lowerBound, with: block)
    }
    let rate = update?.optimizer.rate ?? 0
    let before = diagnostics(at: anchor.view, rate: rate)
    guard let (importance, exampleCount) = try stageImportance(plan, anchor: anchor.view) else {
      return BoundaryReport(
        before: before, after: before, newestTermSquaredNorm: 0,
        importanceSums: plan.layout.tensors.map { _ in 0 }, ledger: [])
    }
    update?.fold(importance: importance.view, anchor: anchor.view, rule: plan.foldRule)
    // The newest term alone, as the penalty computes it: it must vanish at its own anchor.
    var newest = FoldedPenalty(strength: before.strength, count: plan.shard.count)
    newest.fold(importance: importance.view, anchor: anchor.view, rule: FoldRule())
    let line = LedgerLine(
      stage: stage, worker: nil, version: version, exampleCount: exampleCount,
      importanceSum: Kernels.sum(importance.base, count: importance.count),
      byteCount: plan.importance == .workers ? plan.workerCount * importance.view.byteCount : 0)
    return BoundaryReport(
      before: before, after: diagnostics(at: anchor.view, rate: rate),
      newestTermSquaredNorm: PenaltyDiagnostics(newest, at: anchor.view, rate: rate)
        .squaredGradientNorm,
      importanceSums: sums(of: importance, plan), ledger: [line])
  }

  private func diagnostics(at weights: VectorView, rate: Float) -> PenaltyDiagnostics {
    update.map { PenaltyDiagnostics($0.penalty, at: weights, rate: rate) } ?? PenaltyDiagnostics()
  }

  /// Ω of the stage and the examples behind it; `nil` when nothing is consolidated.
  private func stageImportance(
    _ plan: ServerPlan, anchor: VectorView
  ) throws -> (Vector, exampleCount: Int)? {
    switch plan.importance {
    case .none: return nil
    case .uniform: return (Vector(repeating: 1, count: plan.shard.count), 0)
    case .path: return update?.pathImportance(at: anchor).map { ($0, 0) }
    case .workers:
      var mean = ImportanceMean(count: plan.shard.count)
      for (worker, sum) in importances.enumerated() {
        guard let sum else { continue }
        try mean.enter(
          worker: worker, sum: sum.blocks.compactMap { $0 }, exampleCount: sum.exampleCount)
      }
      return (try mean.mean(), mean.exampleCount)
    }
  }

  /// Σ Ω of each tensor's part in this shard.
  private func sums(of importance: Vector, _ plan: ServerPlan) -> [Double] {
    plan.layout.tensors.map { tensor in
      let part = tensor.range.clamped(to: plan.shard)
      guard !part.isEmpty else { return 0 }
      return Kernels.sum(
        importance.base + part.lowerBound - plan.shard.lowerBound, count: part.count)
    }
  }
}
