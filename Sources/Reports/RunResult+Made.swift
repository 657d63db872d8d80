public import Foundation

extension RunResult {
  /// Images that a generator made at the final weights, in shades of grey.
  public struct MadeImages: Sendable, Hashable, Codable {
    /// Pixels of an image.
    public var width: Int
    public var height: Int
    /// Images side by side.
    public var columns: Int
    /// A byte a pixel, 0 background and 255 full: image after image, each row by row.
    public var pixels: Data

    /// - Parameters:
    ///   - width: Pixels of an image, ≥ 1.
    ///   - height: Pixels of an image, ≥ 1.
    ///   - columns: Images side by side, ≥ 1.
    ///   - pixels: A byte a pixel, image after image, each row by row.
    public init(width: Int, height: Int, columns: Int, pixels: Data) {
      self.width = width
      self.height = height
      self.columns = columns
      self.pixels = pixels
    }

    /// Whole images that there are; 0 where the sizes make no sense, as those of a file may.
    var count: Int {
      guard (1...4_096).contains(width), (1...4_096).contains(height), columns >= 1 else {
        return 0
      }
      return pixels.count / (width * height)
    }
  }
}
