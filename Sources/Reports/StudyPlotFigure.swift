import Foundation

/// A plot of a study: a line of means for each value of `by`, with bars for their intervals.
struct StudyPlotFigure {
  let plot: StudyPlot
  private let points: StudyPlotPoints
  /// Whether all that is drawn can stand on a logarithmic scale.
  private let isLogarithmic: Bool

  init(_ plot: StudyPlot, of study: StudyResult) {
    self.plot = plot
    points = StudyPlotPoints(plot, of: study)
    isLogarithmic =
      plot.scale == .log && points.categories == nil && points.all.allSatisfy { $0.x > 0 }
  }

  var name: String {
    "\(plot.y.title.prefix(1).uppercased())\(plot.y.title.dropFirst()) over \(abscissa)"
  }

  private var abscissa: String {
    if case .figure(let figure) = plot.x { figure.title } else { plot.x.name }
  }

  /// What a point is, and what its bars are.
  var caption: String {
    var sentence = "Means over seeds"
    if !points.pooled.isEmpty { sentence += " and " + points.pooled.joined(separator: ", ") }
    if let by = plot.by { sentence += ", \(plot.kind == .line ? "a line" : "a colour") a \(by)" }
    sentence += ". Bars are 95 % intervals of the mean (Student's t); a single run has none."
    if plot.kind == .pareto {
      sentence += " The dashed front joins the points that no other one beats in both figures."
    }
    if plot.scale == .log && !isLogarithmic && points.categories == nil {
      sentence += " Values of 0 keep the scale linear."
    }
    return sentence
  }

  /// `nil` without a point.
  func drawing(width: Double) -> Drawing? {
    guard !points.all.isEmpty else { return nil }
    let frame = Frame(
      plot, points, isLogarithmic: isLogarithmic, width: width,
      names: points.series.map(\.name).filter { !$0.isEmpty })
    var drawing = Drawing(
      width: width, height: frame.height, title: "\(plot.y.title) over \(abscissa)",
      summary: points.all.map { "\($0.name): \(words($0))" }.joined(separator: "; ") + ".")
    frame.draw(in: &drawing)
    if plot.kind == .pareto { drawFront(frame, in: &drawing) }
    for index in points.series.indices { draw(index, frame, in: &drawing) }
    return drawing
  }

  private func words(_ point: StudyPlotPoints.Point) -> String {
    var words = plot.y.text(point.y) + (point.yHalf.map { " ± \(plot.y.width($0))" } ?? "")
    if case .figure(let figure) = plot.x { words += " at \(figure.text(point.x))" }
    return words + " (n = \(point.count))"
  }

  private func draw(_ index: Int, _ frame: Frame, in drawing: inout Drawing) {
    let css = series(index)
    let shift = frame.shift(ofSeries: index, of: points.series.count)
    let places = points.series[index].points.map { (frame.x($0.x) + shift, frame.y($0.y)) }
    if plot.kind == .line { drawing.path(places.map { (x: $0.0, y: $0.1) }, css: "series \(css)") }
    for (point, place) in zip(points.series[index].points, places) {
      if let half = point.yHalf, half > 0 {
        let (low, high) = (frame.y(point.y - half), frame.y(point.y + half))
        drawing.line(place.0, low, place.0, high, css: "leader \(css)")
        for end in [low, high] {
          drawing.line(place.0 - 3.5, end, place.0 + 3.5, end, css: "leader \(css)")
        }
      }
      if let half = point.xHalf, half > 0 {
        let least = isLogarithmic ? frame.x.values.lowerBound : -Double.infinity
        let (low, high) = (frame.x(max(least, point.x - half)), frame.x(point.x + half))
        drawing.line(low, place.1, high, place.1, css: "leader \(css)")
      }
    }
    for (point, place) in zip(points.series[index].points, places) {
      drawing.circle(
        place.0, place.1, 4.5, css: "dot big \(css)", hint: "\(point.name): \(words(point))")
    }
  }

  /// Steps, because between two points nothing better than the worse of both has been seen.
  private func drawFront(_ frame: Frame, in drawing: inout Drawing) {
    guard case .figure(let figure) = plot.x else { return }
    let front = points.front(figure, plot.y).map { (x: frame.x($0.x), y: frame.y($0.y)) }
    var path: [(x: Double, y: Double)] = []
    for point in front {
      if let last = path.last {
        path.append(figure.isBetterHigh ? (last.x, point.y) : (point.x, last.y))
      }
      path.append(point)
    }
    drawing.path(path, css: "front")
  }
}

extension StudyPlotFigure {
  /// Axes, rules and the legend.
  struct Frame {
    let x: Axis
    let y: Axis
    let height: Double
    private let plot: StudyPlot
    private let points: StudyPlotPoints
    private let names: [String]
    private let width: Double
    private let top: Double
    private let left: Double
    private var bottom: Double { height - 44 }
    private var right: Double { width - 14 }

