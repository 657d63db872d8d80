/// How the bytes of each kind added up over a run, stacked, with the boundaries between tasks.
struct BytesOverTimeFigure {
  let run: RunResult
  let label: String

  /// `nil` where nothing was recorded.
  func drawing(width: Double) -> Drawing? {
    let course = run.communication.overTime
    let kinds = course.kinds.filter { ($0.bytes.last ?? 0) > 0 }
    guard let most = sums(kinds).last, most > 0 else { return nil }
    let names = course.kinds.map(\.name)
    func css(_ kind: String) -> String { "fill \(series(names.firstIndex(of: kind) ?? 0))" }
    let legend = Drawing.legendHeight(kinds.map(\.name), x: 0, width: width) + 8
    let lastRound = course.push.count * course.roundWidth
    let frame = TimeFrame(
      width: width, height: (width > 500 ? 250 : 220) + legend, left: 66, right: 12,
      lastStep: lastRound, above: legend)
    let y = Axis(values: 0...Double(most) * 1.05, from: frame.bottom, to: frame.top)
    var drawing = Drawing(
      width: width, height: frame.height, title: "Bytes over time, \(label)",
      summary: kinds.map { "\($0.name) \(Figures.bytes($0.bytes.last ?? 0))" }
        .joined(separator: ", ") + " after \(Figures.count(lastRound)) rounds.")
    drawing.legend(kinds.map { (name: $0.name, css: css($0.name)) }, x: 0, y: 0)
    frame.drawTasks(boundaries(lastRound), in: &drawing)
    for tick in y.ticks(4) {
      drawing.line(frame.left, y(tick), frame.end, y(tick), css: "rule")
      drawing.text(
        Figures.bytes(Int(tick)).replacing(".00 ", with: " "), frame.left - 7, y(tick) + 4, .end)
    }
    // From the whole down: each kind covers what lies above the ones below it.
    for count in (1...kinds.count).reversed() {
      let top = [0] + sums(Array(kinds[..<count]))
      let places = top.enumerated().map { bin, bytes in
        (x: frame.x(Double(bin * course.roundWidth)), y: y(Double(bytes)))
      }
      drawing.area(places, above: frame.bottom, css: css(kinds[count - 1].name))
    }
    for boundary in boundaries(lastRound) {
      let x = frame.x(Double(boundary.step))
      drawing.line(x, frame.top, x, frame.bottom, css: "boundary")
    }
    frame.drawSteps(in: &drawing, named: "round trips of a worker")
    return drawing
  }

  /// All kinds together at the end of each bin.
  private func sums(_ kinds: [(name: String, bytes: [Int])]) -> [Int] {
    (kinds.first?.bytes.indices ?? 0..<0).map { bin in kinds.reduce(0) { $0 + $1.bytes[bin] } }
  }

  /// Where tasks end, in rounds. A round has several steps where workers take them by themselves.
  private func boundaries(_ lastRound: Int) -> [RunResult.Boundary] {
    let share = run.steps > lastRound ? Double(lastRound) / Double(run.steps) : 1
    return run.taskBoundaries.map {
      RunResult.Boundary(task: $0.task, step: Int((Double($0.step) * share).rounded()))
    }
  }
}
