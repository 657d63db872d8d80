/// How much learning one helps another as a heat map: rows are learned, columns are helped.
struct AffinityFigure {
  private let names: [String]
  private let estimate: AffinityResult.Estimate
  private let left: Double
  private let cell: Double
  private let top = 28.0
  private let height = 34.0

  /// - Parameter width: Wanted; with many tasks the drawing is wider, so that all can be read.
  init(_ estimate: AffinityResult.Estimate, names: [String], width: Double) {
    self.estimate = estimate
    self.names = names
    let longest = names.map(Lettering.width).max() ?? 0
    left = min(width < 400 ? 96 : 150, longest + 12)
    cell = max(44, min(62, (width - left - 8) / Double(max(1, names.count))))
  }

  private var width: Double { left + cell * Double(names.count) + 8 }

  var drawing: Drawing {
    let bottom = top + height * Double(names.count)
    var drawing = Drawing(
      width: width, height: bottom + 44, title: "Affinity by \(estimate.by)",
      summary: "\(estimate.meaning): \(names.count) rows and columns.")
    for (column, name) in Lettering.fitted(names, cell - 2).enumerated() {
      drawing.text(name, left + cell * (Double(column) + 0.5), top - 10, .middle)
    }
    for (row, name) in Lettering.fitted(names, left - 10).enumerated() {
      let y = top + height * Double(row)
      drawing.text(name, left - 8, y + height / 2 + 4, .end)
      for column in names.indices { draw(row, column, y, in: &drawing) }
    }
    scale(&drawing, y: bottom + 16)
    return drawing
  }

  private func draw(_ row: Int, _ column: Int, _ y: Double, in drawing: inout Drawing) {
    let x = left + cell * Double(column)
    let hint = "\(names[row]) for \(names[column])"
    guard let value = estimate.values[row][column] else {
      drawing.rectangle(
        x + 2, y + 2, cell - 4, height - 4, css: "void", radius: 3, hint: hint + ": not measured")
      drawing.text("–", x + cell / 2, y + height / 2 + 4, .middle)
      return
    }
    let (low, high) = (estimate.range.lowerBound, estimate.range.upperBound)
    let level = HeatLevels.level((value - low) / (high - low))
    let text = PageParts.signed(estimate.text(value))
    drawing.rectangle(
      x + 1, y + 1, cell - 2, height - 2, css: "h\(level)", radius: 3, hint: "\(hint): \(text)")
    drawing.text(text, x + cell / 2, y + height / 2 + 4, .middle, css: "cell k\(level)")
  }

  /// The colours with what they stand for.
  private func scale(_ drawing: inout Drawing, y: Double) {
    let length = width - left - 8
    let step = length / Double(HeatLevels.count)
    for level in 0..<HeatLevels.count {
      drawing.rectangle(left + step * Double(level), y, step + 0.5, 8, css: "h\(level)")
    }
    func words(_ value: Double) -> String { PageParts.signed(estimate.text(value)) }
    drawing.text(words(estimate.range.lowerBound), left, y + 22)
    drawing.text(words(estimate.range.upperBound), left + length, y + 22, .end)
  }
}
