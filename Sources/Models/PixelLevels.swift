/// The whole numbers that a network's inputs stand for: level p of 0…255 becomes the input
/// (p/255 − mean) / deviation.
///
/// A sum of levels is exact in 32 bits as long as it stays below 2²⁴, which is 65,793 full pixels,
/// so that it has the same bits whatever is added first. Inputs between two levels, and beyond
/// 0…255, are taken for the nearest whole number: images in bytes lose nothing by it, others at
/// most half a level, 1/510 of the range.
public struct PixelLevels: Sendable, Hashable {
  /// Of the input, in shares of a full pixel.
  public let mean: Float
  /// > 0, in shares of a full pixel.
  public let deviation: Float

  /// Without any, an input is the share of a full pixel.
  ///
  /// - Parameters:
  ///   - mean: What was taken off each share of a full pixel.
  ///   - deviation: What the rest was divided by, > 0.
  public init(mean: Double = 0, deviation: Double = 1) {
    precondition(deviation > 0, "a deviation is positive")
    self.mean = Float(mean)
    self.deviation = Float(deviation)
  }

  /// The level that is nearest to an input; ties go to the even one.
  func level(of input: Float) -> Float {
    (255 * (input * deviation + mean)).rounded(.toNearestOrEven)
  }

  /// Adds the levels of inputs.
  ///
  /// - Parameter sum: `count` elements, added to.
  func addLevels(
    of inputs: UnsafePointer<Float>, to sum: UnsafeMutablePointer<Float>, count: Int
  ) {
    for index in 0..<count { sum[index] += level(of: inputs[index]) }
  }

  /// Writes the mean of examples, as an input, from the sum of their levels.
  ///
  /// - Parameters:
  ///   - sum: Of the levels of as many examples as `examples` says, `count` elements.
  ///   - examples: > 0.
  ///   - row: `count` elements, overwritten.
  func writeMean(
    of sum: UnsafePointer<Float>, examples: Float, into row: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    for index in 0..<count { row[index] = (sum[index] / (255 * examples) - mean) / deviation }
  }
}
