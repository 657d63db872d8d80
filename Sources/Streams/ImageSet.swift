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
    precondition(height >= 1 && width >= 1, "an image has pixels")
    precondition(pixels.count == labels.count * height * width, "pixels fill the images")
    self.height = height
    self.width = width
    self.pixels = pixels
    self.labels = labels
  }

  /// The labels that there are, ascending.
  var labelsPresent: [Int] {
    var isPresent = [Bool](repeating: false, count: 256)
    for label in labels { isPresent[Int(label)] = true }
    return isPresent.indices.filter { isPresent[$0] }
  }

  /// The same images with other labels.
  ///
  /// - Parameter names: 256 of them, by the label so far.
  func relabelled(_ names: [UInt8]) -> ImageSet {
    ImageSet(
      height: height, width: width, pixels: pixels, labels: labels.map { names[Int($0)] })
  }

  /// Number of images.
  public var count: Int { labels.count }
}
