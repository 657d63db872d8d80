/// The matrix R of one run in coloured text: a row for each measurement, a column for each task.
struct MatrixTable {
  let run: RunResult
  let label: String

  /// Tasks that do not fit beside one another continue below.
  func text(_ style: TerminalStyle) -> String {
    let rows = run.measuredRows.map(\.number)
    let heads = String.shortened(rows.map { name(run.rowName($0), style) }, to: 20)
    let head = min(style.width * 2 / 5, max(9, heads.map(\.columnCount).max() ?? 0))
    let names = String.shortened(
      run.taskNames.map { name($0, style) }, to: min(14, style.width - head - 2))
    let width = max(7, (names.map(\.columnCount).max() ?? 0) + 2)
    let columnCount = max(1, (style.width - head) / width)
    let title = style.drawable(
      "\(printable(label)): accuracy in % on each task (column) after each task (row)")
    var lines = title.folded(to: style.width).map(style.bold)
    for first in stride(from: 0, to: names.count, by: columnCount) {
      if first > 0 { lines.append("") }
      let columns = first..<min(first + columnCount, names.count)
      lines.append(
        style.faint("".padded(to: head) + columns.map { names[$0].led(to: width) }.joined()))
      lines += block(columns, width: width, heads: String.shortened(heads, to: head), head, style)
    }
    return style.drawable(lines.joined(separator: "\n") + "\n")
  }

  private func block(
    _ columns: Range<Int>, width: Int, heads: [String], _ head: Int, _ style: TerminalStyle
  ) -> [String] {
    zip(run.measuredRows, heads).map { row, name in
      let cells = columns.map { column -> String in
        let text = (Figures.percent(row.accuracies[column]) + " ").led(to: width)
        guard let value = row.accuracies[column] else { return text }
        return style.heat(text, value, isBold: run.isJustLearned(column, in: row.number))
      }
      return (name.padded(to: head) + cells.joined()).trimmedAtEnd
    }
  }

  private func name(_ text: String, _ style: TerminalStyle) -> String {
    style.drawable(printable(text))
  }
}
