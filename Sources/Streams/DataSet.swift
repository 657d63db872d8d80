/// Why data cannot be used: one sentence that names the place and the remedy.
public struct DataError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  /// - Parameter description: One sentence.
  public init(_ description: String) { self.description = description }
}

/// Grey images of one size with their classes.
public struct ImageSet: Sendable {
  public let height: Int
  public let width: Int
  /// `count` × height × width, row-major; 0 is background.
  public let pixels: [UInt8]
  /// The class of each image.
  public let labels: [UInt8]

  /// `pixels.count` is `labels.count` · height · width.
  public init(height: Int, width: Int, pixels: [UInt8], labels: [UInt8]) {
    precondition(pixels.count == labels.count * height * width, "pixels fill the images")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  /// Number of images.
  public var count: Int { labels.count }
}

/// Training and test images of the same classes.
public struct DataSet: Sendable {
  public let name: String
  public let classCount: Int
  public let train: ImageSet
  public let test: ImageSet

  /// - Throws: ``DataError`` when the two parts do not fit together.
  public init(name: String, train: ImageSet, test: ImageSet) throws(DataError) {
    guard train.height == test.height, train.width == test.width else {
      throw DataError(
        "data set \(name) has training images of \(train.height)×\(train.width) but test images of "
          + "\(test.height)×\(test.width); take both from the same data set")
    }
    guard train.count > 0, test.count > 0 else {
      throw DataError("data set \(name) has no images")
    }
    let classCount = Int(train.labels.max() ?? 0) + 1
    guard Int(test.labels.max() ?? 0) < classCount else {
      throw DataError(
        "data set \(name) has test images of class \(test.labels.max() ?? 0), which no training "
          + "image has")
    }
    self.name = name
    self.classCount = classCount
    self.train = train
    self.test = test
  }
}
