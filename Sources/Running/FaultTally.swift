import Reports
import Simulation

/// What has happened in many runs with faults.
struct FaultTally {
  private struct Row {
    var faultCount = 0
    var runCount = 0
    var violationCount = 0
  }

  private var rows: [String: Row] = [:]
  private var all = Row()
  private var recoveryCount = 0
  private var otherCount = 0
  /// Runs in which something was violated, or that were another one the second time.
  private(set) var failureCount = 0

  /// - Parameter isRepeatable: Whether the same plan led to the same twice.
  mutating func enter(_ outcome: FaultOutcome, isRepeatable: Bool) {
    let violationCount = outcome.violations.count
    for (kind, faults) in Dictionary(grouping: outcome.injected, by: \.kind) {
      rows[kind, default: Row()].faultCount += faults.count
      rows[kind, default: Row()].runCount += 1
      rows[kind, default: Row()].violationCount += violationCount
    }
    all.faultCount += outcome.injected.count
    all.runCount += 1
    all.violationCount += violationCount
    recoveryCount += outcome.recoveries.count
    if !isRepeatable { otherCount += 1 }
    if !isRepeatable || violationCount > 0 { failureCount += 1 }
  }

  /// By kind: how often it happened, in how many runs, and what was violated there.
  var table: TextTable {
    func cells(_ name: String, _ row: Row) -> [String] {
      [name, "\(row.faultCount)", "\(row.runCount)", "\(row.violationCount)"]
    }
    return TextTable(
      title: "\(recoveryCount) recoveries; \(otherCount) runs were another one the second time",
      header: ["fault", "times", "runs", "violations"],
      rows: rows.sorted { $0.key < $1.key }.map { cells($0.key, $0.value) } + [cells("all", all)])
  }
}
