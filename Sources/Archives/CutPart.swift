import CKernels
import Tensors

/// One node's part of a cut as a file: which it is, what the node has saved, and a checksum.
///
/// | bytes | field |
/// |---:|---|
/// | 8 | magic `HEBBPART` |
/// | 8 | version of the format, 1 |
/// | 8 | mark: a random number that all parts of one run have |
/// | 8 | number of the cut |
/// | 1 + n | name of the node |
/// | 8 | bytes of the archive |
/// | … | the archive |
/// | 8 | CRC-64/XZ of all bytes before |
///
/// All numbers are little-endian.
public struct CutPart: Sendable, Hashable {
  static let magic = Array("HEBBPART".utf8)
  static let formatVersion: UInt64 = 1

  /// A random number that all parts of one run have.
  public let mark: UInt64
  /// Counted from 1 over the run.
  public let cut: Int
  /// Whose part it is: `worker 1`.
  public let node: String

  /// - Parameters:
  ///   - mark: A random number that all parts of one run have.
  ///   - cut: Counted from 1 over the run.
  ///   - node: At most 255 bytes.
  public init(mark: UInt64, cut: Int, node: String) {
    precondition(node.utf8.count <= 255, "a node's name is short")
    self.mark = mark
    self.cut = cut
    self.node = node
  }

  // MARK: Writing

  /// The bytes before an archive.
  private func header(_ byteCount: Int) -> [UInt8] {
    var bytes = Self.magic
    for number in [Self.formatVersion, mark, UInt64(cut)] {
      withUnsafeBytes(of: number.littleEndian) { bytes += $0 }
    }
    bytes.append(UInt8(node.utf8.count))
    bytes += Array(node.utf8)
    withUnsafeBytes(of: UInt64(byteCount).littleEndian) { bytes += $0 }
    return bytes
  }

  /// Hands the file's bytes to somebody, run by run.
  ///
  /// - Returns: Their number and the checksum at their end.
  public func write(
    _ archive: Archive, to sink: (UnsafeRawBufferPointer) throws -> Void
  ) rethrows -> (byteCount: Int, checksum: UInt64) {
    var (byteCount, checksum) = (0, UInt64(0))
    func put(_ buffer: UnsafeRawBufferPointer) throws {
      byteCount += buffer.count
      checksum = hebb_crc64(checksum, buffer.baseAddress, buffer.count)
      try sink(buffer)
    }
    try header(archive.byteCount).withUnsafeBytes(put)
    for piece in archive.pieces {
      switch piece {
      case .bytes(let bytes): try bytes.withUnsafeBytes(put)
      case .floats(let view):
        try withExtendedLifetime(view.owner) {
          try put(UnsafeRawBufferPointer(view.elements))
        }
      }
    }
    try withUnsafeBytes(of: checksum.littleEndian, sink)
    return (byteCount + 8, checksum)
  }

  /// The file's bytes in one piece. O(bytes).
  public func encode(_ archive: Archive) -> [UInt8] {
    var bytes: [UInt8] = []
    _ = write(archive) { bytes += $0 }
    return bytes
  }

  // MARK: Reading

  /// What a file's node has saved.
  ///
  /// - Parameters:
  ///   - bytes: Of the whole file.
  ///   - checksum: That the file was written with; any if left out.
  /// - Throws: ``ArchiveError`` if the file is not this part, whole and undamaged.
  public func decode(
    _ bytes: [UInt8], checksum: UInt64? = nil
  ) throws(ArchiveError) -> ArchiveReader {
    guard bytes.prefix(Self.magic.count).elementsEqual(Self.magic) else {
      throw ArchiveError("is no part of a cut")
    }
    guard bytes.count >= Self.magic.count + 8 else { throw ArchiveError("is cut off") }
    let content = Self.magic.count..<bytes.count - 8
    let sum = bytes.withUnsafeBytes { hebb_crc64(0, $0.baseAddress, content.upperBound) }
    var trailer = ArchiveReader(bytes, in: content.upperBound..<bytes.count)
    guard try trailer.word() == sum else { throw ArchiveError("is cut off or damaged") }
    guard checksum.map({ $0 == sum }) ?? true else {
      throw ArchiveError("is not the file that the cut was made with")
    }
    var reader = ArchiveReader(bytes, in: content)
    let version = try reader.word()
    guard version == Self.formatVersion else {
      throw ArchiveError(
        "has version \(version) of the format; this program reads \(Self.formatVersion)")
    }
    guard try reader.word() == mark else { throw ArchiveError("is of another run") }
    guard try reader.word() == UInt64(cut) else { throw ArchiveError("is of another cut") }
    let length = Int(try reader.byte())
    guard try reader.run(count: length).elementsEqual(node.utf8) else {
      throw ArchiveError("is of another node")
    }
    guard try reader.word() == UInt64(reader.rest) else { throw ArchiveError("is cut off") }
    return reader
  }
}
