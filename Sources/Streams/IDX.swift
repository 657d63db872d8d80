/// The IDX format of MNIST and its kin: big-endian magic and sizes, then bytes.
///
/// - Source: LeCun, Cortes & Burges, "The MNIST database", file formats.
public enum IDX {
  private static let imagesMagic: UInt32 = 2051
  private static let labelsMagic: UInt32 = 2049

  /// The images of a file; labels are all 0.
  ///
  /// - Parameters:
  ///   - bytes: The file, decompressed.
  ///   - file: Its name, for errors.
  /// - Throws: ``DataError`` for a wrong magic number, implausible sizes, missing or trailing bytes.
  public static func images(
    _ bytes: [UInt8], file: String
  ) throws(DataError) -> (height: Int, width: Int, pixels: [UInt8]) {
    try check(bytes, magic: imagesMagic, headerCount: 16, of: "images", file: file)
    let count = Int(number(bytes, at: 4))
    let (height, width) = (Int(number(bytes, at: 8)), Int(number(bytes, at: 12)))
    guard (1...4096).contains(height), (1...4096).contains(width) else {
      throw DataError(
        "\(file) claims images of \(height)×\(width) pixels; sizes from 1 to 4096 are accepted")
    }
    try checkLength(bytes, expected: 16 + count * height * width, file: file)
    return (height, width, Array(bytes[16...]))
  }

  /// The labels of a file.
  ///
  /// - Throws: ``DataError`` as for ``images(_:file:)``.
  public static func labels(_ bytes: [UInt8], file: String) throws(DataError) -> [UInt8] {
    try check(bytes, magic: labelsMagic, headerCount: 8, of: "labels", file: file)
    try checkLength(bytes, expected: 8 + Int(number(bytes, at: 4)), file: file)
    return Array(bytes[8...])
  }

  /// Images with their labels.
  ///
  /// - Throws: ``DataError`` when the files are broken or have different counts.
  public static func imageSet(
    images: [UInt8], imagesFile: String, labels: [UInt8], labelsFile: String
  ) throws(DataError) -> ImageSet {
    let (height, width, pixels) = try Self.images(images, file: imagesFile)
    let labels = try Self.labels(labels, file: labelsFile)
    let count = pixels.count / (height * width)
    guard count == labels.count else {
      throw DataError(
        "\(imagesFile) has \(count) images but \(labelsFile) has \(labels.count) labels; take both "
          + "from the same data set")
    }
    return ImageSet(height: height, width: width, pixels: pixels, labels: labels)
  }

  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt32 {
    bytes[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) }
  }

  private static func check(
    _ bytes: [UInt8], magic: UInt32, headerCount: Int, of kind: String, file: String
  ) throws(DataError) {
    guard bytes.count >= 4 else {
      throw DataError("\(file) has only \(bytes.count) bytes; it is no IDX file of \(kind)")
    }
    let found = number(bytes, at: 0)
    guard found == magic else {
      let other =
        found == imagesMagic
        ? " (it is a file of images)" : found == labelsMagic ? " (it is a file of labels)" : ""
      throw DataError(
        "\(file) begins with \(found) where an IDX file of \(kind) begins with \(magic)\(other)")
    }
    guard bytes.count >= headerCount else {
      throw DataError("\(file) ends within its header, after \(bytes.count) bytes; fetch it again")
    }
  }

  private static func checkLength(
    _ bytes: [UInt8], expected: Int, file: String
  ) throws(DataError) {
    if bytes.count < expected {
      throw DataError(
        "\(file) is truncated: it has \(bytes.count) bytes, its header announces \(expected); "
          + "fetch it again")
    }
    if bytes.count > expected {
      throw DataError(
        "\(file) has \(bytes.count - expected) bytes behind the \(expected) that its header "
          + "announces; fetch it again")
    }
  }
}
