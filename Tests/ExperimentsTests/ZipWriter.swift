/// Writes zip archives and the NumPy arrays in them, byte by byte.
struct ZipWriter {
  /// A member as it is to stand in the archive.
  struct Member {
    var name: String
    var content: [UInt8]
    /// Deflated, in one block that is stored.
    var isDeflated = false
    /// Sizes in 64 bits, as NumPy writes them for large arrays.
    var isLarge = false
  }

  static func file(_ members: [Member]) -> [UInt8] {
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
      let packed = member.isDeflated ? deflated(member.content) : member.content
      let name = Array(member.name.utf8)
      let sizes = [member.content.count, packed.count]
      // Version, flags, method, time, date, checksum.
      let head =
        [20, 0, 0, 0, member.isDeflated ? 8 : 0, 0, 0, 0, 0, 0]
        + little(Int(PNGWriter.crc(member.content)), 4)
      let short =
        member.isLarge
        ? [UInt8](repeating: 255, count: 8) : little(sizes[1], 4) + little(sizes[0], 4)
      let long = little(1, 2) + little(16, 2) + little(sizes[0], 8) + little(sizes[1], 8)
      let extra = member.isLarge ? long : []
      let lengths = little(name.count, 2) + little(extra.count, 2)
      directory += [0x50, 0x4B, 1, 2, 20, 0] + head + short + lengths
      // Comment, disk, attributes, offset.
      directory += [UInt8](repeating: 0, count: 10) + little(file.count, 4) + name + extra
      file += [0x50, 0x4B, 3, 4] + head + short + lengths + name + extra + packed
    }
    let end =
      [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + little(members.count, 2) + little(members.count, 2)
      + little(directory.count, 4) + little(file.count, 4) + [0, 0]
    return file + directory + end
  }

  /// One stored block of fewer than 65536 bytes.
  private static func deflated(_ content: [UInt8]) -> [UInt8] {
    [1] + little(content.count, 2) + little(~content.count & 0xFFFF, 2) + content
  }

  /// A `.npy` file of version 1.
  static func array(_ type: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }"
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + little(header.utf8.count, 2)
      + Array(header.utf8) + bytes
  }

  static func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }
}
