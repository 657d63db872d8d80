import Roles

/// The ledgers' sums hold: all bytes of a socket are those of its lines and those of its bins, and
/// a worker's part of the work is counted once.
struct LedgerAddsUp: RunCheck {
  private(set) var violations: [String] = []

  func see(_ sight: Sight) {}

  mutating func conclude(_ record: RunRecord) {
    guard record.weights != nil else { return }
    check(record.traffic, of: "the coordinator")
    for (rank, summary) in record.serverSummaries.enumerated() {
      guard let summary else { continue }
      check(summary.traffic, of: "server \(rank)")
      let counted = summary.stalenessCounts.reduce(0, +)
      if counted != summary.stepCount {
        violations.append(
          "server \(rank) applied \(summary.stepCount) pushes and knows the staleness of \(counted)"
        )
      }
    }
  }

  private mutating func check(_ report: TrafficReport, of node: String) {
    let lines = report.lines.reduce(0) { $0 + $1.framedByteCount }
    let bins = TrafficLine.Kind.allCases.reduce(0) {
      $0 + report.series.bins(of: $1).reduce(0, +)
    }
    if lines != bins {
      violations.append("\(node) has carried \(lines) bytes by its lines and \(bins) by its bins")
    }
  }
}
