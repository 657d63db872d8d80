import Tensors
import Testing

@testable import Streams

/// A `.npy` file of version 1.
private func file(
  _ type: String, _ shape: String, _ bytes: [UInt8], order: String = "False", version: UInt8 = 1
) -> [UInt8] {
  let header = Array(
    "{'descr': '\(type)', 'fortran_order': \(order), 'shape': (\(shape)), }\n".utf8)
  let length = [UInt8(header.count), 0] + (version == 1 ? [] : [0, 0])
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + bytes
}

private func array(_ type: String, _ shape: String, _ bytes: [UInt8]) throws -> NumPyArray {
  try NumPyArray(file(type, shape, bytes), named: "a")
}

private func floats(_ values: [Float]) -> [UInt8] {
  values.flatMap { value in (0..<4).map { UInt8(value.bitPattern >> (8 * $0) & 255) } }
}

@Suite struct `NumPy arrays` {
  @Test(
    arguments: [
      ("|u1", [200], 200), ("|b1", [1], 1), ("|i1", [0xFE], -2), ("<u2", [1, 2], 513),
      (">u2", [1, 2], 258), ("<i2", [0xFF, 0xFF], -1), ("<i4", [0, 0, 0, 0x80], -2_147_483_648),
      (">i4", [0, 0, 1, 0], 256), ("<i8", [0xFD, 255, 255, 255, 255, 255, 255, 255], -3),
      ("<u8", [0, 8, 0, 0, 0, 0, 0, 1], 72_057_594_037_929_984), ("<f4", [0, 0, 0x20, 0xC0], -2.5),
      (">f8", [0x3F, 0xB0, 0, 0, 0, 0, 0, 0], 0.0625),
    ] as [(String, [UInt8], Double)])
  func `have elements of every common type`(type: String, bytes: [UInt8], value: Double) throws {
    let one = try array(type, "1,", bytes)
    #expect(one.shape == [1] && one.count == 1 && one[0] == value)
    let two = try array(type, "2, 1", [UInt8](repeating: 0, count: bytes.count) + bytes)
    #expect(two.shape == [2, 1] && two[0] == 0 && two[1] == value)
    let long = try NumPyArray(file(type, "1,", bytes, version: 2), named: "a")
    #expect(long[0] == value)
  }

  @Test(
    arguments: [
      (
        file("<f4", "1, 2", [0, 0, 0, 0]),
        "a has 4 bytes of elements where its header announces 8; write it again"
      ),
      (
        file("<f4", "9223372036854775807, 3", []),
        "a announces [9223372036854775807, 3] elements, more than can be; write it again"
      ),
      (
        file("<f4", "2", floats([1, 2]), order: "True"),
        "a is in Fortran order; write numpy.ascontiguousarray of it"
      ),
      (
        file("|O", "1", []),
        "a has elements of type |O; convert it to uint8, int64 or float32 with astype"
      ),
      (
        Array("PK\u{3}\u{4}, and no array".utf8),
        "a is no NumPy array; write it with numpy.save or numpy.savez"
      ),
      ([], "a is no NumPy array; write it with numpy.save or numpy.savez"),
      (Array(file("|u1", "1", [1]).prefix(30)), "a ends within its header; write it again"),
    ] as [([UInt8], String)])
  func `that are none say so`(bytes: [UInt8], sentence: String) {
    #expect(throws: DataError(sentence)) { try NumPyArray(bytes, named: "a") }
  }
}

@Suite struct `Images in NumPy arrays` {
  private func images(
    _ type: String, _ shape: String, _ bytes: [UInt8], labels: [UInt8] = [1, 0]
  ) throws -> NumPyImages {
    try NumPyImages(
      array(type, shape, bytes), named: "x", labels: array("|u1", "\(labels.count),", labels),
      named: "y")
  }

  private func train(_ images: NumPyImages) throws -> any Examples {
    try NumPyImages.parts(train: images, test: images).train
  }

  @Test(arguments: ["2, 3, 2", "2, 3, 2, 1", "2, 1, 3, 2"])
  func `in grey may name their channel anywhere`(shape: String) throws {
    let bytes = (0..<12).map { UInt8($0 * 20) }
    let set = try #require(try train(images("|u1", shape, bytes)) as? ImageSet)
    #expect(set.shape == ImageShape(height: 3, width: 2))
    #expect(set.pixels == bytes && set.labels == [1, 0])
  }

