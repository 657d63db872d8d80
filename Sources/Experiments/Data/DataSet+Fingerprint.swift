public import Streams

extension DataSet {
  /// SHA-256 over the labels of the classes, and the shapes, classes and pixels of both parts, as
  /// 64 hexadecimal digits: equal for equal data, whatever they are called and wherever they lie.
  public var fingerprint: String {
    var hash = SHA256()
    labels.map { UInt64($0).littleEndian }.withUnsafeBytes { hash.update($0) }
    for images in [train, test] {
      withUnsafeBytes(of: (UInt64(images.height).littleEndian, UInt64(images.width).littleEndian)) {
        hash.update($0)
      }
      images.labels.withUnsafeBytes { hash.update($0) }
      images.pixels.withUnsafeBytes { hash.update($0) }
    }
    return hash.hexDigest()
  }
}
