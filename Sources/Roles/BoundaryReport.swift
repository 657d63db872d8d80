public import Consolidation

/// What a server found when it consolidated a stage: the lie detectors of its shard, in a form that
/// adds up over servers.
public struct BoundaryReport: Sendable, Codable, Hashable {
  /// Penalty at the weights of the boundary, before the stage was folded.
  public var before: PenaltyDiagnostics
  /// The same after folding.
  public var after: PenaltyDiagnostics
  /// Squared norm of the newest term's own gradient at its anchor: 0, or something is wrong.
  public var newestTermSquaredNorm: Double
  /// Σ Ω of the stage per tensor of the layout (0 where the shard has no part of it).
  public var importanceSums: [Double]
  public var ledger: [LedgerLine]

  /// Adds another server's part of the same boundary.
  public mutating func merge(_ other: BoundaryReport) {
    before = before.merging(other.before)
    after = after.merging(other.after)
    newestTermSquaredNorm += other.newestTermSquaredNorm
    for index in importanceSums.indices { importanceSums[index] += other.importanceSums[index] }
    ledger += other.ledger
  }
}
