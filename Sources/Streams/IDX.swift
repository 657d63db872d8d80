import Tensors

/// The IDX format of MNIST and its kin: big-endian magic and sizes, then bytes.
///
/// - Source: LeCun, Cortes & Burges, "The MNIST database", file formats.
public enum IDX {
  private static let imagesMagic: UInt32 = 2051
  private static let labelsMagic: UInt32 = 2049

  /// The images of a file.
  ///
  /// - Parameters:
  ///   - bytes: The file, decompressed.
  ///   - name: Its name, for errors.
  /// - Throws: ``DataError`` for a wrong magic number, implausible sizes, missing or trailing
  ///   bytes; zeros behind the content are padding.
  public static func images(
    _ bytes: [UInt8], named name: String
  ) throws(DataError) -> (height: Int, width: Int, count: Int, pixels: [UInt8]) {
    try check(bytes, magic: imagesMagic, headerCount: 16, of: "images", named: name)
    let count = number(bytes, at: 4)
    let (height, width) = (number(bytes, at: 8), number(bytes, at: 12))
    let most = DataLimits.sideMaximum
    guard (1...most).contains(height), (1...most).contains(width) else {
      throw DataError(
        "\(name) announces images of \(height)×\(width) pixels where 1 to \(most) a side "
          + "are plausible; fetch it again")
    }
    // 32-bit count × 2¹² × 2¹² fits 64 bits.
    try checkLength(bytes, header: 16, content: count * height * width, named: name)
    return (height, width, count, Array(bytes[16..<16 + count * height * width]))
  }

  /// The labels of a file.
  ///
  /// - Throws: ``DataError`` as for ``images(_:named:)``.
  public static func labels(
    _ bytes: [UInt8], named name: String
  ) throws(DataError) -> [UInt8] {
    try check(bytes, magic: labelsMagic, headerCount: 8, of: "labels", named: name)
    let count = number(bytes, at: 4)
    try checkLength(bytes, header: 8, content: count, named: name)
    return Array(bytes[8..<8 + count])
  }

  /// Images with their labels.
  ///
  /// - Throws: ``DataError`` when a file is broken or the two have different counts.
  public static func imageSet(
    images: [UInt8], imagesFile: String, labels: [UInt8], labelsFile: String
  ) throws(DataError) -> ImageSet {
    let (height, width, count, pixels) = try Self.images(images, named: imagesFile)
    let labels = try Self.labels(labels, named: labelsFile)
    guard count == labels.count else {
      throw DataError(
        "\(imagesFile) has \(count) images but \(labelsFile) has \(labels.count) labels; take both "
          + "from the same data set")
    }
    return ImageSet(
      shape: ImageShape(height: height, width: width), pixels: pixels,
      labels: labels.map(Int32.init))
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> Int {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
  }

  private static func check(
    _ bytes: [UInt8], magic: UInt32, headerCount: Int, of kind: String, named name: String
  ) throws(DataError) {
    guard !bytes.isEmpty else { throw DataError("\(name) is empty; fetch it again") }
    guard bytes.count >= 4 else {
      throw DataError("\(name) ends within its header, after \(bytes.count) bytes; fetch it again")
    }
    let found = number(bytes, at: 0)
    guard found == Int(magic) else {
      throw DataError(
        "\(name) begins with \(found) where an IDX file of \(kind) begins with \(magic); "
          + guess(bytes, magic: found))
    }
    guard bytes.count >= headerCount else {
      throw DataError("\(name) ends within its header, after \(bytes.count) bytes; fetch it again")
    }
  }

  /// What a file with the wrong magic number is, and what to do.
  private static func guess(_ bytes: [UInt8], magic: Int) -> String {
    if magic == imagesMagic { return "it is a file of images, give the labels here" }
    if magic == labelsMagic { return "it is a file of labels, give the images here" }
    if bytes.starts(with: [0x1F, 0x8B]) { return "it is compressed by gzip, decompress it first" }
    return "give an IDX file of bytes"
  }

  private static func checkLength(
    _ bytes: [UInt8], header: Int, content: Int, named name: String
  ) throws(DataError) {
    let expected = header + content
    if bytes.count < expected {
      throw DataError(
        "\(name) is truncated: expected \(expected) bytes by its header, it has \(bytes.count); "
          + "fetch it again")
    }
    if bytes[expected...].contains(where: { $0 != 0 }) {
      throw DataError(
        "\(name) has \(bytes.count - expected) bytes behind the \(expected) that its header "
          + "announces; fetch it again")
    }
    guard content > 0 else { throw DataError("\(name) announces no entries; fetch it again") }
  }
}
