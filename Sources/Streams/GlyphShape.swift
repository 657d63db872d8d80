import CKernels

/// The strokes of a symbol, before a hand draws it.
struct GlyphShape: Sendable {
  /// A place on paper: x to the right, y down.
  struct Point: Sendable {
    var x: Float
    var y: Float
  }

  /// A line of the pen through some of the shape's points.
  enum Stroke: Sendable {
    /// Straight from point to point.
    case line([Int])
    /// Smoothly from point to point; closed when the first is the last.
    case curve([Int])
  }

  /// In the unit square. Strokes name points by number, so what is joined stays joined when points
  /// wobble.
  let points: [Point]
  let strokes: [Stroke]

  private init(_ points: [(Float, Float)], _ strokes: [Stroke]) {
    self.points = points.map { Point(x: $0.0, y: $0.1) }
    self.strokes = strokes
  }

  /// The ten symbols. Neighbours share strokes, so that a task of two is not trivial; others share
  /// some too, so that what one task learns about a stem or a ring matters to another.
  static let all: [GlyphShape] = [
    flag, fork, lollipop, belt, zigzag, snake, gate, cup, tree, arrow,
  ]

  private static let flag = GlyphShape(
    [(0.5, 0.18), (0.5, 0.82), (0.78, 0.34), (0.5, 0.5)], [.line([0, 3, 1]), .line([0, 2, 3])])

  private static let fork = GlyphShape(
    [(0.5, 0.18), (0.5, 0.82), (0.26, 0.2), (0.5, 0.54), (0.74, 0.2)],
    [.line([0, 3, 1]), .curve([2, 3, 4])])

  private static let lollipop = GlyphShape(
    ring(x: 0.5, y: 0.38, radius: 0.2) + [(0.5, 0.84)],
    [.curve([0, 1, 2, 3, 4, 5, 0]), .line([0, 6])])

  private static let belt = GlyphShape(
    ring(x: 0.5, y: 0.5, radius: 0.23) + [(0.16, 0.5), (0.84, 0.5)],
    [.curve([0, 1, 2, 3, 4, 5, 0]), .line([6, 7])])

  private static let zigzag = GlyphShape(
    [(0.2, 0.36), (0.4, 0.68), (0.58, 0.34), (0.8, 0.66)], [.line([0, 1, 2, 3])])

  private static let snake = GlyphShape(
    [(0.2, 0.52), (0.34, 0.32), (0.5, 0.5), (0.66, 0.68), (0.8, 0.48)], [.curve([0, 1, 2, 3, 4])])

  private static let gate = GlyphShape(
    [(0.26, 0.8), (0.26, 0.48), (0.26, 0.22), (0.74, 0.22), (0.74, 0.48), (0.74, 0.8)],
    [.line([0, 1, 2, 3, 4, 5]), .line([1, 4])])

  private static let cup = GlyphShape(
    [(0.26, 0.2), (0.26, 0.48), (0.5, 0.8), (0.74, 0.48), (0.74, 0.2)],
    [.curve([0, 1, 2, 3, 4]), .line([1, 3])])

  private static let tree = GlyphShape(
    [(0.5, 0.18), (0.76, 0.56), (0.5, 0.56), (0.24, 0.56), (0.5, 0.84)],
    [.line([0, 1, 2, 3, 0]), .line([2, 4])])

  private static let arrow = GlyphShape(
    [(0.5, 0.18), (0.5, 0.84), (0.24, 0.46), (0.76, 0.46)], [.line([0, 1]), .line([2, 0, 3])])

  /// Six points round a circle, the first at the bottom.
  private static func ring(x: Float, y: Float, radius: Float) -> [(Float, Float)] {
    (0..<6).map { index in
      let turn = Double.pi / 3 * Double(index)
      return (x + radius * Float(hebb_sin(turn)), y + radius * Float(hebb_cos(turn)))
    }
  }
}

extension GlyphShape.Stroke {
  /// The stroke as straight pieces through the given points.
  func pieces(through points: [GlyphShape.Point]) -> [(GlyphShape.Point, GlyphShape.Point)] {
    switch self {
    case .line(let places):
      return zip(places, places.dropFirst()).map { (points[$0], points[$1]) }
    case .curve(let places):
      let stops = Self.smooth(places, points)
      return Array(zip(stops, stops.dropFirst()))
    }
  }

  /// A uniform Catmull–Rom spline: at each point it runs parallel to the line between the two
  /// neighbours.
  private static func smooth(
    _ places: [Int], _ points: [GlyphShape.Point]
  ) -> [GlyphShape.Point] {
    let path = places.map { points[$0] }
    let isClosed = places.first == places.last
    let last = path.count - 1
    var stops = [path[0]]
    for index in 0..<last {
      let (from, to) = (path[index], path[index + 1])
      let before = index > 0 ? path[index - 1] : isClosed ? path[last - 1] : from
      let after = index + 1 < last ? path[index + 2] : isClosed ? path[1] : to
      for part in 1...4 {
        let t = Float(part) / 4
        stops.append(
          GlyphShape.Point(
            x: spline(before.x, from.x, to.x, after.x, at: t),
            y: spline(before.y, from.y, to.y, after.y, at: t)))
      }
    }
    return stops
  }

  private static func spline(_ a: Float, _ b: Float, _ c: Float, _ d: Float, at t: Float) -> Float {
    let cubic = 3 * (b - c) + d - a
    let square = 2 * a - 5 * b + 4 * c - d
    return b + t * (c - a + t * (square + t * cubic)) / 2
  }
}
