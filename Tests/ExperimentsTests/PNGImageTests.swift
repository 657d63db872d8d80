import Streams
import Tensors
import Testing

@testable import Experiments
@testable import Reports

@Suite struct `PNG images` {
  private func read(_ file: [UInt8]) throws -> (shape: ImageShape, pixels: [UInt8]) {
    let shape = try PNGImage.shape(of: file, file: "f.png")
    var pixels: [UInt8] = []
    try PNGImage.append(file, shape: shape, file: "f.png", to: &pixels)
    return (shape, pixels)
  }

  @Test(arguments: [false, true]) func `in grey of 8 bits are their bytes`(
    isInterlaced: Bool
  ) throws {
    // 9×11, so that every pass of an interlaced image has some pixels.
    let values = (0..<99).map { $0 * 2 }
    let writer = PNGWriter(width: 9, height: 11, isInterlaced: isInterlaced)
    let image = try read(writer.file(values))
    #expect(image.shape == ImageShape(height: 11, width: 9))
    #expect(image.pixels == values.map { UInt8($0) })
  }

  /// More than one stored block holds, so that there are two.
  @Test(arguments: [(5, 3), (300, 250)]) func `of a report are read as they were written`(
    width: Int, height: Int
  ) throws {
    let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let image = try read(Array(GreyPNG(width: width, height: height, pixels: pixels).data))
    #expect(image.shape == ImageShape(height: height, width: width) && image.pixels == pixels)
  }

  @Test(arguments: [false, true]) func `in colours are red, then green, then blue`(
    isInterlaced: Bool
  ) throws {
    let values = (0..<6).flatMap { [$0, 10 + $0, 20 + $0] }
    let writer = PNGWriter(width: 3, height: 2, colorType: 2, isInterlaced: isInterlaced)
    let image = try read(writer.file(values))
    #expect(image.shape == ImageShape(channels: 3, height: 2, width: 3))
    #expect(image.pixels == [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15, 20, 21, 22, 23, 24, 25])
  }

  @Test(arguments: [1, 2, 4]) func `of few bits go from black to white`(depth: Int) throws {
    let most = 1 << depth - 1
    let values = (0..<15).map { $0 % (most + 1) }
    let image = try read(PNGWriter(width: 5, height: 3, depth: depth).file(values))
    #expect(image.pixels == values.map { UInt8(255 * $0 / most) })
  }

  @Test func `of 16 bits are rounded to 8`() throws {
    // 257 steps of 16 bits are one of 8.
    let values = [0, 128, 129, 257, 65535, 65535 - 128, 65535 - 129, 32768]
    let image = try read(PNGWriter(width: 4, height: 2, depth: 16).file(values))
    #expect(image.pixels == [0, 0, 1, 1, 255, 255, 254, 128])
  }

  @Test func `that are transparent lie on black`() throws {
    // Alpha 0, 128, 255 of white, and 64 of 100: 100 · 64 / 255 = 25.1.
    let grey = try read(
      PNGWriter(width: 2, height: 2, colorType: 4).file([255, 0, 255, 128, 255, 255, 100, 64]))
    #expect(grey.shape.channels == 1 && grey.pixels == [0, 128, 255, 25])
    let colours = try read(
      PNGWriter(width: 2, height: 1, colorType: 6).file([10, 20, 30, 255, 200, 100, 50, 51]))
    #expect(colours.pixels == [10, 40, 20, 20, 30, 10])
    let hole = try read(
      PNGWriter(width: 3, height: 1, transparency: [0, 7]).file([6, 7, 8]))
    #expect(hole.shape.channels == 1 && hole.pixels == [6, 0, 8])
  }

  @Test func `with a palette have its colours`() throws {
    let palette: [UInt8] = [9, 8, 7, 255, 0, 128, 40, 40, 40]
    let image = try read(
      PNGWriter(
        width: 4, height: 1, depth: 2, colorType: 3, palette: palette, transparency: [255, 51]
      ).file([0, 1, 2, 0]))
    #expect(image.shape.channels == 3)
    #expect(image.pixels == [9, 51, 40, 9, 8, 0, 40, 8, 7, 26, 40, 7])
  }

  @Test func `are shown as they stand in the file whatever gamma it names`() throws {
    var file = PNGWriter(width: 2, height: 1).file([50, 100])
    // gAMA 1.0, where 1/2.2 is usual, behind the header of 8 + 25 bytes.
    file.insert(contentsOf: PNGWriter.chunk("gAMA", [0, 1, 0x86, 0xA0]), at: 33)
    #expect(try read(file).pixels == [50, 100])
  }

  @Test func `that end too early are refused wherever it is`() throws {
    let whole = PNGWriter(width: 4, height: 4, colorType: 2).file((0..<48).map { $0 })
    for count in 0..<whole.count {
      #expect(throws: DataError.self, "\(count)") { try read(Array(whole.prefix(count))) }
    }
    #expect(
      throws: DataError(
        "f.png is no PNG image that can be read (it ends too early); save it again or take it out")
    ) { try read(Array(whole.prefix(60))) }
  }

  @Test func `with a flipped bit are refused or read`() {
    let whole = PNGWriter(width: 4, height: 4, colorType: 2).file((0..<48).map { $0 })
    var refused = 0
    for place in whole.indices {
      for bit in 0..<8 {
        var file = whole
        file[place] ^= 1 << UInt8(bit)
        do {
          #expect(try read(file).pixels.count == 48)
        } catch {
          #expect("\(error)".hasPrefix("f.png is no PNG image"), "\(error)")
          refused += 1
        }
      }
    }
    // Checksums guard every chunk that counts.
    #expect(refused > whole.count * 7)
  }

  @Test func `that are something else or absurdly large are refused`() {
    #expect(
      throws: DataError(
        "f.png is no PNG image that can be read (Not a PNG file); save it again or take it out")
    ) { try read(Array("GIF89a, which is no PNG".utf8)) }
    let wide = PNGWriter(width: 4097, height: 1).file([Int](repeating: 0, count: 4097))
    #expect(throws: DataError.self) { try read(wide) }
    var huge = PNGWriter(width: 1, height: 1).file([0])
    huge.replaceSubrange(
      8..<33,
      with: PNGWriter.chunk("IHDR", [127, 255, 255, 255, 127, 255, 255, 255, 16, 6, 0, 0, 0]))
    #expect(throws: DataError.self) { try read(huge) }
  }
}
