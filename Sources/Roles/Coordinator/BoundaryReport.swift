public import Consolidation

/// What a server found when it consolidated: the lie detectors of its shard, in a form that adds up
/// over servers.
public struct BoundaryReport: Sendable, Codable, Hashable {
  /// 0-based stage of the stream.
  public let stage: Int
  /// The worker whose importance came in; `nil` for all workers together.
  public let worker: Int?
  /// How many times this was said of the same stage and worker before.
  public let occurrence: Int
  /// Penalty at the weights of the boundary, before the stage was folded.
  public var before: PenaltyDiagnostics
  /// Penalty at the weights of the boundary, after the stage was folded.
  public var after: PenaltyDiagnostics
  /// Squared norm of the newest term's own gradient at its anchor: 0, or something is wrong.
  public var newestTermSquaredNorm: Double
  /// Σ Ω of the stage per tensor of the layout (0 where the shard has no part of it).
  public var importanceSums: [Double]
  public var ledger: [LedgerLine]

  /// Whether it is of the same tensors as another server's part.
  func adds(to other: BoundaryReport) -> Bool {
    importanceSums.count == other.importanceSums.count
  }

  /// Adds another server's part of the same boundary, of the same tensors.
  public mutating func merge(_ other: BoundaryReport) {
    before = before.merging(other.before)
    after = after.merging(other.after)
    newestTermSquaredNorm += other.newestTermSquaredNorm
    importanceSums = zip(importanceSums, other.importanceSums).map(+)
    ledger += other.ledger
  }
}
