import Foundation

/// Importance per layer: for every tensor a group of bars, one for each finished task.
struct LayerFigure {
  let run: RunResult
  let label: String

  /// `nil` without importance.
  func drawing(width: Double) -> Drawing? {
    let boundaries = run.diagnostics.boundaries.filter { !$0.layers.isEmpty }
    let positive = boundaries.flatMap(\.layers).map(\.mean).filter { $0 > 0 && $0.isFinite }
    guard let most = positive.max(), let least = positive.min() else { return nil }
    // Layers differ by powers of ten as a rule; bars of length then say nothing on a plain scale.
    let isLogarithmic = most / least > 30
    let low = isLogarithmic ? pow(10, (log10(least) - 0.2).rounded(.down)) : 0
    let scale = Axis(values: low...most, from: 0, to: width, isLogarithmic: isLogarithmic)
    let names = boundaries[0].layers.map(\.name)
    let items = boundaries.enumerated().map { (name: $1.task, css: "fill \(series($0))") }
    let legend = Drawing.legendHeight(items.map(\.name), x: 0, width: width)
    let bar = max(4, min(9, 60 / Double(boundaries.count)))
    let group = 30 + bar * Double(boundaries.count)
    let top = legend + 10
    let bottom = top + group * Double(names.count)
    var drawing = Drawing(
      width: width, height: bottom + 26, title: "Importance per layer, \(label)",
      summary: "Mean importance of the weights of each tensor after each task, from "
        + "\(Figures.short(least)) to \(Figures.short(most)).")
    drawing.legend(items, x: 0, y: 0)
    rules(scale, top: top, bottom: bottom, in: &drawing)
    for (layer, name) in names.enumerated() {
      let y = top + group * Double(layer)
      drawing.text(Lettering.fitted(name, width), 0, y + 15, css: "label dark halo")
      for (place, boundary) in boundaries.enumerated() {
        let value = boundary.layers[layer].mean
        guard value > 0, value.isFinite else { continue }
        drawing.rectangle(
          0, y + 20 + bar * Double(place), max(1, scale(value)), bar - 1,
          css: "fill \(series(place))",
          hint: "\(name) after \(boundary.task): mean \(Figures.short(value)), sum "
            + Figures.short(boundary.layers[layer].sum))
      }
    }
    return drawing
  }

  private func rules(_ scale: Axis, top: Double, bottom: Double, in drawing: inout Drawing) {
    let ticks =
      scale.isLogarithmic
      ? scale.decades(atMost: drawing.width > 500 ? 9 : 5)
        .map { (pow(10, Double($0)), Axis.power($0)) }
      : scale.ticks(4).map { ($0, Figures.short($0)) }
    for (value, name) in ticks {
      let x = scale(value)
      drawing.line(x, top, x, bottom, css: "rule")
      let anchor: Drawing.Anchor = x < 12 ? .start : x > drawing.width - 16 ? .end : .middle
      drawing.text(name, x, bottom + 16, anchor)
    }
  }
}
