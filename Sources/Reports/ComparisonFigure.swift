/// ACC, BWT and forgetting of several runs as bars, in three panels.
struct ComparisonFigure {
  let runs: [RunResult]
  let labels: [String]

  private struct Panel {
    let title: String
    let values: [Double?]
    let texts: [String]
    let css: String
  }

  func drawing(width: Double) -> Drawing {
    let panels = [
      Panel(
        title: "ACC, %", values: runs.map(\.accuracy),
        texts: runs.map { Figures.percent($0.accuracy) }, css: "fill s0"),
      Panel(
        title: "BWT, points", values: runs.map(\.backwardTransfer),
        texts: runs.map { PageParts.signed(Figures.signedPercent($0.backwardTransfer)) },
        css: "fill s1"),
      Panel(
        title: "forgetting, points", values: runs.map(\.forgetting),
        texts: runs.map { Figures.percent($0.forgetting) }, css: "fill s1"),
    ]
    let isWide = width > 500
    let longest = labels.map(Lettering.width).max() ?? 0
    let names = min(isWide ? 220 : 120, longest + 14)
    let rowHeight = 26.0
    let panelHeight = 30 + rowHeight * Double(runs.count)
    let panelWidth = isWide ? (width - names) / 3 : width - names
    var drawing = Drawing(
      width: width, height: isWide ? panelHeight + 4 : 3 * (panelHeight + 12),
      title: "ACC, BWT and forgetting", summary: summary)
    for (index, panel) in panels.enumerated() {
      let x = names + (isWide ? panelWidth * Double(index) : 0)
      let y = isWide ? 0 : (panelHeight + 12) * Double(index)
      draw(panel, x: x, y: y, width: panelWidth - 16, rowHeight: rowHeight, in: &drawing)
      guard index == 0 || !isWide else { continue }
      for (row, label) in labels.enumerated() {
        drawing.text(
          Lettering.fitted(label, names - 12), names - 10, y + 30 + rowHeight * Double(row) + 15,
          .end, css: "label dark")
      }
    }
    return drawing
  }

  private var summary: String {
    zip(labels, runs).map { "\($0): ACC \(Figures.percent($1.accuracy)) %" }
      .joined(separator: ", ") + "."
  }

  /// Room is kept at both ends, so that a value always stands beside its bar.
  private func draw(
    _ panel: Panel, x: Double, y: Double, width: Double, rowHeight: Double,
    in drawing: inout Drawing
  ) {
    let values = panel.values.map { $0.flatMap(finite) }
    let low = min(0, values.compactMap { $0 }.min() ?? 0)
    let high = max(0, values.compactMap { $0 }.max() ?? 0)
    let scale = Axis(
      values: low...max(high, low + 1e-9), from: x + (low < 0 ? 46 : 0),
      to: x + width - (high > 0 ? 46 : 0))
    drawing.text(panel.title, x, y + 14, css: "label strong")
    let bottom = y + 26 + rowHeight * Double(runs.count)
    drawing.line(scale(0), y + 24, scale(0), bottom, css: "tick")
    for (row, value) in values.enumerated() {
      let place = y + 30 + rowHeight * Double(row)
      guard let value else {
        drawing.text("–", scale(0) + (high > 0 ? 6 : -12), place + 15)
        continue
      }
      let (from, to) = (min(scale(0), scale(value)), max(scale(0), scale(value)))
      drawing.rectangle(
        from, place + 3, max(1, to - from), rowHeight - 10,
        css: panel.css + (runs[row].isBound ? " bound" : ""), radius: 2,
        hint: "\(labels[row]): \(panel.texts[row])")
      drawing.text(
        panel.texts[row], value < 0 ? from - 5 : to + 5, place + 15, value < 0 ? .end : .start,
        css: "label dark")
    }
  }
}
