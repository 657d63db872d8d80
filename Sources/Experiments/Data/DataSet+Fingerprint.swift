public import Streams

extension DataSet {
  /// SHA-256 over the labels of the classes, and the shapes, classes and numbers of both parts, as
  /// 64 hexadecimal digits: equal for equal data, whatever they are called and wherever they lie.
  public var fingerprint: String {
    var hash = SHA256()
    labels.map { UInt64($0).littleEndian }.withUnsafeBytes { hash.update($0) }
    for part in [train, test] { part.digest { hash.update($0) } }
    return hash.hexDigest()
  }
}
