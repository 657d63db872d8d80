/// Stability against plasticity: how much of what was learnt remains, against how well it was
/// learnt.
struct TradeoffFigure {
  let runs: [RunResult]

  /// Nothing to show for runs without both figures.
  var svg: String? {
    let points = runs.enumerated().compactMap { index, run -> (Int, String, Double, Double)? in
      guard let learning = run.learningAccuracy, let forgetting = run.forgetting else { return nil }
      return (index, run.method, learning, max(0, 1 - max(0, forgetting)))
    }
    guard !points.isEmpty else { return nil }
    let (width, height, left, right, top, bottom) = (420.0, 300.0, 52.0, 20.0, 24.0, 44.0)
    let floor = min(0.9, (points.flatMap { [$0.2, $0.3] }.min() ?? 0) - 0.05)
    let low = max(0, (floor * 10).rounded(.down) / 10)
    func x(_ value: Double) -> Double { left + (width - left - right) * (value - low) / (1 - low) }
    func y(_ value: Double) -> Double {
      top + (height - top - bottom) * (1 - (value - low) / (1 - low))
    }
    var drawing = Drawing(width: width, height: height, title: "Stability against plasticity")
    for step in 0...4 {
      let value = low + (1 - low) * Double(step) / 4
      drawing.line(left, y(value), width - right, y(value), css: "rule")
      drawing.line(x(value), top, x(value), height - bottom, css: "rule")
      drawing.text("\(Int((value * 100).rounded()))", left - 6, y(value) + 4, anchor: "end")
      drawing.text(
        "\(Int((value * 100).rounded()))", x(value), height - bottom + 16, anchor: "middle")
    }
    drawing.text(
      "plasticity: learning accuracy, %", (left + width - right) / 2, height - 6, anchor: "middle")
    drawing.text("stability: 100 − forgetting, %", left, 12)
    for (index, name, learning, stability) in points {
      let isFarRight = x(learning) > width - 90
      drawing.circle(x(learning), y(stability), 6, css: "dot s\(index % 8)", hint: name)
      drawing.text(
        name, x(learning) + (isFarRight ? -10 : 10), y(stability) + 4,
        anchor: isFarRight ? "end" : "start", css: "label ink s\(index % 8)")
    }
    return drawing.svg
  }
}
