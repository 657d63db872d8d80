/// How the raw pixels of an image become the inputs of a network: padding, then a permutation or
/// rotation, then normalisation.
public struct PixelMap: Sendable {
  enum Rule: Sendable {
    case identity
    /// For every input the raw pixel it comes from, −1 for background.
    case gather([Int32])
    /// For every input four raw pixels (−1: background) and their weights.
    case blend([SIMD4<Int32>], [SIMD4<Float>])
  }

  let rule: Rule
  /// The input that each pixel value becomes.
  private let levels: [Float]
  /// Width of an example.
  public let inputCount: Int

  init(_ rule: Rule, inputCount: Int, _ normalization: StreamSpecification.Normalization) {
    self.rule = rule
    self.inputCount = inputCount
    levels = (0...255).map {
      Float((Double($0) / 255 - normalization.mean) / normalization.deviation)
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

extension PixelMap {
  /// The size of a raw image and the background around it.
  struct Frame: Sendable {
    let height: Int
    let width: Int
    let padding: Int

    var paddedHeight: Int { height + 2 * padding }
    var paddedWidth: Int { width + 2 * padding }
    /// Pixels of the padded image.
    var inputCount: Int { paddedHeight * paddedWidth }

    /// The raw pixel at a place of the padded image, −1 for background: in the padding and beyond.
    func source(row: Int, column: Int) -> Int32 {
      let (row, column) = (row - padding, column - padding)
      return (0..<height).contains(row) && (0..<width).contains(column)
        ? Int32(row * width + column) : -1
    }

    /// The raw pixels under the padded image, row-major.
    var sources: [Int32] {
      (0..<inputCount).map { source(row: $0 / paddedWidth, column: $0 % paddedWidth) }
    }
  }

  /// Pixels in their order, with padding.
  static func identity(
    _ frame: Frame, _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    PixelMap(
      frame.padding == 0 ? .identity : .gather(frame.sources), inputCount: frame.inputCount,
      normalization)
  }

  /// Pixels in another order: input i is pixel `order[i]` of the padded image.
  static func permuted(
    _ order: [Int], _ frame: Frame, _ normalization: StreamSpecification.Normalization
  ) -> PixelMap {
    precondition(order.count == frame.inputCount, "the order names every pixel")
    let sources = frame.sources
    return PixelMap(
      .gather(order.map { sources[$0] }), inputCount: frame.inputCount, normalization)
  }
}
