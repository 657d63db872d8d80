public import Tensors

/// Images of one size whose values are no bytes, with their classes.
public struct FloatImageSet: Examples {
  private let size: ImageShape
  /// `count` × channels × height × width, row-major; 0 is background, 1 full.
  public let values: [Float]
  public var labels: [Int32]

  /// - Parameters:
  ///   - shape: Of every image, its channels one after another.
  ///   - values: `labels.count` · `shape.count` of them, 0…1.
  public init(shape: ImageShape, values: [Float], labels: [Int32]) {
    precondition(values.count == labels.count * shape.count, "values fill the images")
    size = shape
    inputCount = shape.count
    self.values = values
    self.labels = labels
  }

  /// Never `nil`.
  public var shape: ImageShape? { size }
  /// `shape.count`.
  public let inputCount: Int
  /// 4 bytes a value and 4 a label.
  public var byteCount: Int { 4 * (values.count + labels.count) }

  /// Writes the inputs of one image as a task shows it. O(`map.inputCount`).
  public func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>) {
    precondition(labels.indices.contains(index), "the image is in the data set")
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      map.write(base + index * inputCount, to: row)
    }
  }

  /// Hands out height, width, channels, classes and values, in this order.
  public func digest(_ update: (UnsafeRawBufferPointer) -> Void) {
    digestHead(update)
    values.withUnsafeBytes { update($0) }
  }
}
