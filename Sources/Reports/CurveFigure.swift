/// Accuracy of every task over time: the forgetting curves, with the boundaries between tasks.
struct CurveFigure {
  let run: RunResult
  let label: String

  /// `nil` where nothing was measured.
  func drawing(width: Double) -> Drawing? {
    let points = run.curve.filter { $0.accuracies.contains { $0 != nil } }
    guard !points.isEmpty, let last = points.map(\.step).max() else { return nil }
    let isWide = width > 500
    let longest = run.taskNames.map(Lettering.width).max() ?? 0
    let names = min(isWide ? 150 : 90, longest + 20)
    let frame = TimeFrame(
      width: width, height: isWide ? 340 : 270, left: 46, right: names,
      lastStep: max(1, last, run.taskBoundaries.last?.step ?? 0))
    let y = Axis(values: 0...1, from: frame.bottom, to: frame.top)
    var drawing = Drawing(
      width: frame.width, height: frame.height, title: "Forgetting curves, \(label)",
      summary: "Accuracy of every task over \(Figures.count(last)) training steps.")
    frame.drawTasks(run.taskBoundaries, in: &drawing)
    for tick in stride(from: 0.0, through: 1, by: 0.25) {
      drawing.line(frame.left, y(tick), frame.end, y(tick), css: "rule")
      drawing.text("\(Int(tick * 100)) %", frame.left - 7, y(tick) + 4, .end)
    }
    frame.drawSteps(in: &drawing)
    for task in run.taskNames.indices { draw(task, points, frame.x, y, in: &drawing) }
    if let chance = run.chance.flatMap(finite) {
      drawing.line(frame.left, y(chance), frame.end, y(chance), css: "chance")
      drawing.text("chance", frame.left + 5, y(chance) - 5, css: "label halo")
    }
    labelEnds(points, y, x: frame.end, room: names, in: &drawing)
    return drawing
  }

  private func draw(
    _ task: Int, _ curve: [RunResult.Point], _ x: Axis, _ y: Axis, in drawing: inout Drawing
  ) {
    let points = curve.compactMap { point in
      point.accuracies[task].flatMap(finite).map { (step: point.step, accuracy: $0) }
    }
    let css = series(task)
    func places(_ steps: ClosedRange<Int>?) -> [(x: Double, y: Double)] {
      points.filter { steps?.contains($0.step) ?? true }.map {
        (x(Double($0.step)), y($0.accuracy))
      }
    }
    drawing.path(places(nil), css: "series \(css)")
    // While a task is being learned its line is thick.
    drawing.path(places(span(of: task)), css: "series thick \(css)")
    guard points.count <= 60 else { return }
    for point in points {
      drawing.circle(
        x(Double(point.step)), y(point.accuracy), 2.6, css: "dot \(css)",
        hint: "\(run.taskNames[task]) at step \(Figures.count(point.step)): "
          + "\(Figures.percent(point.accuracy)) %")
    }
  }

  /// Steps in which a task was trained alone; none where tasks are trained together.
  private func span(of task: Int) -> ClosedRange<Int> {
    var start = 0
    for boundary in run.taskBoundaries {
      if boundary.task == run.taskNames[task], boundary.step >= start {
        return start...boundary.step
      }
      start = boundary.step
    }
    return -1 ... -1
  }

  private func labelEnds(
    _ curve: [RunResult.Point], _ y: Axis, x: Double, room: Double, in drawing: inout Drawing
  ) {
    let ends = run.taskNames.indices.compactMap { task -> (task: Int, y: Double)? in
      curve.last { $0.accuracies[task] != nil }?.accuracies[task].flatMap(finite)
        .map { (task, y($0)) }
    }
    let places = Lettering.spread(ends.map(\.y), gap: 14, in: y.to...y.from)
    let names = Lettering.fitted(run.taskNames, room - 16)
    for (end, place) in zip(ends, places) {
      drawing.line(x + 2, end.y, x + 12, place, css: "leader \(series(end.task))")
      drawing.text(
        names[end.task], x + 15, place + 4, css: "label ink \(series(end.task))")
    }
  }
}

/// The part that figures over time share: training steps from left to right and the tasks on top.
struct TimeFrame {
  let width: Double
  let height: Double
  let left: Double
  let right: Double
  let lastStep: Int
  /// Room for a legend.
  var above = 0.0

  var top: Double { above + 28 }
  var bottom: Double { height - 40 }
  /// Where the last step is.
  var end: Double { width - right }
  var x: Axis { Axis(values: 0...Double(lastStep), from: left, to: end) }

  /// Bands for the tasks in training, with their names above.
  func drawTasks(_ boundaries: [RunResult.Boundary], in drawing: inout Drawing) {
    let ends = boundaries.map { x(Double($0.step)) }
    let bands = zip([x(0)] + ends, ends).map { (from: $0, to: $1) }
    let least = bands.map { $0.to - $0.from }.filter { $0 >= 36 }.min() ?? 36
    let names = Lettering.fitted(boundaries.map(\.task), least - 2)
    for (index, band) in bands.enumerated() {
      if index.isMultiple(of: 2) {
        drawing.rectangle(band.from, top, band.to - band.from, bottom - top, css: "shade")
      }
      drawing.line(band.to, top, band.to, bottom, css: "boundary")
      let name = band.to - band.from < 36 ? "\(index + 1)" : names[index]
      drawing.text(
        Lettering.fitted(name, max(12, band.to - band.from - 2)), (band.from + band.to) / 2,
        top - 9, .middle)
    }
  }

  /// Numbers below.
  func drawSteps(in drawing: inout Drawing, named name: String = "training steps") {
    for tick in x.ticks(width > 500 ? 6 : 3) {
      drawing.line(x(tick), bottom, x(tick), bottom + 4, css: "tick")
      drawing.text(Figures.count(Int(tick)), x(tick), bottom + 17, .middle)
    }
    drawing.text(name, (left + end) / 2, height - 6, .middle)
  }
}
