import CKernels

/// How the raw pixels of an image become the inputs of a network: padding, then a permutation or
/// rotation, then normalisation.
public struct PixelMap: Sendable {
  private enum Rule: Sendable {
    case identity
    /// For every input the raw pixel it comes from, −1 for background.
    case gather([Int32])
    /// For every input four raw pixels (−1: background) and their weights.
    case blend([SIMD4<Int32>], [SIMD4<Float>])
  }

  private let rule: Rule
  /// The input that each pixel value becomes.
  private let levels: [Float]
  /// Width of an example.
  public let inputCount: Int

  private init(_ rule: Rule, inputCount: Int, _ normalization: StreamSpecification.Normalization) {
    self.rule = rule
    self.inputCount = inputCount
    levels = (0...255).map {
      Float((Double($0) / 255 - normalization.mean) / normalization.deviation)
    }
  }

  /// Pixels in their order, with padding.
  public static func identity(
    height: Int, width: Int, padding: Int, _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    let canvas = canvas(height: height, width: width, padding: padding)
    return PixelMap(
      padding == 0 ? .identity : .gather(canvas), inputCount: canvas.count, normalization)
  }

  /// Pixels in another order: input i is pixel `order[i]` of the padded image.
  public static func permuted(
    _ order: [Int], height: Int, width: Int, padding: Int,
    _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    let canvas = canvas(height: height, width: width, padding: padding)
    precondition(order.count == canvas.count, "the order names every pixel")
    return PixelMap(.gather(order.map { canvas[$0] }), inputCount: canvas.count, normalization)
  }

  /// The image rotated about its centre.
  ///
  /// - Parameter degrees: Counter-clockwise as seen on a screen.
  public static func rotated(
    byDegrees degrees: Double, _ interpolation: StreamSpecification.Interpolation,
    height: Int, width: Int, padding: Int, _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    let (rows, columns) = (height + 2 * padding, width + 2 * padding)
    let canvas = canvas(height: height, width: width, padding: padding)
    func pixel(_ row: Int, _ column: Int) -> Int32 {
      (0..<rows).contains(row) && (0..<columns).contains(column)
        ? canvas[row * columns + column] : -1
    }
    let turn = degrees * Double.pi / 180
    // Right angles are exact, so that a quarter turn moves pixels onto pixels.
    let (sine, cosine) = (snap(hebb_sin(turn)), snap(hebb_cos(turn)))
    let (middleRow, middleColumn) = (Double(rows - 1) / 2, Double(columns - 1) / 2)
    var nearest: [Int32] = []
    var taps: [SIMD4<Int32>] = []
    var weights: [SIMD4<Float>] = []
    for row in 0..<rows {
      for column in 0..<columns {
        // The inverse turn; rows point down, so counter-clockwise on the screen has this sign.
        let (y, x) = (Double(row) - middleRow, Double(column) - middleColumn)
        let sourceRow = middleRow + cosine * y + sine * x
        let sourceColumn = middleColumn - sine * y + cosine * x
        nearest.append(pixel(Int(sourceRow.rounded()), Int(sourceColumn.rounded())))
        let (top, left) = (sourceRow.rounded(.down), sourceColumn.rounded(.down))
        let (down, right) = (Float(sourceRow - top), Float(sourceColumn - left))
        let (r, c) = (Int(top), Int(left))
        taps.append(
          SIMD4(pixel(r, c), pixel(r, c + 1), pixel(r + 1, c), pixel(r + 1, c + 1)))
        weights.append(
          SIMD4((1 - down) * (1 - right), (1 - down) * right, down * (1 - right), down * right))
      }
    }
    return PixelMap(
      interpolation == .nearest ? .gather(nearest) : .blend(taps, weights),
      inputCount: canvas.count, normalization)
  }

  private static func snap(_ value: Double) -> Double {
    (value - value.rounded()).magnitude < 1e-12 ? value.rounded() : value
  }

  /// The raw pixel under every pixel of the padded image, −1 for background.
  private static func canvas(height: Int, width: Int, padding: Int) -> [Int32] {
    let columns = width + 2 * padding
    return (0..<(height + 2 * padding) * columns).map { index in
      let (row, column) = (index / columns - padding, index % columns - padding)
      return (0..<height).contains(row) && (0..<width).contains(column)
        ? Int32(row * width + column) : -1
    }
  }

  /// Writes the inputs of one image. O(`inputCount`).
  ///
  /// - Parameters:
  ///   - pixels: The raw image.
  ///   - row: `inputCount` floats.
  public func write(_ pixels: UnsafePointer<UInt8>, to row: UnsafeMutablePointer<Float>) {
    levels.withUnsafeBufferPointer { levels in
      switch rule {
      case .identity:
        for index in 0..<inputCount { row[index] = levels[Int(pixels[index])] }
      case .gather(let sources):
        sources.withUnsafeBufferPointer { sources in
          for index in 0..<inputCount {
            let source = Int(sources[index])
            row[index] = levels[source < 0 ? 0 : Int(pixels[source])]
          }
        }
      case .blend(let taps, let weights):
        for index in 0..<inputCount {
          var value: Float = 0
          for tap in 0..<4 {
            let source = Int(taps[index][tap])
            value += weights[index][tap] * levels[source < 0 ? 0 : Int(pixels[source])]
          }
          row[index] = value
        }
      }
    }
  }
}
