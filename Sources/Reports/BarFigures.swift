import Foundation

/// One or more stacked horizontal bars with the names and amounts of their parts beneath.
struct StackFigure {
  struct Bar {
    let name: String
    let parts: [(name: String, amount: Double, text: String)]
  }

  let title: String
  let bars: [Bar]

  var svg: String {
    let (width, left, height) = (720.0, 110.0, 46.0)
    let most = max(1e-12, bars.map { $0.parts.reduce(0) { $0 + $1.amount } }.max() ?? 0)
    var drawing = Drawing(
      width: width, height: height * Double(bars.count) + 30, title: title)
    for (index, bar) in bars.enumerated() {
      let y = height * Double(index) + 6
      drawing.text(bar.name, left - 10, y + 19, anchor: "end")
      var x = left
      for (place, part) in bar.parts.enumerated() {
        let length = (width - left - 10) * part.amount / most
        drawing.rectangle(
          x, y, length, 28, css: "fill s\(place % 8)", hint: "\(part.name): \(part.text)")
        if length > Double(part.text.count) * 7.5 + 8 {
          drawing.text(part.text, x + length / 2, y + 19, anchor: "middle", css: "onfill")
        }
        x += length
      }
    }
    let y = height * Double(bars.count) + 18
    var x = left
    for (place, part) in (bars.first?.parts ?? []).enumerated() {
      drawing.rectangle(x, y - 10, 11, 11, css: "fill s\(place % 8)")
      drawing.text(part.name, x + 16, y)
      x += 36 + Double(part.name.count) * 7.5
    }
    return drawing.svg
  }
}

/// Importance per layer: a bar for every tensor and task, on a logarithmic scale.
struct LayerFigure {
  let run: RunResult

  var svg: String? {
    let boundaries = run.diagnostics.boundaries.filter { !$0.layers.isEmpty }
    let positive = boundaries.flatMap(\.layers).map(\.mean).filter { $0 > 0 }
    guard let most = positive.max(), let least = positive.min() else { return nil }
    let (high, low) = (log10(most).rounded(.up), log10(least).rounded(.down) - 0.2)
    let names = boundaries[0].layers.map(\.name)
    let (width, height, left, top, bottom) = (720.0, 260.0, 56.0, 14.0, 58.0)
    func y(_ value: Double) -> Double {
      top + (height - top - bottom) * (high - log10(value)) / max(1e-9, high - low)
    }
    var drawing = Drawing(
      width: width, height: height, title: "Mean importance per layer, \(run.method)")
    for power in stride(from: high, through: low, by: -1) {
      let value = pow(10, power)
      drawing.line(left, y(value), width - 10, y(value), css: "rule")
      drawing.text("1e\(Int(power))", left - 6, y(value) + 4, anchor: "end")
    }
    let group = (width - left - 10) / Double(names.count)
    let bar = min(26, (group - 14) / Double(boundaries.count))
    for (layer, name) in names.enumerated() {
      let middle = left + group * (Double(layer) + 0.5)
      for (place, boundary) in boundaries.enumerated() where boundary.layers[layer].mean > 0 {
        let value = boundary.layers[layer].mean
        let x = middle + (Double(place) - Double(boundaries.count) / 2) * bar
        drawing.rectangle(
          x, y(value), bar - 2, height - bottom - y(value), css: "fill s\(place % 8)",
          hint: "\(name) after \(boundary.task): mean \(String(format: "%.3g", value))")
      }
      drawing.text(
        name.replacingOccurrences(of: "layer", with: "").replacingOccurrences(of: ".", with: " "),
        middle, height - bottom + 16, anchor: "middle")
    }
    var x = left
    for (place, boundary) in boundaries.enumerated() {
      drawing.rectangle(x, height - 22, 11, 11, css: "fill s\(place % 8)")
      drawing.text(boundary.task, x + 16, height - 12)
      x += 36 + Double(boundary.task.count) * 7.5
    }
    return drawing.svg
  }
}
