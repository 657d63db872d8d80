import Metrics

/// The numbers behind a plot of a study: means with intervals, in series.
struct StudyPlotPoints {
  struct Point {
    /// The value from left to right; of words, their place in the order.
    let x: Double
    let xHalf: Double?
    let y: Double
    let yHalf: Double?
    /// What it stands for, in words.
    let name: String
    let count: Int
  }

  struct Series {
    /// The value of `by`; empty without it.
    let name: String
    let points: [Point]
  }

  let series: [Series]
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
      series = names.map { name in
        let cells =
          plot.by.map { by in
            study.cells.filter { study.value(of: by, in: $0) == name }
          } ?? study.cells
        let points = zip(values, places).compactMap { value, place -> Point? in
          let found = cells.filter { study.value(of: setting, in: $0) == value }
            .compactMap { $0.value(plot.y) }
          return Sample(found).map {
            Point(
              x: place, xHalf: nil, y: $0.mean, yHalf: $0.halfWidth95,
              name: [name, "\(StudyResult.shortName(setting)) \(value)"].filter { !$0.isEmpty }
                .joined(separator: ", "), count: $0.count)
          }
        }
        return Series(name: name, points: points.sorted { $0.x < $1.x })
      }
    case .figure(let figure):
      (categories, marks, pooled) = (nil, nil, [])
      series = names.map { name in
        let groups = study.groups.filter { group in
          plot.by.map { study.value(of: $0, in: group.cells[0]) == name } ?? true
        }
        let points = groups.compactMap { group -> Point? in
          // Cells that have both, so that a point is of the same runs in both directions.
          let both = group.cells.compactMap { cell in
            cell.value(figure).flatMap { x in cell.value(plot.y).map { (x, $0) } }
          }
          guard let x = Sample(both.map(\.0)), let y = Sample(both.map(\.1)) else { return nil }
          return Point(
            x: x.mean, xHalf: x.halfWidth95, y: y.mean, yHalf: y.halfWidth95,
            name: study.label(group.place), count: x.count)
        }
        return Series(name: name, points: points.sorted { ($0.x, $0.y) < ($1.x, $1.y) })
      }
    }
  }

  var all: [Point] { series.flatMap(\.points) }

  /// The points that no other one beats, from left to right: none is at least as good in both
  /// figures and better in one.
  func front(_ x: StudyFigure, _ y: StudyFigure) -> [Point] {
    func gain(_ a: Double, over b: Double, _ figure: StudyFigure) -> Double {
      figure.isBetterHigh ? a - b : b - a
    }
    let points = all
    return points.filter { point in
      !points.contains { other in
        let (inX, inY) = (gain(other.x, over: point.x, x), gain(other.y, over: point.y, y))
        return inX >= 0 && inY >= 0 && (inX > 0 || inY > 0)
      }
    }.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
  }
}
