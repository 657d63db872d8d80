/// Stability against plasticity: how much of what was learned remains, against how well it was
/// learned.
///
/// Plasticity is learning accuracy (a task's accuracy right after it), stability is 1 − forgetting
/// (best earlier accuracy minus the last). Several runs are points of their own; of a single run
/// each task is a point, but for the last, which had no time to be forgotten.
struct TradeoffFigure {
  private struct Point {
    let name: String
    let css: String
    let plasticity: Double
    let stability: Double
  }

  private let points: [Point]

  /// A point for each run.
  init(_ runs: [RunResult], labels: [String]) {
    points = runs.indices.compactMap { index in
      guard let learning = runs[index].learningAccuracy.flatMap(finite),
        let forgetting = runs[index].forgetting.flatMap(finite)
      else { return nil }
      return Point(
        name: labels[index], css: series(index) + (runs[index].isBound ? " bound" : ""),
        plasticity: learning, stability: max(0, 1 - max(0, forgetting)))
    }
  }

  /// A point for each task of a run.
  init(tasksOf run: RunResult) {
    let count = run.taskNames.count
    points = (1...max(1, count)).dropLast().compactMap { row in
      let task = run.learnedTask(row)
      let later = run.matrix[row...count].map { $0[task].flatMap(finite) }
      guard let learned = later[0], let last = later[later.count - 1],
        let best = later.dropLast().compactMap({ $0 }).max()
      else { return nil }
      return Point(
        name: run.taskNames[task], css: series(task), plasticity: learned,
        stability: max(0, 1 - max(0, best - last)))
    }
  }

  /// `nil` without a point.
  func drawing(width: Double) -> Drawing? {
    guard !points.isEmpty else { return nil }
    let (left, right, top, bottom) = (44.0, width - 14, 26.0, 276.0)
    let x = Axis(values: Self.range(points.map(\.plasticity)), from: left, to: right)
    let y = Axis(values: Self.range(points.map(\.stability)), from: bottom, to: top)
    var drawing = Drawing(
      width: width, height: 318, title: "Stability against plasticity", summary: summary)
    for tick in y.ticks(5) {
      drawing.line(left, y(tick), right, y(tick), css: "rule")
      drawing.text(Self.name(tick), left - 7, y(tick) + 4, .end)
    }
    for tick in x.ticks(5) {
      drawing.line(x(tick), top, x(tick), bottom, css: "rule")
      drawing.text(Self.name(tick), x(tick), bottom + 17, .middle)
    }
    drawing.text("↑ stability: 100 − forgetting, %", left, 14)
    drawing.text("plasticity: learning accuracy, % →", right, 312, .end)
    label(x, y, in: &drawing)
    return drawing
  }

  private static func name(_ tick: Double) -> String { "\(Int((tick * 100).rounded()))" }

  /// What some fractions take, with air around them, in whole per cents; at least ten, so that
  /// points that are nearly the same do not look far apart.
  static func range(_ fractions: [Double]) -> ClosedRange<Double> {
    let (low, high) = (100 * (fractions.min() ?? 0), 100 * (fractions.max() ?? 1))
    let air = max(1, (high - low) * 0.12)
    let step = high - low > 30 ? 10.0 : 2
    var lower = max(0, ((low - air) / step).rounded(.down) * step)
    let upper = min(100, max(((high + air) / step).rounded(.up) * step, lower + 10))
    lower = max(0, min(lower, upper - 10))
    return lower / 100...upper / 100
  }

  private var summary: String {
    points.map {
      "\($0.name): plasticity \(Figures.percent($0.plasticity)) %, stability "
        + "\(Figures.percent($0.stability)) %"
    }.joined(separator: "; ") + "."
  }

  private func label(_ x: Axis, _ y: Axis, in drawing: inout Drawing) {
    // Points that learned equally well stand above one another, and so would their names.
    let places = Lettering.spread(points.map { y($0.stability) }, gap: 15, in: y.to...y.from)
    for (point, place) in zip(points, places) {
      let (dotX, dotY) = (x(point.plasticity), y(point.stability))
      let isLeft = dotX > (x.from + x.to) / 2
      let side = isLeft ? -1.0 : 1.0
      drawing.line(dotX, dotY, dotX + 14 * side, place, css: "leader \(point.css)")
      drawing.circle(
        dotX, dotY, 5.5, css: "dot big \(point.css)",
        hint: "\(point.name): plasticity \(Figures.percent(point.plasticity)) %, stability "
          + "\(Figures.percent(point.stability)) %")
      let room = isLeft ? dotX - x.from - 20 : x.to - dotX - 20
      drawing.text(
        Lettering.fitted(point.name, room), dotX + 17 * side, place + 4, isLeft ? .end : .start,
        css: "label ink halo \(point.css)")
    }
  }
}
