import Streams
import Testing

@Suite struct `IDX files` {
  /// Two images of one row and three columns.
  private let images: [UInt8] = [
    0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 10, 11, 12, 20, 21, 22,
  ]
  private let labels: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 3]

  private func header(_ numbers: [UInt32]) -> [UInt8] {
    numbers.flatMap { number in
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
  }

  @Test func `give their sizes, pixels and labels`() throws {
    let read = try IDX.images(images, named: "i")
    #expect(read.height == 1 && read.width == 3 && read.count == 2)
    #expect(read.pixels == [10, 11, 12, 20, 21, 22])
    #expect(try IDX.labels(labels, named: "l") == [7, 3])
    let set = try IDX.imageSet(images: images, imagesFile: "i", labels: labels, labelsFile: "l")
    #expect(set.count == 2 && set.labels == [7, 3] && set.pixels == read.pixels)
  }

  @Test func `that are empty are refused`() {
    #expect(throws: DataError("i is empty; fetch it again")) { try IDX.images([], named: "i") }
    #expect(throws: DataError("l is empty; fetch it again")) { try IDX.labels([], named: "l") }
  }

  @Test(arguments: 1..<16) func `that end within the header are refused`(count: Int) {
    #expect(
      throws: DataError("i ends within its header, after \(count) bytes; fetch it again")
    ) { try IDX.images(Array(images.prefix(count)), named: "i") }
  }

  @Test func `that were swapped are told from each other`() {
    #expect(
      throws: DataError(
        "i begins with 2049 where an IDX file of images begins with 2051; it is a file of labels, "
          + "give the images here")
    ) { try IDX.images(labels, named: "i") }
    #expect(
      throws: DataError(
        "l begins with 2051 where an IDX file of labels begins with 2049; it is a file of images, "
          + "give the labels here")
    ) { try IDX.labels(images, named: "l") }
  }

  @Test func `of another kind are named with what was expected`() {
    #expect(
      throws: DataError(
        "i begins with 1347093252 where an IDX file of images begins with 2051; give an IDX file of "
          + "bytes")
    ) { try IDX.images(Array("PK\u{3}\u{4}".utf8), named: "i") }
    #expect(
      throws: DataError(
        "i begins with 529205248 where an IDX file of images begins with 2051; it is compressed by "
          + "gzip, decompress it first")
    ) { try IDX.images([0x1F, 0x8B, 8, 0], named: "i") }
  }

  @Test func `that are truncated say how long they should be`() {
    #expect(
      throws: DataError(
        "i is truncated: expected 22 bytes by its header, it has 21; fetch it again")
    ) { try IDX.images(images.dropLast(), named: "i") }
    #expect(
      throws: DataError(
        "l is truncated: expected 10 bytes by its header, it has 8; fetch it again")
    ) { try IDX.labels(labels.dropLast(2), named: "l") }
  }

  @Test func `with trailing bytes are refused`() {
    #expect(
      throws: DataError("i has 1 bytes behind the 22 that its header announces; fetch it again")
    ) { try IDX.images(images + [1], named: "i") }
    #expect(
      throws: DataError("l has 3 bytes behind the 10 that its header announces; fetch it again")
    ) { try IDX.labels(labels + [0, 7, 0], named: "l") }
  }

  @Test func `padded with zeros are what they are without`() throws {
    #expect(try IDX.images(images + [0], named: "i").pixels == [10, 11, 12, 20, 21, 22])
    #expect(try IDX.labels(labels + [UInt8](repeating: 0, count: 502), named: "l") == [7, 3])
  }

  @Test func `without entries are refused`() {
    #expect(throws: DataError("i announces no entries; fetch it again")) {
      try IDX.images(header([2051, 0, 28, 28]), named: "i")
    }
    #expect(throws: DataError("l announces no entries; fetch it again")) {
      try IDX.labels(header([2049, 0]), named: "l")
    }
  }

  @Test(arguments: [[0, 28], [28, 0], [4097, 28], [28, UInt32.max]])
  func `with implausible sizes are refused before anything is allocated`(
    size: [UInt32]
  ) {
    #expect(
      throws: DataError(
        "i announces images of \(size[0])×\(size[1]) pixels where 1 to 4096 a side are plausible; "
          + "fetch it again")
    ) { try IDX.images(header([2051, 1] + size), named: "i") }
  }

  @Test func `that announce as much as can be do not overflow`() {
    #expect(
      throws: DataError(
        "i is truncated: expected 72057594021150736 bytes by its header, it has 16; fetch it again")
    ) { try IDX.images(header([2051, .max, 4096, 4096]), named: "i") }
  }

  @Test func `of different counts are both named`() {
    #expect(
      throws: DataError(
        "i has 2 images but l has 3 labels; take both from the same data set")
    ) {
      try IDX.imageSet(
        images: images, imagesFile: "i", labels: header([2049, 3]) + [1, 2, 3], labelsFile: "l")
    }
  }
}
