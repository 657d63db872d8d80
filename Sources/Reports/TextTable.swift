/// A table in plain text: first column to the left, figures to the right, as wide as its content.
struct TextTable {
  let title: String
  let header: [String]
  let rows: [[String]]
  /// Columns of words, set to the left.
  var leftColumns: Set<Int> = [0]

  /// The lines, each without spaces at its end.
  func text(_ style: TerminalStyle) -> String {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    func line(_ cells: [String]) -> String {
      let padded = cells.enumerated().map { column, cell in
        leftColumns.contains(column)
          ? cell.padded(to: widths[column]) : cell.led(to: widths[column])
      }
      return padded.joined(separator: "  ").trimmedAtEnd
    }
    let lines = [style.bold(title), style.faint(line(header))] + rows.map(line)
    return style.drawable(lines.joined(separator: "\n") + "\n")
  }
}

extension String {
  /// With spaces behind, up to a width.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// With spaces before, up to a width.
  func led(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }

  /// At most as long as told, with an ellipsis where something was cut.
  func cut(to length: Int) -> String {
    count <= length ? self : String(prefix(max(0, length - 1))) + "…"
  }

  /// Without spaces at its end.
  var trimmedAtEnd: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