    init(
      _ plot: StudyPlot, _ points: StudyPlotPoints, isLogarithmic: Bool, width: Double,
      names: [String]
    ) {
      self.plot = plot
      self.points = points
      self.names = names
      self.width = width
      let legend = names.isEmpty ? 0 : Drawing.legendHeight(names, x: 0, width: width) + 8
      top = legend + 26
      height = top + (width > 500 ? 270 : 220) + 44
      let all = points.all
      let yRange = Self.range(
        all.flatMap { [$0.y - ($0.yHalf ?? 0), $0.y + ($0.yHalf ?? 0)] },
        limits: Self.limits(plot.y))
      let ticks = Axis(values: yRange, from: 0, to: 1).ticks(5).map { Self.tick($0, plot.y) }
      left = 14 + (ticks.map(Lettering.width).max() ?? 0)
      y = Axis(values: yRange, from: height - 44, to: top)
      let xRange: ClosedRange<Double>
      let xs = all.map(\.x)
      if let categories = points.categories {
        xRange = -0.5...Double(categories.count) - 0.5
      } else if isLogarithmic {
        let (low, high) = (xs.min() ?? 1, xs.max() ?? 1)
        let air = high > low ? pow(high / low, 0.05) : 2
        xRange = low / air...high * air
      } else {
        xRange = Self.range(xs, limits: -Double.infinity...Double.infinity)
      }
      x = Axis(values: xRange, from: left, to: width - 14, isLogarithmic: isLogarithmic)
    }

    /// A little air around the values, within what the figure can be.
    private static func range(
      _ values: [Double], limits: ClosedRange<Double>
    ) -> ClosedRange<Double> {
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let air = high > low ? (high - low) * 0.06 : max(0.01, abs(high) * 0.05)
      return max(limits.lowerBound, low - air)...min(limits.upperBound, high + air)
    }

    /// What a figure can be at all; forgetting may be below 0.
    private static func limits(_ figure: StudyFigure) -> ClosedRange<Double> {
      switch figure.form {
      case .percent, .signedPercent: -1...1
      case .bytes, .seconds, .number: -Double.infinity...Double.infinity
      }
    }

    /// Series over words stand beside one another, so that their bars can be told apart.
    func shift(ofSeries index: Int, of count: Int) -> Double {
      guard let categories = points.categories, count > 1 else { return 0 }
      let slot = (right - left) / Double(categories.count)
      let step = min(8, slot * 0.7 / Double(count))
      return (Double(index) - Double(count - 1) / 2) * step
    }

    func draw(in drawing: inout Drawing) {
      let items = names.indices.map { (name: names[$0], css: "fill \(series($0))") }
      drawing.legend(items, x: 0, y: 2)
      drawing.text(plot.y.heading, 0, top - 12, css: "label")
      for tick in y.ticks(5) {
        drawing.line(left, y(tick), right, y(tick), css: "rule")
        drawing.text(Self.tick(tick, plot.y), left - 7, y(tick) + 4, .end)
      }
      drawing.line(left, bottom, right, bottom, css: "tick")
      if let categories = points.categories {
        let slot = (right - left) / Double(categories.count)
        for (index, name) in categories.enumerated() {
          drawing.text(
            Lettering.fitted(name, slot - 4), x(Double(index)), bottom + 17, .middle)
        }
      } else {
        drawMarks(in: &drawing)
      }
      drawing.text(abscissa, (left + right) / 2, height - 6, .middle)
    }

    private var abscissa: String {
      switch plot.x {
      case .setting(let name): name
      case .figure(let figure): figure.heading
      }
    }

    /// Numbers below, as many as stand apart.
    private func drawMarks(in drawing: inout Drawing) {
      var end = -Double.infinity
      for mark in (points.marks?.sorted() ?? ticks) where x.values.contains(mark) {
        let text =
          if case .figure(let figure) = plot.x { Self.tick(mark, figure) } else {
            Figures.short(mark)
          }
        let half = Lettering.width(text) / 2
        drawing.line(x(mark), bottom, x(mark), bottom + 4, css: "tick")
        guard x(mark) - half > end + 4 else { continue }
        drawing.text(PageParts.signed(text), x(mark), bottom + 17, .middle)
        end = x(mark) + half
      }
    }

    private var ticks: [Double] {
      guard x.isLogarithmic else { return x.ticks(width > 500 ? 6 : 4) }
      let low = Int(log10(x.values.lowerBound).rounded(.down))
      let high = Int(log10(x.values.upperBound).rounded(.up))
      let parts: [Double] = high - low > 3 ? [1] : [1, 2, 5]
      let round = (low...high).flatMap { power in parts.map { $0 * pow(10, Double(power)) } }
      let seen = round.filter(x.values.contains)
      // Less than a decade may hold no two of them.
      return seen.count > 1 ? seen : x.ticks(4)
    }

    /// A value beside an axis, whose heading has the unit of fractions.
    private static func tick(_ value: Double, _ figure: StudyFigure) -> String {
      switch figure.form {
      case .percent, .signedPercent:
        PageParts.signed(Figures.short((value * 1e6).rounded() / 1e4))
      case .bytes: figure.text(value).replacingOccurrences(of: ".00 ", with: " ")
      case .seconds: figure.text(value)
      case .number: PageParts.signed(Figures.short(value))
      }
    }
  }
}
