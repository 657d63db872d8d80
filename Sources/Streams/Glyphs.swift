import CKernels
import Tensors

/// A data set that needs no download: ten symbols drawn from strokes, 28×28, each example with its own
/// wobble, slant, size, place, thickness and noise. Several symbols share strokes, so they can be
/// confused.
///
/// Every example is keyed by its class and number alone, so a smaller set is the beginning of a larger.
public enum Glyphs {
  /// Height and width of an image.
  public static let side = 28
  /// Number of symbols.
  public static let classCount = shapes.count
  private static let seed: UInt64 = 0x676C_7970_6873

  private typealias Point = SIMD2<Float>

  /// Polylines in the unit square, x to the right and y down.
  private static let shapes: [[[SIMD2<Float>]]] = [
    [[[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75], [0.25, 0.25]]],
    [[[0.5, 0.2], [0.8, 0.76], [0.2, 0.76], [0.5, 0.2]]],
    [[[0.24, 0.24], [0.76, 0.76]], [[0.76, 0.24], [0.24, 0.76]]],
    [[[0.5, 0.2], [0.5, 0.8]], [[0.2, 0.5], [0.8, 0.5]]],
    [[[0.25, 0.24], [0.75, 0.24], [0.25, 0.76], [0.75, 0.76]]],
    [[[0.26, 0.78], [0.26, 0.22], [0.74, 0.78], [0.74, 0.22]]],
    [[[0.2, 0.26], [0.8, 0.26]], [[0.5, 0.26], [0.5, 0.8]]],
    [[[0.28, 0.2], [0.28, 0.76], [0.74, 0.76], [0.74, 0.5]]],
    [
      [[0.25, 0.25], [0.75, 0.25], [0.75, 0.75], [0.25, 0.75], [0.25, 0.25]],
      [[0.25, 0.75], [0.75, 0.25]],
    ],
    [
      (0...10).map { index in
        let turn = 2 * Double.pi * Double(index) / 10
        return [0.5 + 0.28 * Float(hebb_cos(turn)), 0.5 + 0.28 * Float(hebb_sin(turn))]
      }
    ],
  ]

  /// The data set with so many examples of each class, classes in turn.
  ///
  /// - Complexity: about 20 µs an image.
  public static func dataSet(trainPerClass: Int = 600, testPerClass: Int = 200) -> DataSet {
    // Test examples are numbered from a place that no training set reaches.
    let train = images(perClass: trainPerClass, firstNumber: 0)
    let test = images(perClass: testPerClass, firstNumber: 1 << 24)
    do {
      return try DataSet(name: "glyphs", train: train, test: test)
    } catch {
      preconditionFailure("glyphs fit together: \(error)")
    }
  }

  private static func images(perClass: Int, firstNumber: Int) -> ImageSet {
    var pixels = [UInt8](repeating: 0, count: perClass * classCount * side * side)
    var labels: [UInt8] = []
    pixels.withUnsafeMutableBufferPointer { pixels in
      for number in 0..<perClass {
        for label in 0..<classCount {
          let place = labels.count * side * side
          draw(
            label, number: firstNumber + number,
            into: UnsafeMutableBufferPointer(rebasing: pixels[place..<place + side * side]))
          labels.append(UInt8(label))
        }
      }
    }
    return ImageSet(height: side, width: side, pixels: pixels, labels: labels)
  }

  /// Draws one example.
  private static func draw(
    _ label: Int, number: Int, into image: UnsafeMutableBufferPointer<UInt8>
  ) {
    var random = RandomStream(seed: seed, purpose: .glyphShape, node: label, step: number)
    func draw(_ spread: Double) -> Float { Float(random.uniform(in: -spread...spread)) }
    let turn = Double(draw(0.42))
    let (sine, cosine) = (Float(hebb_sin(turn)), Float(hebb_cos(turn)))
    let size = 1 + draw(0.22)
    let stretch = 1 + draw(0.2)
    let slant = draw(0.25)
    let shift = Point(draw(0.1), draw(0.1))
    let thickness = 0.042 + draw(0.018)
    let ink = 225 + draw(30)
    var segments: [(Point, Point)] = []
    for stroke in shapes[label] {
      let points = stroke.map { point -> Point in
        let wobbled = point + Point(draw(0.065), draw(0.065)) - 0.5
        let slanted = Point(wobbled.x + slant * wobbled.y, wobbled.y * stretch) * size
        return Point(
          cosine * slanted.x - sine * slanted.y, sine * slanted.x + cosine * slanted.y)
          + 0.5 + shift
      }
      segments += zip(points, points.dropFirst())
    }
    render(segments, thickness: thickness, ink: ink, into: image)
    addNoise(label, number: number, to: image)
  }

  /// Anti-aliased strokes: full ink within the thickness, falling to none over one pixel.
  private static func render(
    _ segments: [(Point, Point)], thickness: Float, ink: Float,
    into image: UnsafeMutableBufferPointer<UInt8>
  ) {
    let pixel = 1 / Float(side)
    for row in 0..<side {
      for column in 0..<side {
        let point = Point((Float(column) + 0.5) * pixel, (Float(row) + 0.5) * pixel)
        var nearest: Float = 4
        for (from, to) in segments {
          let way = to - from
          let offset = point - from
          let place = max(0, min(1, (offset * way).sum() / max((way * way).sum(), 1e-9)))
          let gap = offset - place * way
          nearest = min(nearest, (gap * gap).sum())
        }
        let cover = (thickness + pixel - nearest.squareRoot()) / pixel
        image[row * side + column] = UInt8(max(0, min(1, cover)) * ink)
      }
    }
  }

  /// Adds noise that is nearly normal: the sum of four uniform bytes.
  private static func addNoise(
    _ label: Int, number: Int, to image: UnsafeMutableBufferPointer<UInt8>
  ) {
    var random = RandomStream(seed: seed, purpose: .glyphNoise, node: label, step: number)
    for index in image.indices {
      let word = random.nextWord()
      let sum = Int(word & 255) + Int(word >> 8 & 255) + Int(word >> 16 & 255) + Int(word >> 24)
      image[index] = UInt8(max(0, min(255, Int(image[index]) + (sum - 510) / 5)))
    }
  }
}
