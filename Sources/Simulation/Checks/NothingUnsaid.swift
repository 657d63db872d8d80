import Roles

/// What the coordinator has told of the run stays so: what is measured or consolidated again after
/// a loss is the same, and the record that is left at the end has all of it.
struct NothingUnsaid: RunCheck {
  private struct Moment: Hashable {
    let occasion: RunRecord.Row.Occasion
    let step: Int
    let versions: [UInt64]

    init(_ row: RunRecord.Row) {
      occasion = row.occasion
      step = row.step
      versions = row.versions
    }
  }

  private(set) var violations: [String] = []
  /// In the order in which they were told first.
  private var rows: [RunRecord.Row] = []
  private var places: [Moment: Int] = [:]
  private var reports: [BoundaryReport] = []

  mutating func see(_ sight: Sight) {
    guard sight.node == .coordinator else { return }
    for event in sight.events {
      switch event {
      case .measured(let row): enter(row)
      case .consolidated(let report): enter(report)
      default: continue
      }
    }
  }

  private mutating func enter(_ row: RunRecord.Row) {
    guard let place = places[Moment(row)] else {
      places[Moment(row)] = rows.count
      rows.append(row)
      return
    }
    if !rows[place].saysTheSame(as: row) {
      violations.append("at versions \(row.versions) other accuracies were measured than before")
    }
  }

  private mutating func enter(_ report: BoundaryReport) {
    guard let known = reports.first(where: { $0.isOfSameMoment(as: report) }) else {
      reports.append(report)
      return
    }
    if !known.saysTheSame(as: report) {
      violations.append("stage \(report.stage + 1) was consolidated otherwise than before")
    }
  }

  mutating func conclude(_ record: RunRecord) {
    guard record.weights != nil else { return }
    let left = Dictionary(record.rows.map { (Moment($0), $0) }) { $1 }
    for row in rows where left[Moment(row)].map({ $0.saysTheSame(as: row) }) != true {
      violations.append("the row at versions \(row.versions) was told and is no more")
    }
    for report in reports
    where !record.consolidations.contains(where: {
      $0.isOfSameMoment(as: report) && $0.saysTheSame(as: report)
    }) {
      violations.append("the consolidation of stage \(report.stage + 1) was told and is no more")
    }
  }
}

extension BoundaryReport {
  fileprivate func isOfSameMoment(as other: BoundaryReport) -> Bool {
    (stage, worker, occurrence) == (other.stage, other.worker, other.occurrence)
  }

  /// Whether both tell the same; sums over servers run in the order in which they told.
  fileprivate func saysTheSame(as other: BoundaryReport) -> Bool {
    Set(ledger) == Set(other.ledger)
  }
}
