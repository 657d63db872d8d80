import Tensors

/// A data set that needs no download: ten symbols drawn from strokes, 28×28, each example with its
/// own turn, size, slant, place, pen, wobble and noise. Symbols share strokes, so they can be
/// confused.
///
/// Every example is keyed by its class and number alone, so a smaller set is the beginning of a
/// larger one, and equal on every machine.
public enum Glyphs {
  /// Height and width of an image.
  public static let side = 28
  /// Number of symbols.
  public static let classCount = GlyphShape.all.count

  private static let seed: UInt64 = 0x676C_7970_6873
  /// Test examples are numbered from a place that no training set reaches.
  private static let firstTestNumber = 1 << 24

  /// The data set with so many examples of each class, classes in turn.
  ///
  /// - Parameters:
  ///   - trainPerClass: 1 to 2²⁴.
  ///   - testPerClass: 1 to 2²⁴.
  /// - Complexity: about 12 µs an image in a release build.
  public static func dataSet(trainPerClass: Int = 1000, testPerClass: Int = 200) -> DataSet {
    precondition((1...firstTestNumber).contains(trainPerClass), "1 to 2²⁴ training examples")
    precondition((1...firstTestNumber).contains(testPerClass), "1 to 2²⁴ test examples")
    let train = images(perClass: trainPerClass, firstNumber: 0)
    let test = images(perClass: testPerClass, firstNumber: firstTestNumber)
    do {
      return try DataSet(name: "glyphs", train: train, test: test, readingFactor: 1)
    } catch {
      preconditionFailure("glyphs fit together: \(error)")
    }
  }

  private static func images(perClass: Int, firstNumber: Int) -> ImageSet {
    let count = perClass * classCount
    let size = side * side
    var pixels = [UInt8](repeating: 0, count: count * size)
    pixels.withUnsafeMutableBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      for index in 0..<count {
        let (number, label) = index.quotientAndRemainder(dividingBy: classCount)
        draw(label, number: firstNumber + number, into: base + index * size)
      }
    }
    return ImageSet(
      shape: ImageShape(height: side, width: side), pixels: pixels,
      labels: (0..<count).map { Int32($0 % classCount) })
  }

  /// Draws one example on an empty image.
  private static func draw(_ label: Int, number: Int, into image: UnsafeMutablePointer<UInt8>) {
    var random = RandomStream(seed: seed, purpose: .glyphShape, node: label, step: number)
    let hand = GlyphHand(side: side, random: &random)
    hand.draw(GlyphShape.all[label], random: &random, into: image)
    addNoise(label, number: number, to: image)
  }

  /// Adds noise of triangular law to every pixel, standard deviation 23.
  private static func addNoise(
    _ label: Int, number: Int, to image: UnsafeMutablePointer<UInt8>
  ) {
    var random = RandomStream(seed: seed, purpose: .glyphNoise, node: label, step: number)
    for start in stride(from: 0, to: side * side, by: 4) {
      var bits = random.next()
      for index in start..<start + 4 {
        // The sum of two uniform bytes, about 0, deviates by 104.5.
        let sum = Int(truncatingIfNeeded: (bits & 255) + (bits >> 8 & 255)) - 255
        bits >>= 16
        let value = Int(image[index]) + (sum * 56) >> 8
        image[index] = UInt8(truncatingIfNeeded: max(0, min(255, value)))
      }
    }
  }
}
