import Foundation

extension StudyPlotFigure {
  /// Axes, rules and the legend.
  struct Frame {
    let x: Axis
    let y: Axis
    let height: Double
    private let plot: StudyPlot
    private let points: StudyPlotPoints
    private let width: Double
    let top: Double
    let left: Double
    /// Room to the right of the last point, for names.
    private let margin: Double
    var bottom: Double { height - 44 }
    var right: Double { width - margin }

    init(
      _ plot: StudyPlot, _ points: StudyPlotPoints, isLogarithmic: Bool, width: Double
    ) {
      self.plot = plot
      self.points = points
      self.width = width
      let hasNames = points.series.contains { !$0.label.isEmpty }
      margin = hasNames ? (width > 500 ? 126 : 80) : 14
      let names = points.colors.filter { !$0.isEmpty }
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
      x = Axis(values: xRange, from: left, to: width - margin, isLogarithmic: isLogarithmic)
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
      let items = points.colors.enumerated().map { (name: $1, css: "fill \(series($0))") }
      drawing.legend(items.filter { !$0.name.isEmpty }, x: 0, y: 2)
      drawing.text(plot.y.heading, 0, top - 12, css: "label")
      for tick in y.ticks(5) {
        drawing.line(left, y(tick), right, y(tick), css: "rule")
        drawing.text(Self.tick(tick, plot.y), left - 7, y(tick) + 4, .end)
      }
      drawing.line(left, bottom, right, bottom, css: "tick")
      if let categories = points.categories {
        let slot = (right - left) / Double(categories.count)
        for (index, name) in Lettering.fitted(categories, slot - 4).enumerated() {
          drawing.text(name, x(Double(index)), bottom + 17, .middle)
        }
      } else {
        drawMarks(in: &drawing)
      }
      drawing.text(abscissa, (left + right) / 2, height - 6, .middle)
    }

    private var abscissa: String {
      switch plot.x {
      case .setting(let name): KeySymbol(name).title
      case .figure(let figure): figure.heading
      case .time: "virtual time"
      }
    }

    /// Numbers below, as many as stand apart.
    private func drawMarks(in drawing: inout Drawing) {
      var end = -Double.infinity
      for mark in (points.marks?.sorted() ?? ticks) where x.values.contains(mark) {
        let text =
          switch plot.x {
          case .figure(let figure): Self.tick(mark, figure)
          case .time: Figures.seconds(mark)
          case .setting: Figures.short(mark)
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
