import Foundation
import Streams
import Testing

@testable import Experiments

@Suite struct `Data directory` {
  private let names = IDXData.fileNames

  /// Eight images of 1×1 with the labels given, in turn.
  private func images(_ count: Int = 8, _ value: UInt8 = 0) -> [UInt8] {
    [0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 1, 0, 0, 0, 1]
      + [UInt8](repeating: value, count: count)
  }

  private func labels(_ count: Int = 8, _ values: [UInt8] = [0, 1]) -> [UInt8] {
    [0, 0, 8, 1, 0, 0, 0, UInt8(count)] + (0..<count).map { values[$0 % values.count] }
  }

  private func write(
    _ folder: Folder, _ place: String, prefix: String = "", test: String = "t10k", value: UInt8 = 0,
    ending: String = ""
  ) throws {
    for (name, bytes) in zip(
      names, [images(8, value), labels(), images(4, value), labels(4)])
    {
      let name = name.replacingOccurrences(of: "t10k", with: test)
      _ = try folder.write(bytes, to: "\(place)/\(prefix)\(name)\(ending)")
    }
  }

  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  @Test func `finds EMNIST by its own file names, each of its splits by its name`() throws {
    let folder = try Folder()
    try write(folder, "letters", prefix: "emnist-letters-", test: "test", value: 1)
    #expect(try DataDirectory(folder.path).load("letters").train.pixels[0] == 1)
    #expect(try DataDirectory(folder.path).load("emnist-letters").train.pixels[0] == 1)
    let many = try Folder()
    try write(many, "gzip", prefix: "emnist-letters-", test: "test", value: 2)
    try write(many, "gzip", prefix: "emnist-digits-", test: "test", value: 3)
    for place in [many.path, many.path + "/gzip"] {
      #expect(try DataDirectory(place).load("emnist-letters").test.pixels[0] == 2)
      #expect(try DataDirectory(place).load("emnist-digits").test.pixels[0] == 3)
    }
    #expect(
      sentence { _ = try DataDirectory(many.path).load("gzip") }
        == "\(many.path)/gzip holds several data sets; name one of them as data.set: "
        + "emnist-digits, emnist-letters")
    #expect(
      sentence { _ = try DataDirectory(many.path).load("emnist-letter") }
        == "there is no data set \"emnist-letter\" in \(many.path); it holds emnist-digits, "
        + "emnist-letters")
  }

  @Test func `prefers what it always read, and reads it from its own folder too`() throws {
    let folder = try Folder()
    try write(folder, "d", test: "test", value: 2)
    try write(folder, "d", value: 1)
    try write(folder, "d", prefix: "x-", value: 3)
    #expect(try DataDirectory(folder.path).load("d").test.pixels[0] == 1)
    #expect(try DataDirectory(folder.path + "/d").load("d").train.pixels[0] == 1)
    #expect(try DataDirectory(folder.path + "/d/").load("d").train.pixels[0] == 1)
    #expect(try DataDirectory(folder.path).load("x").train.pixels[0] == 3)
  }

  @Test func `names the parts that are missing and those that are there`() throws {
    let folder = try Folder()
    for (name, bytes) in zip(names[2...], [images(4), labels(4)]) {
      _ = try folder.write(bytes, to: "half/\(name)")
    }
    let said =
      "\(folder.path)/half: train-images-idx3-ubyte, train-labels-idx1-ubyte are missing (with or "
      + "without .gz); there is t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; a data set has "
      + "training and test images with their labels"
    #expect(sentence { _ = try DataDirectory(folder.path).load("half") } == said)
    #expect(sentence { _ = try DataDirectory(folder.path + "/half").load("half") } == said)
    _ = try folder.write(images(), to: "half/\(names[0])")
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("half") }
        .contains("half: train-labels-idx1-ubyte is missing"))
  }

  @Test func `lists what is in it, and why a folder is no data set`() throws {
    let folder = try Folder()
    try write(folder, "b")
    try write(folder, "a", prefix: "emnist-mnist-", test: "test")
    _ = try folder.write(labels(), to: "half/\(names[1])")
    _ = try folder.write([1], to: "own/cat/1.jpg")
    _ = try folder.write([1], to: "own/all.mat")
    _ = try folder.write([1], to: ".hidden/x")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    let list = try DataDirectory(folder.path).list()
    #expect(list.map(\.name) == ["emnist-mnist", "b", "empty", "half", "own"])
    #expect(list.map { $0.flaw == nil } == [true, true, false, false, false])
    #expect(list[1].size == .bytes(24 + 16 + 20 + 12))
    #expect(list[3].flaw?.hasPrefix("missing train-images-idx3-ubyte, t10k-images") == true)
    #expect(
      list[4].flaw
        == "no data set: it has no IDX files (train-images-idx3-ubyte, …), .npz archives, folders "
        + "of PNG images (train/CLASS/*.png, test/CLASS/*.png) or stories with questions "
        + "(qa1_…_train.txt, qa1_…_test.txt, …) but .mat files and folders")
    #expect(
      sentence { _ = try DataDirectory(folder.path + "/none").list() }
        == "there is no folder \(folder.path)/none; name a folder of data sets")
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("own") }
        .contains("own is no data set: it has no IDX files"))
  }

  @Test func `says of a file that is a folder what it is`() throws {
    let folder = try Folder()
    try write(folder, "d")
    try FileManager.default.removeItem(atPath: folder.path + "/d/\(names[0])")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/d/\(names[0])", withIntermediateDirectories: true)
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("d") }
        .contains("d: train-images-idx3-ubyte is missing"))
  }

  @Test(arguments: ["", ".gz"]) func `reads gzip by its content`(ending: String) throws {
    let folder = try Folder()
    try write(folder, "d", ending: ending)
    #expect(try DataDirectory(folder.path).load("d").classCount == 2)
  }
}

