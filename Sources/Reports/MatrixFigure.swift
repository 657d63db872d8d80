/// The matrix R as a heat map: rows are moments, columns are tasks.
struct MatrixFigure {
  let run: RunResult
  let label: String

  private let left: Double
  private let cell: Double
  private let top = 28.0
  private let height = 34.0

  /// - Parameter width: Wanted; with many tasks the drawing is wider, so that all can be read.
  init(run: RunResult, label: String, width: Double) {
    self.run = run
    self.label = label
    let longest = run.measuredRows.map { Lettering.width(run.rowName($0.number)) }.max() ?? 0
    left = min(width < 400 ? 96 : 150, longest + 12)
    cell = max(44, min(62, (width - left - 8) / Double(max(1, run.taskNames.count))))
  }

  private var width: Double { left + cell * Double(run.taskNames.count) + 8 }

  var drawing: Drawing {
    let rows = run.measuredRows
    let bottom = top + height * Double(rows.count)
    var drawing = Drawing(
      width: width, height: bottom + 44, title: "Accuracy matrix R, \(label)", summary: summary)
    for (column, name) in Lettering.fitted(run.taskNames, cell - 2).enumerated() {
      drawing.text(name, left + cell * (Double(column) + 0.5), top - 10, .middle)
    }
    let names = Lettering.fitted(rows.map { run.rowName($0.number) }, left - 10)
    for (place, row) in rows.enumerated() {
      let y = top + height * Double(place)
      drawing.text(names[place], left - 8, y + height / 2 + 4, .end)
      for (column, value) in row.accuracies.enumerated() {
        draw(value, row: row.number, column: column, y: y, in: &drawing)
      }
    }
    scale(&drawing, y: bottom + 16)
    return drawing
  }

  private var summary: String {
    guard let last = run.measuredRows.last else { return "Nothing was measured." }
    let ends = zip(run.taskNames, last.accuracies).map { "\($0) \(Figures.percent($1)) %" }
    return "At the end: " + ends.joined(separator: ", ") + "."
  }

  private func draw(
    _ value: Double?, row: Int, column: Int, y: Double, in drawing: inout Drawing
  ) {
    let x = left + cell * Double(column)
    let hint = "\(run.rowName(row)), task \(run.taskNames[column])"
    guard let value else {
      drawing.rectangle(
        x + 2, y + 2, cell - 4, height - 4, css: "void", radius: 3, hint: hint + ": not evaluated")
      drawing.text("–", x + cell / 2, y + height / 2 + 4, .middle)
      return
    }
    let level = HeatLevels.level(value)
    let isOwn = run.isJustLearned(column, in: row)
    drawing.rectangle(
      x + 1, y + 1, cell - 2, height - 2, css: "h\(level)", radius: 3,
      hint: "\(hint): \(Figures.percent(value)) %")
    if isOwn {
      drawing.rectangle(x + 2, y + 2, cell - 4, height - 4, css: "own", radius: 3)
    }
    drawing.text(
      Figures.percent(value), x + cell / 2, y + height / 2 + 4, .middle,
      css: "cell k\(level)" + (isOwn ? " strong" : ""))
  }

  /// The colours from 0 to 100 %, with the level of guessing.
  private func scale(_ drawing: inout Drawing, y: Double) {
    let length = width - left - 8
    let step = length / Double(HeatLevels.count)
    for level in 0..<HeatLevels.count {
      drawing.rectangle(left + step * Double(level), y, step + 0.5, 8, css: "h\(level)")
    }
    drawing.text("0", left, y + 22)
    drawing.text("100 %", left + length, y + 22, .end)
    guard let chance = run.chance.flatMap(finite) else { return }
    drawing.line(left + length * chance, y - 3, left + length * chance, y + 11, css: "mark")
    let anchor: Drawing.Anchor = chance < 0.2 ? .start : .middle
    drawing.text("chance", max(left + 16, left + length * chance), y + 22, anchor)
  }
}

/// The heat map's colours as classes of the style sheet: `h` for the field, `k` for the ink on it.
enum HeatLevels {
  static let count = 21

  /// The level of a fraction, 0..<``count``.
  static func level(_ fraction: Double) -> Int {
    Int((max(0, min(1, fraction)) * Double(count - 1)).rounded())
  }

  /// The rules for a scale. The ink is black or white: the better of these two has a contrast of at
  /// least 4.58, the square root of 21, on any colour.
  static func css(_ scale: HeatScale) -> String {
    (0..<count).map { level in
      let color = scale[Double(level) / Double(count - 1)]
      return ".h\(level){fill:\(color.css)}.k\(level){fill:\(color.ink.css)}"
    }.joined()
  }
}
