import Metrics

/// The numbers behind a plot of a study: means with intervals, in series.
struct StudyPlotPoints {
  struct Point {
    /// The value from left to right; of words, their place in the order.
    let x: Double
    var xHalf: Double?
    let y: Double
    var yHalf: Double?
    /// What it stands for, in words.
    let name: String
    /// What it stands for, without what its colour says.
    var label = ""
    let count: Int
    var isBound = false
  }

  struct Series {
    /// The value of `by`, or the group whose curve it is; empty without either.
    let name: String
    /// What it is called where its colour has a name of its own; empty where it has not.
    var label = ""
    /// Its place among the colours.
    let color: Int
    let points: [Point]
  }

  let series: [Series]
  /// What the colours mean, from the first on.
  let colors: [String]
  /// The words from left to right where the abscissa is not made of numbers.
  let categories: [String]?
  /// The numbers that a setting takes, to be marked on the abscissa.
  let marks: [Double]?
  /// Settings that a point is the mean over, besides seeds.
  let pooled: [String]

  init(_ plot: StudyPlot, of study: StudyResult) {
    let names = plot.by.map { study.values(of: $0) } ?? [""]
    switch plot.x {
    case .setting(let setting):
      let values = study.values(of: setting)
      let numbers = values.compactMap { Double($0).flatMap(finite) }
      let isNumeric = numbers.count == values.count
      let places = isNumeric ? numbers : values.indices.map(Double.init)
      categories = isNumeric ? nil : values
      marks = isNumeric ? numbers : nil
      let shown = [setting, plot.by]
      pooled = study.axes.filter { $0.values.count > 1 && !shown.contains($0.name) }.map(\.name)
      colors = names
      series = names.indices.map { color in
        Self.line(
          plot, over: setting, zip(values, places).map { ($0, $1) }, color, names[color], study)
      }
    case .figure(let figure):
      (categories, marks, pooled) = (nil, nil, [])
      colors = names
      series = names.indices.map { Self.cloud(plot, over: figure, $0, names[$0], study) }
    case .time:
      (categories, marks, pooled) = (nil, nil, [])
      let groups = study.groups
      colors = plot.by == nil ? groups.map { study.label($0.place) } : names
      series = groups.indices.map { index in
        let value = plot.by.map { study.value(of: $0, in: groups[index].cells[0]) }
        return Self.curve(
          of: groups[index], value.flatMap(names.firstIndex) ?? index, plot.by, study)
      }
    }
  }

  /// Means over the values of a setting.
  private static func line(
    _ plot: StudyPlot, over setting: String, _ values: [(name: String, place: Double)],
    _ color: Int, _ name: String, _ study: StudyResult
  ) -> Series {
    let cells =
      plot.by.map { by in study.cells.filter { study.value(of: by, in: $0) == name } }
      ?? study.cells
    let points = values.compactMap { value, place -> Point? in
      let found = cells.filter { study.value(of: setting, in: $0) == value }
        .compactMap { $0.value(plot.y) }
      return Sample(found).map {
        Point(
          x: place, y: $0.mean, yHalf: $0.halfWidth95,
          name: [name, "\(StudyResult.shortName(setting)) \(value)"].filter { !$0.isEmpty }
            .joined(separator: ", "), count: $0.count)
      }
    }
    return Series(name: name, color: color, points: points.sorted { $0.x < $1.x })
  }

  /// The means of two figures, a point a group.
  private static func cloud(
    _ plot: StudyPlot, over figure: StudyFigure, _ color: Int, _ name: String,
    _ study: StudyResult
  ) -> Series {
    let groups = study.groups.filter { group in
      plot.by.map { study.value(of: $0, in: group.cells[0]) == name } ?? true
    }
    let points = groups.compactMap { group -> Point? in
      // Cells that have both, so that a point is of the same runs in both directions.
      let both = group.cells.compactMap { cell in
        cell.value(figure).flatMap { x in cell.value(plot.y).map { (x, $0) } }
      }
      guard let x = Sample(both.map(\.0)), let y = Sample(both.map(\.1)) else { return nil }
      let name = study.label(group.place)
      let label = study.label(group.place, without: plot.by.map { [$0] } ?? [])
      return Point(
        x: x.mean, xHalf: x.halfWidth95, y: y.mean, yHalf: y.halfWidth95, name: name,
        label: label.isEmpty ? name : label, count: x.count, isBound: group.isBound)
    }
    return Series(name: name, color: color, points: points.sorted { ($0.x, $0.y) < ($1.x, $1.y) })
  }

  /// A group's mean accuracy over time.
  private static func curve(
    of group: StudyResult.Group, _ color: Int, _ by: String?, _ study: StudyResult
  ) -> Series {
    let runs = group.cells.map(\.moments).filter { !$0.isEmpty }
    let name = study.label(group.place)
    return Series(
      name: name, label: by.map { study.label(group.place, without: [$0]) } ?? "", color: color,
      points: StudyCurve.mean(runs).map {
        Point(x: $0.seconds, y: $0.accuracy, name: name, count: runs.count)
      })
  }

  var all: [Point] { series.flatMap(\.points) }

  /// The points that no other one beats, from left to right: none is at least as good in both
  /// figures and better in one. Bounds do not compete.
  static func front(_ points: [Point], _ x: StudyFigure, _ y: StudyFigure) -> [Point] {
    let points = points.filter { !$0.isBound }
    return ParetoFront.places(points.map { ($0.x, $0.y) }, x, y).map { points[$0] }
      .sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }
}
