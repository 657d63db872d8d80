import Foundation
import Streams
import Testing

@testable import Experiments

@Suite struct `Zip archives` {
  private typealias Member = ZipWriter.Member
  private let hello = Array("hello".utf8)

  @Test(arguments: [false, true], [false, true])
  func `give what was put into them`(isDeflated: Bool, isLarge: Bool) throws {
    let file = ZipWriter.file([
      Member(name: "a", content: hello, isDeflated: isDeflated, isLarge: isLarge),
      Member(name: "b/c", content: [], isDeflated: isDeflated),
    ])
    let archive = try ZipArchive(file, file: "z")
    #expect(archive.names == ["a", "b/c"])
    #expect(try archive.content(of: "a") == hello && archive.content(of: "b/c") == [])
    #expect(throws: DataError("z has no member d; it has a, b/c")) { try archive.content(of: "d") }
    // A comment at the end, which may look like anything.
    var commented = file
    commented[commented.count - 2] = 4
    #expect(try ZipArchive(commented + [0x50, 0x4B, 1, 2], file: "z").content(of: "a") == hello)
  }

  @Test(arguments: [false, true])
  func `that are cut off or changed anywhere are refused or read`(isDeflated: Bool) {
    let file = ZipWriter.file([
      Member(name: "a", content: hello, isDeflated: isDeflated, isLarge: true)
    ])
    for count in 0..<file.count {
      #expect(throws: DataError.self, "\(count)") {
        try ZipArchive(Array(file.prefix(count)), file: "z").content(of: "a")
      }
    }
    for place in file.indices {
      for value: UInt8 in [0, 1, 127, 255] {
        var changed = file
        changed[place] = value
        // What the checksum does not guard, such as dates, does not matter.
        if let content = try? ZipArchive(changed, file: "z").content(of: "a") {
          #expect(content == hello, "\(place)")
        }
      }
    }
  }

  @Test func `that announce more than they can have take no memory`() throws {
    // Sizes of 4 GB in 32 bits, of a member of five bytes.
    var file = ZipWriter.file([Member(name: "a", content: hello, isDeflated: true)])
    let entry = try #require(
      file.indices.first { file[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    file.replaceSubrange((entry + 24)..<(entry + 28), with: [0, 0, 0, 0xF0])
    #expect(throws: DataError("z has a damaged a; fetch or write it again")) {
      try ZipArchive(file, file: "z").content(of: "a")
    }
    var large = ZipWriter.file([Member(name: "a", content: hello, isLarge: true)])
    let extra = try #require(
      large.indices.last { large[$0...].starts(with: [1, 0, 16, 0]) })
    large.replaceSubrange((extra + 4)..<(extra + 12), with: [0, 0, 0, 0, 0, 1, 0, 0])
    #expect(
      throws: DataError(
        "z holds a of 1099511627776 bytes, more than the 4 GiB that a data set may have; write a "
          + "smaller one")
    ) { try ZipArchive(large, file: "z").content(of: "a") }
  }
}

@Suite struct `NumPy archives` {
  /// Arrays of 1×2 images in two classes, and their labels.
  private func members(
    _ names: [(images: String, labels: String, count: Int)], isDeflated: Bool = false
  ) -> [ZipWriter.Member] {
    names.flatMap { images, labels, count in
      [
        ZipWriter.Member(
          name: "\(images).npy",
          content: ZipWriter.array("|u1", [count, 1, 2], (0..<2 * count).map { UInt8($0) }),
          isDeflated: isDeflated),
        ZipWriter.Member(
          name: "\(labels).npy",
          content: ZipWriter.array(
            "<i8", [count], (0..<count).flatMap { ZipWriter.little($0 % 2, 8) }),
          isDeflated: isDeflated),
      ]
    }
  }

  @Test(
    arguments: [false, true],
    [
      ["x_train", "y_train", "x_test", "y_test"], ["X_train", "Y_train", "X_test", "Y_test"],
      ["train_images", "train_labels", "test_images", "test_labels"],
    ])
  func `are data sets by their arrays' names`(isDeflated: Bool, names: [String]) throws {
    let folder = try Folder()
    let all = members(
      [(names[0], names[1], 6), (names[2], names[3], 4), ("val_images", "val_labels", 2)],
      isDeflated: isDeflated)
    _ = try folder.write(ZipWriter.file(all), to: "toys.npz")
    let data = try DataDirectory(folder.path).load("toys")
    #expect(data.train.count == 6 && data.test.count == 4 && data.labels == [0, 1])
    #expect((data.test as? ImageSet)?.pixels == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(try DataDirectory(folder.path).list().map(\.name) == ["toys"])
  }

  @Test func `lie in a folder of any name, several in one`() throws {
    let folder = try Folder()
    let bytes = ZipWriter.file(members([("images", "labels", 14)]))
    _ = try folder.write(bytes, to: "my/a.npz")
    let data = try DataDirectory(folder.path).load("my")
    #expect(data.name == "my" && data.train.count == 12 && data.test.count == 2)
    _ = try folder.write(bytes, to: "my/b.npz")
    #expect(try DataDirectory(folder.path).load("b").name == "b")
    #expect(
      throws: DataError(
        "\(folder.path)/my holds several data sets; name one of them as data.set: a, b")
    ) { try DataDirectory(folder.path).load("my") }
  }

  @Test func `without such arrays say what to call them`() throws {
    let folder = try Folder()
    _ = try folder.write(ZipWriter.file(members([("pictures", "labels", 14)])), to: "a.npz")
    #expect(
      throws: DataError(
        "\(folder.path)/a.npz has the arrays labels, pictures; call them x_train, y_train, x_test "
          + "and y_test, or images and labels")
    ) { try DataDirectory(folder.path).load("a") }
    _ = try folder.write(Array("no archive".utf8), to: "b.npz")
    #expect(
      throws: DataError(
        "\(folder.path)/b.npz is no zip archive or is cut off; fetch or write it again")
    ) { try DataDirectory(folder.path).load("b") }
  }

  /// Whether there is a Python with NumPy on the path.
  static let hasNumPy = run("import numpy") == 0

  /// The exit code of a Python program.
  private static func run(_ program: String) -> Int32 {
    let python = Process()
    python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    python.arguments = ["python3", "-c", program]
    python.standardError = FileHandle.nullDevice
    do { try python.run() } catch { return -1 }
    python.waitUntilExit()
    return python.terminationStatus
  }

  @Test(
    .enabled(if: hasNumPy, "python3 has no NumPy here"),
    arguments: [
      ("savez", "uint8", "int64"), ("savez_compressed", "uint8", "uint8"),
      ("savez", "float64", "int32"), ("savez_compressed", "float32", ">i2"),
    ])
  func `that NumPy itself writes are read`(save: String, pixels: String, labels: String) throws {
    let folder = try Folder()
    _ = try folder.write([], to: "place")
    let status = Self.run(
      """
      import numpy as n
      x = (n.arange(120) * 2).reshape(20, 2, 3)
      y = n.arange(20) % 4
      n.\(save)("\(folder.path)/a.npz", x_train=x.astype("\(pixels)"),
        y_train=y.astype("\(labels)"), x_test=x[:8].astype("\(pixels)"),
        y_test=y[:8].astype("\(labels)"))
      """)
    try #require(status == 0)
    let data = try DataDirectory(folder.path).load("a")
    let train = try #require(data.train as? ImageSet)
    #expect(train.pixels == (0..<120).map { UInt8($0 * 2) })
    #expect(train.labels == (0..<20).map { Int32($0 % 4) } && data.test.count == 8)
  }
}
