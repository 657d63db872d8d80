import Foundation
import Metrics

/// A plot of a study: a line of means for each value of `by`, with bars for their intervals.
struct StudyPlotFigure {
  let plot: StudyPlot
  let points: StudyPlotPoints
  /// Whether all that is drawn can stand on a logarithmic scale.
  private let isLogarithmic: Bool

  init(_ plot: StudyPlot, of study: StudyResult) {
    self.plot = plot
    points = StudyPlotPoints(plot, of: study.part(where: plot.conditions))
    isLogarithmic =
      plot.scale == .log && points.categories == nil && points.all.allSatisfy { $0.x > 0 }
  }

  var name: String {
    "\(plot.y.title.prefix(1).uppercased())\(plot.y.title.dropFirst()) over \(abscissa)"
      + (plot.conditions.isEmpty
        ? "" : ": " + plot.conditions.map(\.value).joined(separator: ", "))
  }

  private var abscissa: String {
    switch plot.x {
    case .setting(let name): KeySymbol(name).title
    case .figure(let figure): figure.title
    case .time: "virtual time"
    }
  }

  /// What a point is, and what its bars are.
  var caption: String {
    if plot.kind == .curve {
      return "Accuracy over all tasks, learned or not, as it was sampled, a line a group: the mean "
        + "over its seeds." + (plot.by.map { " A colour a \($0)." } ?? "")
    }
    var sentence = "Means over seeds"
    if !points.pooled.isEmpty { sentence += " and " + points.pooled.joined(separator: ", ") }
    if let by = plot.by { sentence += ", \(plot.kind == .line ? "a line" : "a colour") a \(by)" }
    sentence += ". Bars are 95 % intervals of the mean (Student's t); a single run has none."
    if plot.kind == .pareto {
      sentence += " The dashed front joins the points that no other one beats in both figures"
      if points.series.count > 1, let by = plot.by { sentence += ", the others those of a \(by)" }
      sentence += "; bounds do not compete."
    }
    if plot.kind == .scatter { sentence += correlations }
    if plot.scale == .log && !isLogarithmic && points.categories == nil {
      sentence += " Values of 0 keep the scale linear."
    }
    if case .setting(let key) = plot.x, key.contains(".") {
      sentence += " From left to right: \(key)."
    }
    return sentence
  }

  /// How far the two figures rank the groups alike, by series.
  private var correlations: String {
    points.series.compactMap { series in
      RankCorrelation(series.points.map(\.x), series.points.map(\.y)).map {
        " Spearman's rank correlation\(series.name.isEmpty ? "" : " of \(series.name)"): "
          + "\(Figures.short($0.value)) over \($0.count) points."
      }
    }.joined()
  }

  /// `nil` without a point.
  func drawing(width: Double) -> Drawing? {
    guard !points.all.isEmpty else { return nil }
    let frame = Frame(
      plot, points, isLogarithmic: isLogarithmic, width: width)
    // A curve is told by its end, or there would be hundreds of numbers.
    let told = plot.kind == .curve ? points.series.compactMap(\.points.last) : points.all
    var drawing = Drawing(
      width: width, height: frame.height, title: "\(plot.y.title) over \(abscissa)",
      summary: told.map { "\($0.name): \(words($0))" }.joined(separator: "; ") + ".")
    frame.draw(in: &drawing)
    switch plot.kind {
    case .line:
      for index in points.series.indices { draw(index, frame, in: &drawing) }
    case .pareto:
      drawFronts(frame, in: &drawing)
      for index in points.series.indices { draw(index, frame, in: &drawing) }
      nameFronts(frame, in: &drawing)
    case .scatter: for index in points.series.indices { draw(index, frame, in: &drawing) }
    case .curve: drawCurves(frame, in: &drawing)
    }
    return drawing
  }

  private func words(_ point: StudyPlotPoints.Point) -> String {
    var words = plot.y.text(point.y) + (point.yHalf.map { " ± \(plot.y.width($0))" } ?? "")
    switch plot.x {
    case .figure(let figure): words += " at \(figure.text(point.x))"
    case .time: words += " at \(Figures.seconds(point.x))"
    case .setting: break
    }
    return words + " (n = \(point.count))"
  }

  private func draw(_ index: Int, _ frame: Frame, in drawing: inout Drawing) {
    let css = series(points.series[index].color)
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
}
