/// Writes PNG files from samples as they are to stand in them, uncompressed.
struct PNGWriter {
  let width: Int
  let height: Int
  var depth = 8
  /// 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGBA.
  var colorType = 0
  var isInterlaced = false
  var palette: [UInt8] = []
  /// Alpha of palette entries, or a transparent colour.
  var transparency: [UInt8] = []

  /// Samples of a pixel.
  private var samples: Int { [0: 1, 2: 3, 3: 1, 4: 2, 6: 4][colorType] ?? 1 }

  /// - Parameter values: Row by row, pixel by pixel, sample by sample.
  func file(_ values: [Int]) -> [UInt8] {
    var content: [UInt8] = []
    // Adam7: first column and row, and the steps, of each pass.
    let passes =
      isInterlaced
      ? [
        (0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2),
        (0, 1, 1, 2),
      ] : [(0, 0, 1, 1)]
    for (left, top, right, down) in passes {
      let columns = Array(stride(from: left, to: width, by: right))
      for row in stride(from: top, to: height, by: down) where !columns.isEmpty {
        let line = columns.flatMap { column in
          (0..<samples).map { values[(row * width + column) * samples + $0] }
        }
        // Filter 0: none.
        content += [0] + packed(line)
      }
    }
    var head: [UInt8] = big(width) + big(height)
    head += [UInt8(depth), UInt8(colorType), 0, 0, isInterlaced ? 1 : 0]
    var chunks: [(name: String, data: [UInt8])] = [("IHDR", head)]
    if !palette.isEmpty { chunks.append(("PLTE", palette)) }
    if !transparency.isEmpty { chunks.append(("tRNS", transparency)) }
    chunks += [("IDAT", Self.stored(content)), ("IEND", [])]
    return [137, 80, 78, 71, 13, 10, 26, 10] + chunks.flatMap { Self.chunk($0.name, $0.data) }
  }

  /// Samples of `depth` bits, from the high bits of each byte down.
  private func packed(_ line: [Int]) -> [UInt8] {
    if depth == 16 { return line.flatMap { [UInt8($0 >> 8), UInt8($0 & 255)] } }
    let perByte = 8 / depth
    return stride(from: 0, to: line.count, by: perByte).map { start in
      (0..<perByte).reduce(0) { byte, index in
        let value = start + index < line.count ? line[start + index] : 0
        return byte | UInt8(value << (8 - depth * (index + 1)))
      }
    }
  }

  static func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + data
    return big(data.count) + body + big(Int(crc(body)))
  }

  /// A zlib stream of stored blocks.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 1]
    for start in stride(from: 0, to: max(bytes.count, 1), by: 65535) {
      let block = bytes[start..<min(bytes.count, start + 65535)]
      stream.append(start + 65535 >= bytes.count ? 1 : 0)
      stream += [UInt8(block.count & 255), UInt8(block.count >> 8)]
      stream += [UInt8(~block.count & 255), UInt8(~block.count >> 8 & 255)] + block
    }
    var (a, b) = (1, 0)
    for byte in bytes {
      a = (a + Int(byte)) % 65521
      b = (b + a) % 65521
    }
    return stream + big(b << 16 | a)
  }

  /// The checksum of PNG and zip.
  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc = ~UInt32(0)
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = crc & 1 == 1
        crc >>= 1
        if isOdd { crc ^= 0xEDB8_8320 }
      }
    }
    return ~crc
  }
}

private func big(_ number: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(number >> $0 & 255) }
}