extension Examples {
  /// Of images in bytes.
  var pixels: [UInt8] { (self as? ImageSet)?.pixels ?? [] }
}

@Suite struct `Gzip files` {
  /// A gzip member that stores its bytes as they are.
  private func member(_ bytes: [UInt8], crc: UInt32) -> [UInt8] {
    func little(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 255) } }
    let count = UInt16(bytes.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1, UInt8(count & 255), UInt8(count >> 8)]
      + [UInt8(~count & 255), UInt8(~count >> 8)] + bytes + little(crc)
      + little(UInt32(bytes.count))
  }

  private var hello: [UInt8] { member(Array("hello".utf8), crc: 0x3610_A686) }
  private var nothing: [UInt8] { member([], crc: 0) }

  @Test func `of several members are one, with padding or garbage behind the last`() throws {
    let twice = Array("hellohello".utf8)
    for tail: [UInt8] in [
      [], [0], [UInt8](repeating: 0, count: 500), Array("garbage".utf8), [0x1F],
    ] {
      #expect(try Gzip.inflate(hello + hello + tail, file: "f") == twice, "\(tail)")
      #expect(try Gzip.inflate(hello + nothing + hello + tail, file: "f") == twice)
      #expect(try Gzip.inflate(nothing + tail, file: "f") == [])
    }
  }

  @Test func `are refused when any member is broken`() {
    for cut in 2..<hello.count {
      #expect(throws: DataError("f is a gzip file that ends too early; fetch it again")) {
        try Gzip.inflate(hello + hello.prefix(cut), file: "f")
      }
    }
    var wrong = hello
    wrong[20] ^= 1
    for bytes in [wrong + hello, hello + wrong, hello + [0x1F, 0x8B, 0, 0]] {
      #expect(throws: DataError("f is a corrupt gzip file; fetch it again")) {
        try Gzip.inflate(bytes, file: "f")
      }
    }
  }

  @Test func `that would fill the memory are refused at a limit`() throws {
    #expect(try Gzip.inflate(hello, file: "f", atMost: 5).count == 5)
    #expect(throws: DataError("f holds more than 0 MB, too much for a data set; fetch it again")) {
      try Gzip.inflate(hello, file: "f", atMost: 4)
    }
  }
}
