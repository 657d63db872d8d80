import Tensors

/// How the numbers of an example become the inputs of a network: padding, then a permutation or
/// rotation, then normalisation.
public struct InputMap: Sendable {
  enum Rule: Sendable {
    case identity
    /// For every input the number it comes from, −1 for background.
    case gather([Int32])
    /// For every input four numbers (−1: background) and their weights.
    case blend([SIMD4<Int32>], [SIMD4<Float>])
  }

  let rule: Rule
  /// The input that each byte becomes.
  private let levels: [Float]
  private let normalization: StreamSpecification.Normalization
  /// Width of an example as the network sees it.
  public let inputCount: Int

  init(_ rule: Rule, _ frame: Frame) {
    self.rule = rule
    inputCount = frame.inputCount
    normalization = frame.normalization
    levels = (0...255).map { frame.normalization.input(Double($0) / 255) }
  }

  /// Writes the inputs of an example in bytes, of which 255 is full. O(`inputCount`).
  ///
  /// - Parameter row: `inputCount` floats.
  public func write(_ pixels: UnsafePointer<UInt8>, to row: UnsafeMutablePointer<Float>) {
    levels.withUnsafeBufferPointer { levels in
      spread(to: row, background: levels[0]) { levels[Int(pixels[$0])] }
    }
  }

  /// Writes the inputs of an example in numbers, of which 1 is full. O(`inputCount`).
  ///
  /// - Parameter row: `inputCount` floats.
  public func write(_ values: UnsafePointer<Float>, to row: UnsafeMutablePointer<Float>) {
    spread(to: row, background: levels[0]) { normalization.input(Double(values[$0])) }
  }

  @inline(__always)
  private func spread(
    to row: UnsafeMutablePointer<Float>, background: Float, _ input: (Int) -> Float
  ) {
    switch rule {
    case .identity:
      for index in 0..<inputCount { row[index] = input(index) }
    case .gather(let sources):
      sources.withUnsafeBufferPointer { sources in
        for index in 0..<inputCount {
          let source = Int(sources[index])
          row[index] = source < 0 ? background : input(source)
        }
      }
    case .blend(let taps, let weights):
      for index in 0..<inputCount {
        var value: Float = 0
        for tap in 0..<4 {
          let source = Int(taps[index][tap])
          value += weights[index][tap] * (source < 0 ? background : input(source))
        }
        row[index] = value
      }
    }
  }
}

extension InputMap {
  /// What examples are before a task shows them: their shape, the background around them, and how a
  /// number becomes an input.
  public struct Frame: Sendable {
    let shape: ImageShape
    /// Background on each side of each channel.
    let padding: Int
    let normalization: StreamSpecification.Normalization

    var paddedHeight: Int { shape.height + 2 * padding }
    var paddedWidth: Int { shape.width + 2 * padding }
    /// Numbers of a padded channel.
    var paddedArea: Int { paddedHeight * paddedWidth }
    /// The padded example.
    var padded: ImageShape {
      ImageShape(channels: shape.channels, height: paddedHeight, width: paddedWidth)
    }
    /// Numbers of the padded example.
    var inputCount: Int { padded.count }

    /// The number at a place of the padded image, −1 for background: in the padding and beyond.
    func source(channel: Int, row: Int, column: Int) -> Int32 {
      let (row, column) = (row - padding, column - padding)
      guard (0..<shape.height).contains(row), (0..<shape.width).contains(column) else { return -1 }
      return Int32((channel * shape.height + row) * shape.width + column)
    }

    /// The numbers under the padded image, channel after channel, each row by row.
    var sources: [Int32] {
      (0..<inputCount).map { index in
        let (channel, place) = index.quotientAndRemainder(dividingBy: paddedArea)
        return source(channel: channel, row: place / paddedWidth, column: place % paddedWidth)
      }
    }
  }

  /// Numbers in their order, with padding.
  static func identity(_ frame: Frame) -> InputMap {
    InputMap(frame.padding == 0 ? .identity : .gather(frame.sources), frame)
  }

  /// Numbers in another order: input i is number `order[i]` of the padded example. Of an image in
  /// colours each number moves for itself, so that a pixel's channels part.
  static func permuted(_ order: [Int], _ frame: Frame) -> InputMap {
    precondition(order.count == frame.inputCount, "the order names every number")
    let sources = frame.sources
    return InputMap(.gather(order.map { sources[$0] }), frame)
  }
}
