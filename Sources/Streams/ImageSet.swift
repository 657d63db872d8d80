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

  /// Number of images.
  public var count: Int { labels.count }
}
