/// The matrix R of one run in coloured text: a row for each measurement, a column for each task.
struct MatrixTable {
  let run: RunResult
  let label: String

  /// Tasks that do not fit beside one another continue below.
  func text(_ style: TerminalStyle) -> String {
    let names = run.taskNames.map { printable($0).cut(to: 14) }
    let width = max(7, (names.map(\.count).max() ?? 0) + 2)
    let heads = run.measuredRows.map { name(ofRow: $0.number) }
    let head = min(style.width / 3, max(9, heads.map(\.count).max() ?? 0))
    let columnCount = max(1, (style.width - head) / width)
    var lines = [
      style.bold("\(printable(label)): accuracy in % on each task (column) after each task (row)")
    ]
    for first in stride(from: 0, to: names.count, by: columnCount) {
      if first > 0 { lines.append("") }
      let columns = first..<min(first + columnCount, names.count)
      lines += block(columns, names: names, width: width, head: head, style)
    }
    return style.drawable(lines.joined(separator: "\n") + "\n")
  }

  private func block(
    _ columns: Range<Int>, names: [String], width: Int, head: Int, _ style: TerminalStyle
  ) -> [String] {
    let header = "".padded(to: head) + columns.map { names[$0].led(to: width) }.joined()
    let rows = run.measuredRows.map { row -> String in
      let name = name(ofRow: row.number)
      let cells = columns.map { column -> String in
        let text = (Figures.percent(row.accuracies[column]) + " ").led(to: width)
        guard let value = row.accuracies[column] else { return text }
        return style.heat(text, value, isBold: run.isJustLearned(column, in: row.number))
      }
      return (name.cut(to: head).padded(to: head) + cells.joined()).trimmedAtEnd
    }
    return [style.faint(header)] + rows
  }

  private func name(ofRow number: Int) -> String { printable(run.rowName(number)).cut(to: 20) }
}
