extension StudyPlotFigure {
  /// The front of each colour, and that of all.
  func drawFronts(_ frame: Frame, in drawing: inout Drawing) {
    guard case .figure(let figure) = plot.x else { return }
    if points.series.count > 1 {
      for series in points.series {
        drawFront(
          of: series.points, figure, frame, css: "front own \(Reports.series(series.color))",
          in: &drawing)
      }
    }
    drawFront(of: points.all, figure, frame, css: "front", in: &drawing)
  }

  /// Steps, because between two points nothing better than the worse of both has been seen.
  private func drawFront(
    of points: [StudyPlotPoints.Point], _ figure: StudyFigure, _ frame: Frame, css: String,
    in drawing: inout Drawing
  ) {
    let front = StudyPlotPoints.front(points, figure, plot.y)
    var path: [(x: Double, y: Double)] = []
    for point in front.map({ (x: frame.x($0.x), y: frame.y($0.y)) }) {
      if let last = path.last {
        path.append(figure.isBetterHigh ? (last.x, point.y) : (point.x, last.y))
      }
      path.append(point)
    }
    drawing.path(path, css: css)
  }

  /// Names beside the points on the fronts, as many as can be read: first those of the front of
  /// all. The others have theirs where the reader points at them.
  func nameFronts(_ frame: Frame, in drawing: inout Drawing) {
    guard case .figure(let figure) = plot.x else { return }
    var named: [StudyPlotPoints.Point] = []
    for front in [points.all] + points.series.map(\.points) {
      for point in StudyPlotPoints.front(front, figure, plot.y)
      where !named.contains(where: { $0.name == point.name }) {
        named.append(point)
      }
    }
    var taken = points.all.map { point in
      Box(x: frame.x(point.x) - 5, y: frame.y(point.y) - 5, width: 10, height: 10)
    }
    for point in named {
      let text = Lettering.fitted(point.label, 190)
      let (x, y, width) = (frame.x(point.x), frame.y(point.y), Lettering.width(text))
      // Away from the points that the front beats, then wherever there is room.
      let places: [(box: Box, anchor: Drawing.Anchor)] = [
        (Box(x: x - 8 - width, y: y - 18, width: width, height: 14), .end),
        (Box(x: x + 8, y: y + 4, width: width, height: 14), .start),
        (Box(x: x + 8, y: y - 18, width: width, height: 14), .start),
        (Box(x: x - 8 - width, y: y + 4, width: width, height: 14), .end),
        (Box(x: x - width / 2, y: y - 23, width: width, height: 14), .middle),
        (Box(x: x - width / 2, y: y + 9, width: width, height: 14), .middle),
      ]
      let free = places.first { place in
        place.box.lies(within: frame) && !taken.contains { $0.meets(place.box) }
      }
      guard let (box, anchor) = free else { continue }
      taken.append(box)
      let at =
        switch anchor {
        case .start: box.x
        case .middle: box.x + box.width / 2
        case .end: box.x + box.width
        }
      drawing.text(text, at, box.y + 11, anchor, css: "label dark halo")
    }
  }

  /// What a text or a point covers.
  private struct Box {
    let x: Double
    let y: Double
    let width: Double
    let height: Double

    func meets(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }

    func lies(within frame: Frame) -> Bool {
      x >= frame.left && x + width <= frame.right && y >= frame.top - 8
        && y + height <= frame.bottom
    }
  }

  // MARK: Curves

  /// A line a group, with its name at its end where the colour does not tell it.
  func drawCurves(_ frame: Frame, in drawing: inout Drawing) {
    for series in points.series {
      drawing.path(
        series.points.map { (x: frame.x($0.x), y: frame.y($0.y)) },
        css: "series \(Reports.series(series.color))")
    }
    let ends = points.series.compactMap { series -> (StudyPlotPoints.Series, Double, Double)? in
      guard !series.label.isEmpty, let last = series.points.last else { return nil }
      return (series, frame.x(last.x), frame.y(last.y))
    }
    let places = Lettering.spread(ends.map(\.2), gap: 14, in: frame.top...frame.bottom)
    for ((series, x, y), place) in zip(ends, places) {
      let css = Reports.series(series.color)
      drawing.line(x + 2, y, frame.right + 8, place, css: "leader \(css)")
      drawing.text(
        Lettering.fitted(series.label, drawing.width - frame.right - 12), frame.right + 11,
        place + 4, css: "label ink \(css)")
    }
  }
}
