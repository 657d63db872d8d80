/// The matrix R as a heat map: rows are moments, columns are tasks.
struct MatrixFigure {
  let run: RunResult

  var svg: String {
    let names = run.taskNames
    let rows = run.matrix.enumerated().filter { $0.element.contains { $0 != nil } }
    let (cell, height, left, top) = (64.0, 34.0, 124.0, 30.0)
    var drawing = Drawing(
      width: left + cell * Double(names.count) + 4, height: top + height * Double(rows.count) + 4,
      title: "Accuracy of \(run.method) on each task after each task")
    for (column, name) in names.enumerated() {
      drawing.text(
        String(name.prefix(9)), left + cell * (Double(column) + 0.5), top - 10, anchor: "middle")
    }
    for (place, (index, row)) in rows.enumerated() {
      let y = top + height * Double(place)
      let head = index == 0 ? "untrained" : "after \(names[index - 1].prefix(12))"
      drawing.text(head, left - 8, y + height / 2 + 4, anchor: "end")
      for (column, value) in row.enumerated() {
        let x = left + cell * Double(column)
        guard let value else {
          drawing.rectangle(x + 1, y + 1, cell - 2, height - 2, css: "empty")
          continue
        }
        let (red, green, blue) = HeatScale.color(value)
        drawing.rectangle(
          x + 1, y + 1, cell - 2, height - 2, fill: "rgb(\(red),\(green),\(blue))",
          css: column + 1 == index ? "own" : "",
          hint: "\(head), task \(names[column]): \(Figures.percent(value)) %")
        drawing.text(
          Figures.percent(value), x + cell / 2, y + height / 2 + 4, anchor: "middle", css: "cell",
          fill: HeatScale.isDark(value) ? "#fff" : "#111")
      }
    }
    return drawing.svg
  }
}
