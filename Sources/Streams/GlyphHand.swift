import CKernels
import Tensors

/// One hand's way of drawing a symbol: how it turns, stretches and slants it, where on the paper,
/// with which pen. All lengths of the drawing are in pixels, pixel centres at whole numbers.
struct GlyphHand {
  private let side: Int
  private let halfWidth: Float
  private let ink: Float
  // x' = xx·x + xy·y + shiftX, y' = yx·x + yy·y + shiftY about the middle of the unit square.
  private let xx, xy, yx, yy: Float
  private let shiftX, shiftY: Float

  /// Draws a manner at random.
  init(side: Int, random: inout RandomStream) {
    func draw(_ spread: Double) -> Float { Float(random.uniform(in: -spread...spread)) }
    let turn = Double(draw(0.32))
    let (sine, cosine) = (Float(hebb_sin(turn)), Float(hebb_cos(turn)))
    let scale = Float(side) * (1 + draw(0.16))
    let stretch = 1 + draw(0.15)
    let slant = draw(0.2)
    (xx, xy) = (scale * cosine, scale * (cosine * slant - sine * stretch))
    (yx, yy) = (scale * sine, scale * (sine * slant + cosine * stretch))
    let middle = Float(side - 1) / 2
    (shiftX, shiftY) = (middle + draw(2), middle + draw(2))
    halfWidth = 1.25 + draw(0.45)
    ink = 222 + draw(33)
    self.side = side
  }

  /// Draws a symbol over the image, each of its points a little off.
  func draw(
    _ shape: GlyphShape, random: inout RandomStream, into image: UnsafeMutablePointer<UInt8>
  ) {
    let points = shape.points.map { point in
      let x = point.x - 0.5 + Float(random.uniform(in: -0.042...0.042))
      let y = point.y - 0.5 + Float(random.uniform(in: -0.042...0.042))
      return GlyphShape.Point(x: xx * x + xy * y + shiftX, y: yx * x + yy * y + shiftY)
    }
    let count = side * side
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { distances in
      guard let base = distances.baseAddress else { return }
      base.initialize(repeating: .greatestFiniteMagnitude, count: count)
      for stroke in shape.strokes {
        for (from, to) in stroke.pieces(through: points) { measure(from, to, base) }
      }
      fill(image, base, count: count)
    }
  }

  /// Lowers the squared distances of the pixels that a straight piece of a stroke reaches.
  private func measure(
    _ from: GlyphShape.Point, _ to: GlyphShape.Point, _ distances: UnsafeMutablePointer<Float>
  ) {
    let reach = halfWidth + 0.5
    let top = max(0, Int((min(from.y, to.y) - reach).rounded(.up)))
    let bottom = min(side - 1, Int((max(from.y, to.y) + reach).rounded(.down)))
    let left = max(0, Int((min(from.x, to.x) - reach).rounded(.up)))
    let right = min(side - 1, Int((max(from.x, to.x) + reach).rounded(.down)))
    guard top <= bottom, left <= right else { return }
    let (wayX, wayY) = (to.x - from.x, to.y - from.y)
    let inverse = 1 / max(wayX * wayX + wayY * wayY, 1e-9)
    for row in top...bottom {
      let line = distances + row * side
      let y = Float(row) - from.y
      let along = y * wayY
      for column in left...right {
        let x = Float(column) - from.x
        var place = (x * wayX + along) * inverse
        place = place < 0 ? 0 : place
        place = place > 1 ? 1 : place
        let (gapX, gapY) = (x - place * wayX, y - place * wayY)
        let distance = gapX * gapX + gapY * gapY
        line[column] = distance < line[column] ? distance : line[column]
      }
    }
  }

  /// Full ink within the pen's width, falling to none over one pixel.
  private func fill(
    _ image: UnsafeMutablePointer<UInt8>, _ distances: UnsafePointer<Float>, count: Int
  ) {
    let reach = halfWidth + 0.5
    for index in 0..<count where distances[index] < reach * reach {
      let cover = reach - distances[index].squareRoot()
      image[index] = UInt8((cover > 1 ? 1 : cover) * ink)
    }
  }
}
