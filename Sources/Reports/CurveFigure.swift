/// Accuracy of every task over time: the forgetting curves, with the boundaries between tasks.
struct CurveFigure {
  let run: RunResult

  var svg: String {
    let (width, height, left, right, top, bottom) = (720.0, 300.0, 44.0, 84.0, 26.0, 34.0)
    let last = Double(max(1, run.curve.map(\.step).max() ?? 1))
    func x(_ step: Int) -> Double { left + (width - left - right) * Double(step) / last }
    func y(_ fraction: Double) -> Double { top + (height - top - bottom) * (1 - fraction) }
    var drawing = Drawing(
      width: width, height: height, title: "Accuracy of every task over time, \(run.method)")
    shadeTasks(&drawing, x: x, top: top, bottom: height - bottom)
    for tick in stride(from: 0.0, through: 1, by: 0.25) {
      drawing.line(left, y(tick), width - right, y(tick), css: "rule")
      drawing.text("\(Int(tick * 100)) %", left - 6, y(tick) + 4, anchor: "end")
    }
    if let chance = run.chance {
      drawing.line(left, y(chance), width - right, y(chance), css: "chance")
      drawing.text("chance", left + 4, y(chance) - 4, css: "label faint")
    }
    for task in run.taskNames.indices {
      let points = run.curve.compactMap { point -> (Double, Double)? in
        point.accuracies[task].map { (x(point.step), y($0)) }
      }
      drawing.path(points, css: "series s\(task % 8)")
      if points.count < 40 {
        for point in points { drawing.circle(point.0, point.1, 2.4, css: "dot s\(task % 8)") }
      }
    }
    labelEnds(&drawing, x: width - right + 6, y: y)
    drawing.text("steps: \(Figures.count(Int(last)))", width - right, height - 8, anchor: "end")
    return drawing.svg
  }

  private func shadeTasks(
    _ drawing: inout Drawing, x: (Int) -> Double, top: Double, bottom: Double
  ) {
    var start = 0
    for (index, boundary) in run.taskBoundaries.enumerated() {
      if index.isMultiple(of: 2) {
        drawing.rectangle(
          x(start), top, x(boundary.step) - x(start), bottom - top, css: "shade")
      }
      drawing.line(x(boundary.step), top, x(boundary.step), bottom, css: "boundary")
      let room = x(boundary.step) - x(start)
      drawing.text(
        String(boundary.task.prefix(max(1, Int(room / 7)))), (x(start) + x(boundary.step)) / 2,
        top - 8, anchor: "middle")
      start = boundary.step
    }
  }

  /// Names at the ends of the lines, moved apart where they would overlap.
  private func labelEnds(_ drawing: inout Drawing, x: Double, y: (Double) -> Double) {
    let ends = run.taskNames.indices.compactMap { task -> (task: Int, y: Double)? in
      run.curve.last { $0.accuracies[task] != nil }?.accuracies[task].map { (task, y($0)) }
    }.sorted { ($0.y, $0.task) < ($1.y, $1.task) }
    var lowest = -Double.infinity
    for end in ends {
      lowest = max(end.y, lowest + 14)
      drawing.text(
        String(run.taskNames[end.task].prefix(11)), x, lowest + 4, css: "label ink s\(end.task % 8)"
      )
    }
  }
}
