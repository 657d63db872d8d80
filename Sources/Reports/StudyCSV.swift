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
    return ([header] + rows).map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
  }

  /// Counts without a point.
  static func number(_ value: Double) -> String {
    value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
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
