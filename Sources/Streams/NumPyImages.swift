import Tensors

/// Images and labels from NumPy arrays.
///
/// - Images are (n, h, w), (n, h, w, c) or (n, c, h, w) with 1 or 3 channels c; where both of the
///   latter fit, the last is taken for the channels.
/// - Whole numbers are pixels from 0 to 255. Floats of which none of the training images is above 1
///   are pixels from 0 to 1; others are pixels from 0 to 255. Floats that are all whole numbers,
///   some of them above 1, are kept as bytes.
/// - Labels are whole numbers from 0 to 2³¹ − 1, (n) or (n, 1).
public struct NumPyImages: Sendable {
  private let images: NumPyArray
  private let labels: [Int32]
  private let shape: ImageShape
  private let isChannelLast: Bool
  private let name: String
  /// The least and the largest pixel.
  private let range: (least: Double, most: Double)
  private let isWhole: Bool

  /// - Parameters:
  ///   - name: Of the images' array, for errors.
  ///   - labelName: Of the labels' array.
  /// - Throws: ``DataError`` when shapes or numbers are none of the above, or counts differ.
  public init(
    _ images: NumPyArray, named name: String, labels: NumPyArray, named labelName: String
  ) throws(DataError) {
    (shape, isChannelLast) = try Self.shape(images.shape, named: name)
    self.labels = try Self.labels(labels, named: labelName)
    guard images.shape[0] == self.labels.count else {
      throw DataError(
        "\(name) has \(images.shape[0]) images but \(labelName) has \(self.labels.count) labels; "
          + "take both from the same data set")
    }
    self.images = images
    self.name = name
    var (least, most, isWhole) = (0.0, 0.0, true)
    if images.bytes != nil {
      most = 255
    } else {
      for index in 0..<images.count {
        let value = images[index]
        guard value.isFinite else {
          throw DataError("\(name) has a pixel that is \(value); give finite numbers")
        }
        least = min(least, value)
        most = max(most, value)
        if value != value.rounded() { isWhole = false }
      }
    }
    range = (least, most)
    self.isWhole = isWhole
  }

  /// The training and the test part, on one scale.
  ///
  /// - Throws: ``DataError`` when a pixel is outside 0…255, or a test pixel outside the training
  ///   images' scale.
  public static func parts(
    train: NumPyImages, test: NumPyImages
  ) throws(DataError) -> (train: any Examples, test: any Examples) {
    let isUnit = train.isUnit
    try train.check(isUnit: isUnit)
    try test.check(isUnit: isUnit)
    let asBytes = train.isWhole && test.isWhole && !isUnit
    return (
      train.examples(isUnit: isUnit, asBytes: asBytes),
      test.examples(isUnit: isUnit, asBytes: asBytes)
    )
  }

  /// Both parts from one array: see ``HoldOut``.
  ///
  /// - Throws: ``DataError`` as for two arrays.
  public func parts() throws(DataError) -> (train: any Examples, test: any Examples) {
    try check(isUnit: isUnit)
    let asBytes = isWhole && !isUnit
    let (train, test) = HoldOut.split(labels)
    return (
      examples(isUnit: isUnit, asBytes: asBytes, train),
      examples(isUnit: isUnit, asBytes: asBytes, test)
    )
  }

  /// Whether pixels go from 0 to 1.
  private var isUnit: Bool {
    if case .float = images.element { return range.most <= 1 }
    return false
  }

  private func check(isUnit: Bool) throws(DataError) {
    let most = isUnit ? 1.0 : 255
    guard range.least >= 0, range.most <= most else {
      throw DataError(
        "\(name) has pixels from \(range.least) to \(range.most) where 0 to \(Int(most)) is "
          + "expected; give pixels from 0 to 255, or floats from 0 to 1")
    }
  }

  /// - Parameter indices: Of the images; `nil`: all.
  private func examples(isUnit: Bool, asBytes: Bool, _ indices: [Int]? = nil) -> any Examples {
    let indices = indices ?? Array(labels.indices)
    let labels = indices.map { self.labels[$0] }
    if let bytes = images.bytes, !isChannelLast || shape.channels == 1 {
      var pixels: [UInt8] = []
      pixels.reserveCapacity(indices.count * shape.count)
      for index in indices {
        let start = bytes.startIndex + index * shape.count
        pixels += bytes[start..<(start + shape.count)]
      }
      return ImageSet(shape: shape, pixels: pixels, labels: labels)
    }
    let order = order
    if asBytes {
      var pixels: [UInt8] = []
      pixels.reserveCapacity(indices.count * shape.count)
      for index in indices {
        for place in order { pixels.append(UInt8(images[index * shape.count + place])) }
      }
      return ImageSet(shape: shape, pixels: pixels, labels: labels)
    }
    let full = isUnit ? 1.0 : 255
    var values: [Float] = []
    values.reserveCapacity(indices.count * shape.count)
    for index in indices {
      for place in order { values.append(Float(images[index * shape.count + place] / full)) }
    }
    return FloatImageSet(shape: shape, values: values, labels: labels)
  }

  /// Where in an image of the array each pixel is, channel after channel.
  private var order: [Int] {
    guard isChannelLast else { return Array(0..<shape.count) }
    return (0..<shape.channels).flatMap { channel in
      (0..<shape.area).map { $0 * shape.channels + channel }
    }
  }

  // MARK: Shapes and labels

  private static func shape(
    _ sizes: [Int], named name: String
  ) throws(DataError) -> (ImageShape, isChannelLast: Bool) {
    let channels = [1, 3]
    let found: (ImageShape, Bool)?
    if sizes.count == 3, sizes.allSatisfy({ $0 >= 1 }) {
      found = (ImageShape(height: sizes[1], width: sizes[2]), false)
    } else if sizes.count == 4, sizes.allSatisfy({ $0 >= 1 }), channels.contains(sizes[3]) {
      found = (ImageShape(channels: sizes[3], height: sizes[1], width: sizes[2]), true)
    } else if sizes.count == 4, sizes.allSatisfy({ $0 >= 1 }), channels.contains(sizes[1]) {
      found = (ImageShape(channels: sizes[1], height: sizes[2], width: sizes[3]), false)
    } else {
      found = nil
    }
    guard let found else {
      throw DataError(
        "\(name) has the shape \(sizes), which is not of images; give (n, h, w), (n, h, w, 1 or 3) "
          + "or (n, 1 or 3, h, w)")
    }
    let most = DataLimits.sideMaximum
    guard found.0.height <= most, found.0.width <= most else {
      throw DataError(
        "\(name) has images of \(found.0.height)×\(found.0.width) pixels where 1 to \(most) a side "
          + "are plausible; give smaller ones")
    }
    return found
  }

  private static func labels(_ array: NumPyArray, named name: String) throws(DataError) -> [Int32] {
    guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
      throw DataError(
        "\(name) has the shape \(array.shape), which is not of labels; give (n) or (n, 1)")
    }
    var labels: [Int32] = []
    labels.reserveCapacity(array.count)
    for index in 0..<array.count {
      guard let label = Int32(exactly: array[index]), label >= 0 else {
        throw DataError(
          "\(name) has the label \(array[index]); give whole numbers from 0 to \(Int32.max)")
      }
      labels.append(label)
    }
    return labels
  }
}
