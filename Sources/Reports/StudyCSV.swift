/// A study's cells as CSV, one row each, in the order of the grid.
public struct StudyCSV: Sendable {
  private let study: StudyResult

  /// A table of all its cells, done or missing.
  public init(_ study: StudyResult) { self.study = study }

  /// The file's text: settings that differ, seed, status, figures by name, folder and hash. Figures
  /// keep all their digits; absent ones are empty.
  public var text: String {
    let settings = study.axes.map(\.name) + study.otherKeys
    let header = settings + ["seed", "status"] + StudyFigure.all.map(\.name) + ["folder", "hash"]
    let rows = study.cells.map { cell in
      settings.map { study.value(of: $0, in: cell) } + ["\(cell.seed)", cell.status]
        + StudyFigure.all.map { cell.value($0).map(Self.number) ?? "" }
        + [cell.folder, cell.hash]
    }
    return Self.table(header, rows)
  }

  /// The groups against their baselines, in the order of the grid; `nil` without a baseline.
  public var comparison: String? {
    guard let comparison = StudyComparison(study) else { return nil }
    let header = study.axes.map(\.name) + ["baseline"] + StudyComparison.columns + ["front"]
    let rows = comparison.rows.map { row in
      row.group.place + [comparison.baselineName(row)]
        + StudyComparison.numbers(row).map { $0.map(Self.number) ?? "" } + [row.front.rawValue]
    }
    return Self.table(header, rows)
  }

  /// Counts without a point.
  static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header] + rows).map { $0.map(field).joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else {
      return text
    }
    return "\""
      + text.split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\"\"") + "\""
  }
}