  @Test func `in colours become channel after channel`() throws {
    let last = (0..<12).map { UInt8($0) }
    let set = try #require(try train(images("|u1", "2, 1, 2, 3", last)) as? ImageSet)
    #expect(set.shape == ImageShape(channels: 3, height: 1, width: 2))
    #expect(set.pixels == [0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11])
    let first = try #require(try train(images("|u1", "2, 3, 1, 2", last)) as? ImageSet)
    #expect(first.shape == ImageShape(channels: 3, height: 1, width: 2) && first.pixels == last)
  }

  @Test func `in floats are read on the scale of the training images`() throws {
    let unit = try images("<f4", "2, 1, 2", floats([0, 0.25, 1, 0.5]))
    let set = try #require(try train(unit) as? FloatImageSet)
    #expect(set.values == [0, 0.25, 1, 0.5])
    let wide = try images("<f4", "2, 1, 2", floats([0, 63.75, 255, 127.5]))
    let scaled = try #require(try train(wide) as? FloatImageSet)
    #expect(scaled.values == [0, 0.25, 1, 0.5])
    // All whole, and beyond 1: bytes.
    let whole = try images("<f4", "2, 1, 2", floats([0, 1, 255, 128]))
    #expect(try (train(whole) as? ImageSet)?.pixels == [0, 1, 255, 128])
    // A dark test image of 0…1 among pixels of 0…255 is dark, not bright.
    let dark = try images("<f4", "2, 1, 2", floats([0, 1, 0.5, 1]))
    let parts = try NumPyImages.parts(train: wide, test: dark)
    #expect((parts.test as? FloatImageSet)?.values[1] == Float(1.0 / 255))
    #expect(
      throws: DataError(
        "x has pixels from 0.0 to 255.0 where 0 to 1 is expected; give pixels from 0 to 255, or "
          + "floats from 0 to 1")
    ) { try NumPyImages.parts(train: unit, test: wide) }
  }

  @Test(
    arguments: [
      (
        "<f4", "2, 1, 1", floats([-1, 1]), "x has pixels from -1.0 to 1.0 where 0 to 1 is expected"
      ),
      ("<f4", "2, 1, 1", floats([0, .nan]), "x has a pixel that is nan"),
      (
        "<i2", "2, 1, 1", [0, 1, 0, 0], "x has pixels from 0.0 to 256.0 where 0 to 255 is expected"
      ),
      ("|u1", "2, 4", [1, 2, 3, 4, 5, 6, 7, 8], "x has the shape [2, 4], which is not of images"),
      (
        "|u1", "2, 2, 1, 2", [1, 2, 3, 4, 5, 6, 7, 8], "x has the shape [2, 2, 1, 2], which is not"
      ),
      ("|u1", "2, 4097, 0", [], "x has the shape [2, 4097, 0], which is not of images"),
      ("|u1", "1, 1, 1", [1], "x has 1 images but y has 2 labels"),
    ] as [(String, String, [UInt8], String)])
  func `that cannot be are refused`(
    type: String, shape: String, bytes: [UInt8], sentence: String
  ) throws {
    do {
      _ = try train(images(type, shape, bytes))
      Issue.record("accepted \(shape)")
    } catch {
      #expect("\(error)".hasPrefix(sentence), "\(error)")
    }
  }

  @Test func `have whole labels`() throws {
    let pixels = try array("|u1", "2, 1, 1", [1, 2])
    let column = try NumPyImages(
      pixels, named: "x", labels: array("<i4", "2, 1", [1, 0, 0, 0, 0, 1, 0, 0]), named: "y")
    #expect(try train(column).labels == [1, 256])
    for (type, bytes) in [("<f4", floats([0, 0.5])), ("|i1", [0, 255])] {
      #expect(throws: DataError.self) {
        try NumPyImages(pixels, named: "x", labels: array(type, "2", bytes), named: "y")
      }
    }
  }

  @Test func `of one array are parted by class`() throws {
    // Fourteen images: twelve of class 1 between two of class 0.
    let labels: [UInt8] = [0] + [UInt8](repeating: 1, count: 12) + [0]
    let parts = try images("|u1", "14, 1, 1", (0..<14).map { $0 }, labels: labels).parts()
    #expect((parts.test as? ImageSet)?.pixels == [6, 12] && parts.test.labels == [1, 1])
    #expect((parts.train as? ImageSet)?.pixels == [0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 13])
  }
}
