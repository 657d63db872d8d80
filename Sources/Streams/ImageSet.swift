public import Tensors

/// Images of one size in bytes, with their classes.
public struct ImageSet: Examples {
  private let size: ImageShape
  /// `count` × channels × height × width, row-major; 0 is background, 255 full.
  public let pixels: [UInt8]
  public var labels: [Int32]

  /// - Parameters:
  ///   - shape: Of every image, its channels one after another.
  ///   - pixels: `labels.count` · `shape.count` of them.
  public init(shape: ImageShape, pixels: [UInt8], labels: [Int32]) {
    precondition(pixels.count == labels.count * shape.count, "pixels fill the images")
    size = shape
    inputCount = shape.count
    self.pixels = pixels
    self.labels = labels
  }

  /// Never `nil`.
  public var shape: ImageShape? { size }
  /// `shape.count`.
  public let inputCount: Int
  /// 1 byte a value and 4 a label.
  public var byteCount: Int { pixels.count + labels.count * MemoryLayout<Int32>.stride }

  /// Writes the inputs of one image as a task shows it. O(`map.inputCount`).
  public func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>) {
    precondition(labels.indices.contains(index), "the image is in the data set")
    pixels.withUnsafeBufferPointer { pixels in
      guard let base = pixels.baseAddress else { return }
      map.write(base + index * inputCount, to: row)
    }
  }

  /// Hands out height, width, channels, classes and values, in this order.
  public func digest(_ update: (UnsafeRawBufferPointer) -> Void) {
    digestHead(update)
    pixels.withUnsafeBytes { update($0) }
  }
}
