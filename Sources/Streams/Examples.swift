public import Tensors

/// A part of a data set: examples and their classes, whatever they are of.
///
/// A further sort of examples is one type: it says how many numbers an example is, and writes them.
public protocol Examples: Sendable {
  /// By example: its label as the files have it, or the number of its class once it is part of a
  /// ``DataSet``. 0 or more.
  var labels: [Int32] { get set }
  /// Numbers of an example, as it is stored: before padding.
  var inputCount: Int { get }
  /// What the numbers are of, if they are of an image.
  var shape: ImageShape? { get }
  /// How the numbers lie, if they are not quantities but the words of a question about a text;
  /// `nil` if left out.
  var text: TextShape? { get }
  /// By example: the number of the section of its data set that it is in; empty where the data set
  /// has none, and if left out.
  var sections: [Int32] { get }
  /// Bytes that they hold in memory.
  var byteCount: Int { get }

  /// Writes the inputs of one example as a task shows it.
  ///
  /// - Parameters:
  ///   - index: In `0..<count`.
  ///   - map: Made for examples of `inputCount` numbers.
  ///   - row: `map.inputCount` floats.
  func write(_ index: Int, through map: InputMap, to row: UnsafeMutablePointer<Float>)

  /// Hands out bytes that are equal for equal content and no other: shape, labels, numbers.
  func digest(_ update: (UnsafeRawBufferPointer) -> Void)
}

extension Examples {
  /// Quantities.
  public var text: TextShape? { nil }
  /// None.
  public var sections: [Int32] { [] }
  /// Number of examples.
  public var count: Int { labels.count }

  /// The class of an example, or its label where it is not part of a data set yet.
  public func label(_ index: Int) -> Int { Int(labels[index]) }

  /// The labels that there are, ascending.
  var labelsPresent: [Int] { Set(labels).sorted().map(Int.init) }

  /// What an example is, in words: `images of 28×28`, `examples of 300 numbers`.
  public var kindWords: String {
    if let text {
      return "questions of up to \(text.words) words about up to \(text.sentences) sentences"
    }
    guard let shape else { return "examples of \(inputCount) numbers" }
    let channels = shape.channels == 1 ? "" : " in \(shape.channels) channels"
    return "images of \(shape.height)×\(shape.width)\(channels)"
  }

  /// Hands out what an image is and its class: height, width, and channels where there are several,
  /// as 64 bits each; then a byte for each class, or four where there are more than 256.
  func digestHead(_ update: (UnsafeRawBufferPointer) -> Void) {
    var sizes = [inputCount]
    if let shape {
      sizes = [shape.height, shape.width] + (shape.channels == 1 ? [] : [shape.channels])
    }
    sizes.map { UInt64($0).littleEndian }.withUnsafeBytes { update($0) }
    if labels.allSatisfy({ (0...255).contains($0) }) {
      labels.map { UInt8($0) }.withUnsafeBytes { update($0) }
    } else {
      labels.map(\.littleEndian).withUnsafeBytes { update($0) }
    }
  }
}
