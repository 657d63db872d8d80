/// A table in plain text: names to the left, figures to the right, as wide as its content.
///
/// Where that is wider than the terminal, remarks go under their rows, headings take several
/// lines, and columns continue below, each time with the names of the rows; where not even that
/// fits, every row is a list. A figure is never broken.
public struct TextTable: Sendable {
  /// Above it; empty for none.
  let title: String
  let header: [String]
  let rows: [[String]]
  /// Columns of words, set to the left.
  let leftColumns: Set<Int>
  /// So many columns at the left name a row.
  let keyCount: Int

  /// - Parameters:
  ///   - title: Above it; empty for none.
  ///   - header: A name for each column; a last column of words without one has remarks.
  ///   - rows: As many cells each as the header.
  ///   - leftColumns: Columns of words, set to the left.
  ///   - keyCount: So many columns at the left name a row.
  public init(
    title: String = "", header: [String], rows: [[String]], leftColumns: Set<Int> = [0],
    keyCount: Int = 1
  ) {
    self.title = title
    self.header = header
    self.rows = rows
    self.leftColumns = leftColumns
    self.keyCount = keyCount
  }

  /// The lines, each without spaces at its end and none wider than the terminal.
  public func text(_ style: TerminalStyle) -> String {
    // Letters come first: what stands for a sign may be longer than it.
    let layout = Layout(
      TextTable(
        title: title, header: header.map(style.drawable),
        rows: rows.map { $0.map(style.drawable) }, leftColumns: leftColumns, keyCount: keyCount),
      width: style.width)
    let titles =
      title.isEmpty ? [] : style.drawable(title).folded(to: style.width).map(style.bold)
    let lines = layout.lines.map { $0.isHeading ? style.faint($0.text) : $0.text }
    return (titles + lines).joined(separator: "\n") + "\n"
  }
}

extension TextTable {
  /// A table's lines in a width.
  struct Layout {
    struct Line {
      var text: String
      var isHeading = false
    }

    private let table: TextTable
    private let width: Int
    /// Of each column: its cells, them and the heading in one line, them and the heading folded.
    private let cells: [Int]
    private let natural: [Int]
    private let least: [Int]

    init(_ table: TextTable, width: Int) {
      self.table = table
      self.width = width
      cells = table.header.indices.map { column in
        table.rows.map { $0[column].columnCount }.max() ?? 0
      }
      natural = zip(cells, table.header).map { max($0, $1.columnCount) }
      least = zip(cells, table.header).map { cells, name in
        max(cells, name.split(separator: " ").map { String($0).columnCount }.max() ?? 0)
      }
    }

    var lines: [Line] {
      let all = Array(table.header.indices)
      if total(all, natural) <= width { return block(all, natural) }
      let keys = Array(all.prefix(table.keyCount))
      let remark = remark
      let rest = all.filter { $0 >= table.keyCount && $0 != remark }
      let blocks = packed(rest, keys, natural)
      let folded = packed(rest, keys, least)
      // Headings are folded where that saves a block.
      let isFolded =
        blocks.map { blocks in folded.map { $0.count < blocks.count } ?? false } ?? true
      guard let chosen = isFolded ? folded : blocks, isReadable(chosen, rest) else {
        return heading(of: keys) + table.rows.indices.flatMap { list($0, keys) }
      }
      return chosen.enumerated().flatMap { place, columns in
        (place > 0 ? [Line(text: "")] : [])
          + block(keys + columns, isFolded ? least : natural, remark: place == 0 ? remark : nil)
      }
    }

    /// The last column where it has words without a name.
    private var remark: Int? {
      let last = table.header.count - 1
      let isRemark =
        last >= table.keyCount && table.header[last].isEmpty && table.leftColumns.contains(last)
      return isRemark ? last : nil
    }

    private func total(_ columns: [Int], _ widths: [Int]) -> Int {
      columns.reduce(0) { $0 + widths[$1] } + 2 * max(0, columns.count - 1)
    }

    /// Columns in blocks that fit beside the keys; `nil` where one does not.
    private func packed(_ columns: [Int], _ keys: [Int], _ widths: [Int]) -> [[Int]]? {
      var blocks: [[Int]] = [[]]
      for column in columns {
        if total(keys + blocks[blocks.count - 1] + [column], widths) > width,
          !blocks[blocks.count - 1].isEmpty
        {
          blocks.append([])
        }
        blocks[blocks.count - 1].append(column)
      }
      return blocks.allSatisfy { total(keys + $0, widths) <= width } ? blocks : nil
    }

    /// Blocks of single columns are harder to read than lists.
    private func isReadable(_ blocks: [[Int]], _ columns: [Int]) -> Bool {
      columns.count < 2 || blocks.count * 2 <= columns.count
    }

    // MARK: Columns

    private func block(_ columns: [Int], _ widths: [Int], remark: Int? = nil) -> [Line] {
      func line(_ cells: [String]) -> String {
        zip(columns, cells).map { column, cell in
          table.leftColumns.contains(column)
            ? cell.padded(to: widths[column]) : cell.led(to: widths[column])
        }.joined(separator: "  ").trimmedAtEnd
      }
      let names = columns.map { table.header[$0].folded(to: max(2, widths[$0])) }
      let height = names.map(\.count).max() ?? 1
      // Headings stand on their cells.
      let headings = (0..<height).map { place in
        Line(
          text: line(
            names.map { name in
              let own = place - (height - name.count)
              return own < 0 ? "" : name[own]
            }), isHeading: true)
      }
      let keys = columns.prefix(table.keyCount)
      let indent = min(total(Array(keys), widths) + 2, width / 3)
      let rows = table.rows.flatMap { row -> [Line] in
        let cells = Line(text: line(columns.map { row[$0] }))
        guard let remark, !row[remark].isEmpty else { return [cells] }
        let margin = String(repeating: " ", count: indent)
        return [cells]
          + row[remark].folded(to: width - indent).map { Line(text: (margin + $0).trimmedAtEnd) }
      }
      return (headings.allSatisfy { $0.text.isEmpty } ? [] : headings) + rows
    }

    // MARK: Lists

    private func heading(of keys: [Int]) -> [Line] {
      let names = keys.map { table.header[$0].trimmedAtEnd }.filter { !$0.isEmpty }
      guard !names.isEmpty else { return [] }
      return names.joined(separator: ", ").folded(to: width)
        .map { Line(text: $0, isHeading: true) }
    }

    /// A row as a list of its cells, those without content left out.
    private func list(_ row: Int, _ keys: [Int]) -> [Line] {
      let cells = table.rows[row]
      let name = keys.map { cells[$0] }.filter { !$0.isEmpty }.joined(separator: ", ")
      let rest = table.header.indices.dropFirst(table.keyCount).filter { !cells[$0].isEmpty }
      let names = min(width / 2, rest.map { table.header[$0].columnCount }.max() ?? 0)
      return name.folded(to: width).map { Line(text: $0.trimmedAtEnd) }
        + rest.flatMap { column -> [Line] in
          let heading = table.header[column].trimmedAtEnd
          let line = "  " + heading.padded(to: names) + "  " + cells[column]
          if line.columnCount <= width { return [Line(text: line.trimmedAtEnd)] }
          return [(heading, 2), (cells[column], 4)].flatMap { text, indent in
            text.folded(to: width - indent).map {
              Line(text: (String(repeating: " ", count: indent) + $0).trimmedAtEnd)
            }
          }
        }
    }
  }
}
