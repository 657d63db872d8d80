import Foundation

/// A picture in shades of grey as the bytes of a PNG file (ISO/IEC 15948), not compressed: for
/// pictures of a few kilobytes.
struct GreyPNG {
  let width: Int
  let height: Int
  /// A byte a pixel, row by row.
  let pixels: [UInt8]

  /// The file.
  var data: Data {
    var lines: [UInt8] = []
    // Each row begins with its filter: none.
    for row in 0..<height { lines += [0] + pixels[row * width..<(row + 1) * width] }
    return Data(
      [0x89] + Array("PNG\r\n".utf8) + [0x1A, 0x0A]
        + Self.chunk("IHDR", Self.big(width) + Self.big(height) + [8, 0, 0, 0, 0])
        + Self.chunk("IDAT", Self.stored(lines)) + Self.chunk("IEND", []))
  }

  /// Four bytes, the highest first.
  private static func big(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return big(content.count) + body + big(crc(body))
  }

  /// A zlib stream (RFC 1950) of stored blocks (RFC 1951, §3.2.4).
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    for start in stride(from: 0, to: bytes.count, by: 65_535) {
      let block = bytes[start..<min(start + 65_535, bytes.count)]
      let length = UInt16(block.count)
      stream.append(block.endIndex == bytes.count ? 1 : 0)
      for word in [length, ~length] {
        stream += [UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8)]
      }
      stream += block
    }
    var (low, high) = (1, 0)
    for byte in bytes {
      low = (low + Int(byte)) % 65_521
      high = (high + low) % 65_521
    }
    return stream + big(high << 16 | low)
  }

  /// CRC-32 of ISO 3309, bit by bit.
  private static func crc(_ bytes: [UInt8]) -> Int {
    var sum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return Int(~sum)
  }
}
