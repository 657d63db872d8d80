import CZlib
import Streams

/// Reads members of a zip archive, stored or deflated, also of more than 4 GiB (zip64).
///
/// - Source: PKWARE, .ZIP File Format Specification 6.3.
struct ZipArchive {
  private struct Member {
    let method: Int
    let checksum: UInt32
    let compressedCount: Int
    let count: Int
    /// Of its local header.
    let offset: Int
  }

  private let bytes: [UInt8]
  private let file: String
  private var members: [String: Member] = [:]

  /// The names of all members, sorted.
  var names: [String] { members.keys.sorted() }

  /// - Parameter file: For errors.
  /// - Throws: `DataError` when its directory cannot be found or read.
  init(_ bytes: [UInt8], file: String) throws(DataError) {
    self.bytes = bytes
    self.file = file
    guard let end = Self.end(of: bytes) else {
      throw DataError("\(file) is no zip archive or is cut off; fetch or write it again")
    }
    var (count, offset) = (number(end + 10, 2) ?? 0, number(end + 16, 4) ?? 0)
    if count == 0xFFFF || offset == 0xFFFF_FFFF {
      guard let locator = number(end - 20, 4), locator == 0x0706_4B50,
        let large = number(end - 12, 8), number(large, 4) == 0x0606_4B50,
        let largeCount = number(large + 32, 8), let largeOffset = number(large + 48, 8)
      else { throw broken() }
      (count, offset) = (largeCount, largeOffset)
    }
    for _ in 0..<count { offset = try enter(at: offset) }
  }

  /// The place of the record at the end, behind which there may be a comment.
  private static func end(of bytes: [UInt8]) -> Int? {
    let first = max(0, bytes.count - 22 - 65535)
    return stride(from: bytes.count - 22, through: first, by: -1).first {
      $0 >= 0 && bytes[$0..<($0 + 4)].elementsEqual([0x50, 0x4B, 5, 6])
    }
  }

  /// Reads an entry of the directory.
  ///
  /// - Returns: Where the next one is.
  private mutating func enter(at offset: Int) throws(DataError) -> Int {
    guard number(offset, 4) == 0x0201_4B50, let flags = number(offset + 8, 2),
      let method = number(offset + 10, 2), let checksum = number(offset + 16, 4),
      let compressedCount = number(offset + 20, 4), let count = number(offset + 24, 4),
      let nameCount = number(offset + 28, 2), let extraCount = number(offset + 30, 2),
      let commentCount = number(offset + 32, 2), let place = number(offset + 42, 4),
      offset + 46 + nameCount + extraCount <= bytes.count
    else { throw broken() }
    let name = String(
      decoding: bytes[(offset + 46)..<(offset + 46 + nameCount)], as: UTF8.self)
    guard flags & 1 == 0 else {
      throw DataError("\(file) has \(name) under a password; write it without")
    }
    var sizes = [count, compressedCount, place]
    let extra = offset + 46 + nameCount
    try widen(&sizes, extra..<(extra + extraCount))
    members[name] = Member(
      method: method, checksum: UInt32(checksum), compressedCount: sizes[1], count: sizes[0],
      offset: sizes[2])
    return extra + extraCount + commentCount
  }

  /// Replaces sizes that 32 bits do not hold by those of zip64, which stand in the same order.
  private func widen(_ sizes: inout [Int], _ extra: Range<Int>) throws(DataError) {
    var place = extra.lowerBound
    while place + 4 <= extra.upperBound {
      guard let id = number(place, 2), let length = number(place + 2, 2),
        place + 4 + length <= extra.upperBound
      else { throw broken() }
      if id == 1 {
        var field = place + 4
        for index in sizes.indices where sizes[index] == 0xFFFF_FFFF {
          guard field + 8 <= place + 4 + length, let size = number(field, 8) else {
            throw broken()
          }
          sizes[index] = size
          field += 8
        }
      }
      place += 4 + length
    }
  }

  /// The content of a member.
  ///
  /// - Throws: `DataError` when there is none of that name, when it is broken or larger than
  ///   ``DataLimits`` allow.
  func content(of name: String) throws(DataError) -> [UInt8] {
    guard let member = members[name] else {
      throw DataError("\(file) has no member \(name); it has \(names.joined(separator: ", "))")
    }
    let limit = DataLimits.byteCountMaximum
    guard member.count <= limit else {
      throw DataError(
        "\(file) holds \(name) of \(member.count) bytes, more than the \(limit >> 30) GiB that a "
          + "data set may have; write a smaller one")
    }
    // The local header repeats name and extra field, whose lengths may differ.
    guard number(member.offset, 4) == 0x0403_4B50, let nameCount = number(member.offset + 26, 2),
      let extraCount = number(member.offset + 28, 2)
    else { throw broken() }
    let start = member.offset + 30 + nameCount + extraCount
    guard start <= bytes.count, member.compressedCount <= bytes.count - start else {
      throw broken()
    }
    let packed = bytes[start..<(start + member.compressedCount)]
    let content: [UInt8]?
    switch member.method {
    case 0: content = packed.count == member.count ? Array(packed) : nil
    case 8: content = Self.inflate(packed, count: member.count)
    default:
      throw DataError(
        "\(file) has \(name) packed by method \(member.method); write it stored or deflated, as "
          + "numpy does")
    }
    guard let content, Self.checksum(content) == member.checksum else {
      throw DataError("\(file) has a damaged \(name); fetch or write it again")
    }
    return content
  }

  private func broken() -> DataError {
    DataError("\(file) is a zip archive whose directory is damaged; fetch or write it again")
  }

  /// A number of so many bytes, the low ones first; `nil` beyond the file or any whole number.
  private func number(_ offset: Int, _ count: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - count else { return nil }
    let value = (0..<count).reduce(UInt64(0)) {
      $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1)
    }
    // What is more than a file can have cannot overflow a sum of places either.
    return value < 1 << 48 ? Int(value) : nil
  }

  // MARK: zlib

  /// Inflates to exactly `count` bytes; `nil` when it does not.
  private static func inflate(_ packed: ArraySlice<UInt8>, count: Int) -> [UInt8]? {
    var stream = z_stream()
    // Negative: without a header.
    guard
      inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    else { return nil }
    defer { inflateEnd(&stream) }
    // Deflate makes of a byte 1032 at most, so that a small file announces no large one.
    guard count / 1032 <= packed.count else { return nil }
    var status = Z_OK
    let content = packed.withUnsafeBufferPointer { packed in
      [UInt8](unsafeUninitializedCapacity: count) { room, filled in
        var given = 0
        while status == Z_OK, let input = packed.baseAddress, let output = room.baseAddress {
          // zlib counts in 32 bits.
          let (offered, wanted) = (min(packed.count - given, 1 << 30), min(count - filled, 1 << 30))
          stream.next_in = UnsafeMutablePointer(mutating: input + given)
          stream.avail_in = UInt32(offered)
          stream.next_out = output + filled
          stream.avail_out = UInt32(wanted)
          status = CZlib.inflate(&stream, Z_NO_FLUSH)
          given += offered - Int(stream.avail_in)
          filled += wanted - Int(stream.avail_out)
        }
      }
    }
    return status == Z_STREAM_END && content.count == count ? content : nil
  }

  private static func checksum(_ content: [UInt8]) -> UInt32 {
    content.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
