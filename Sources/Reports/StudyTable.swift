import Metrics

/// The groups of a study with their means and intervals: on the screen and on the page.
struct StudyTable {
  /// What every study shows.
  static let figures: [StudyFigure] = [.accuracy, .backwardTransfer, .forgetting, .bytes]

  let study: StudyResult

  /// A row for each group.
  var rows: [[String]] {
    study.groups.map { group in
      group.place + ["\(group.completeCount)"]
        + Self.figures.map { Self.cell($0, group.sample($0)) }
    }
  }

  var header: [String] {
    study.columnNames + ["n"] + Self.figures.map(\.heading)
  }

  /// `81.2 ± 1.3`; a single value has no interval, and where all are equal it has no width.
  static func cell(_ figure: StudyFigure, _ sample: Sample?) -> String {
    guard let sample else { return "–" }
    let mean = PageParts.signed(figure.text(sample.mean))
    guard let half = sample.halfWidth95 else { return mean }
    // Every seed sends nearly the same bytes: a width that no digit shows is left out.
    let ends = [sample.mean - half, sample.mean + half].map(figure.text)
    if figure.form == .bytes, ends[0] == ends[1] { return mean }
    return "\(mean) ± \(figure.width(half))"
  }

  func text(_ style: TerminalStyle) -> String {
    TextTable(
      title: "Means over seeds with 95 % intervals", header: header,
      rows: rows.map { $0.map(printable) }, leftColumns: Set(study.axes.indices),
      keyCount: study.axes.count
    ).text(style)
  }
}

/// What the screen shows when a study is over.
public struct StudySummary: Sendable {
  private let study: StudyResult
  private let style: TerminalStyle

  /// - Parameter style: What the terminal can show.
  public init(_ study: StudyResult, style: TerminalStyle) {
    self.study = study
    self.style = style
  }

  /// The table, and what is missing.
  public var text: String {
    var text = "\n" + StudyTable(study: study).text(style)
    if let comparison = StudyComparison(study) { text += "\n" + comparison.text(style) }
    let missing = study.cells.count - study.completeCount
    if missing > 0 {
      text += style.note(
        "\(missing) of \(study.cells.count) cells are missing; the same command goes on")
    }
    if let remark = study.cells.compactMap(\.provenance).kernelRemark {
      text += style.drawable("note: \(printable(remark))\n")
    }
    return text
  }
}
