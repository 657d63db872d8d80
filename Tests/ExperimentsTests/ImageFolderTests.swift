import Foundation
import Streams
import Tensors
import Testing

@testable import Experiments

@Suite struct `Names of classes` {
  @Test func `that are whole numbers are the labels`() {
    let names = ClassNames(["10", "2", "0", "007"])
    #expect(["0", "2", "007", "10"].map(names.label) == [0, 2, 7, 10] && names.words.isEmpty)
    #expect(names.sorted(["10", "2", "007", "0"]) == ["0", "2", "007", "10"])
  }

  @Test(arguments: [
    (["dog", "cat"], ["cat", "dog"]), (["a10", "a2", "a1"], ["a1", "a2", "a10"]),
    (["1", "01"], ["01", "1"]), (["2", "x", "10"], ["2", "10", "x"]),
    (["b1c10", "b1c9", "b1"], ["b1", "b1c9", "b1c10"]), (["é", "z", "Z"], ["Z", "z", "é"]),
    (["99999999999999999999", "9"], ["9", "99999999999999999999"]),
  ])
  func `that are words are numbered in their order`(names: [String], order: [String]) {
    let classes = ClassNames(names)
    #expect(order.map(classes.label) == order.indices.map { Int32($0) })
    #expect(order.indices.map { classes.words[$0] } == order)
    #expect(classes.label(of: "other") == nil)
  }
}

@Suite struct `Folders of images` {
  private func grey(_ value: Int, width: Int = 2) -> [UInt8] {
    PNGWriter(width: width, height: 1).file([Int](repeating: value, count: width))
  }

  private func sentence(_ folder: Folder, _ name: String) -> String {
    do {
      return "read \(try DataDirectory(folder.path).load(name).train.count)"
    } catch {
      return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
    }
  }

  /// Three training images and one test image of each class.
  private func pets(_ folder: Folder, _ classes: [String] = ["dog", "cat"]) throws {
    for (index, name) in classes.enumerated() {
      for number in [10, 9, 1] {
        _ = try folder.write(grey(100 * index + number), to: "pets/train/\(name)/\(number).png")
      }
      _ = try folder.write(grey(100 * index), to: "pets/test/\(name)/0.PNG")
    }
  }

  @Test func `have a class each, their images in the order of numbers`() throws {
    let folder = try Folder()
    try pets(folder)
    _ = try folder.write(Array("hidden".utf8), to: "pets/train/cat/.x.png")
    _ = try folder.write(Array("text".utf8), to: "pets/train/cat/notes.txt")
    let data = try DataDirectory(folder.path).load("pets")
    #expect(data.labels == [0, 1] && data.classNames == ["cat", "dog"])
    #expect(data.train.labels == [0, 0, 0, 1, 1, 1] && data.test.labels == [0, 1])
    #expect(data.train.shape == ImageShape(height: 1, width: 2))
    let pixels = try #require(data.train as? ImageSet).pixels
    #expect(pixels == [101, 101, 109, 109, 110, 110, 1, 1, 9, 9, 10, 10])
    #expect(
      data.remark == "pets: stream.classes names classes by these labels: 0 cat, 1 dog")
    // The folder itself may be named, too.
    #expect(try DataDirectory(folder.path + "/pets").load("pets").fingerprint == data.fingerprint)
    let list = try DataDirectory(folder.path).list()
    #expect(list.map(\.name) == ["pets"] && list[0].size == .words("6 and 2 PNG images"))
    #expect(try DataDirectory(folder.path + "/pets").list().map(\.name) == ["pets"])
  }

  @Test func `called by whole numbers are labels`() throws {
    let folder = try Folder()
    try pets(folder, ["10", "3"])
    let data = try DataDirectory(folder.path).load("pets")
    #expect(data.labels == [3, 10] && data.classNames == ["3", "10"])
    #expect(data.remark?.contains("the labels 3 and 10 are 2 classes") == true)
  }

  @Test func `without train and test have every sixth image tested`() throws {
    let folder = try Folder()
    for number in 0..<13 { _ = try folder.write(grey(number), to: "own/a/\(number).png") }
    for number in 0..<7 { _ = try folder.write(grey(100 + number), to: "own/b/\(number).png") }
    let data = try DataDirectory(folder.path).load("own")
    let (train, test) = (data.train as? ImageSet, data.test as? ImageSet)
    #expect(test?.pixels == [5, 5, 11, 11, 105, 105] && test?.labels == [0, 0, 1])
    #expect(train?.count == 17 && train?.labels.prefix(11).allSatisfy { $0 == 0 } == true)
    #expect(try DataDirectory(folder.path).list()[0].size == .words("20 PNG images"))
  }

  @Test func `of which one image differs name it`() throws {
    let folder = try Folder()
    try pets(folder)
    _ = try folder.write(grey(1, width: 3), to: "pets/train/dog/2.png")
    #expect(
      sentence(folder, "pets")
        == "pets/train/dog/2.png has 1×3 pixels in 1 channel where pets/train/cat/1.png has 1×2 "
        + "pixels in 1 channel; give all images one size and one number of channels")
    let colours = PNGWriter(width: 2, height: 1, colorType: 2).file([1, 2, 3, 4, 5, 6])
    _ = try folder.write(colours, to: "pets/train/dog/2.png")
    #expect(sentence(folder, "pets").contains("has 1×2 pixels in 3 channels where"))
    _ = try folder.write(grey(1).dropLast(9), to: "pets/train/dog/2.png")
    #expect(
      sentence(folder, "pets").hasPrefix("pets/train/dog/2.png is no PNG image that can be read"))
  }

  @Test func `that do not fit together say what to do`() throws {
    let folder = try Folder()
    try pets(folder)
    _ = try folder.write(grey(1), to: "pets/test/bird/1.png")
    #expect(
      sentence(folder, "pets")
        == "pets/test/bird is a class that pets/train has not; take both from the same data set")
    try FileManager.default.removeItem(atPath: folder.path + "/pets/test")
    #expect(
      sentence(folder, "pets")
        == "pets has a folder train but no folder test; add it, or put the folders of the classes "
        + "into pets itself, to have every sixth image tested")
    #expect(try DataDirectory(folder.path).list()[0].flaw == "missing the folder test beside train")
    _ = try folder.write([1], to: "pets/test/cat/1.gif")
    #expect(
      sentence(folder, "pets")
        == "pets/test/cat has no PNG images; add some or take the folder out")
  }

  @Test func `among others are no classes`() throws {
    let folder = try Folder()
    _ = try folder.write(grey(1), to: "all/shots/1.png")
    _ = try folder.write(grey(1), to: "all/more/1.png")
    _ = try folder.write(Array("x".utf8), to: "all/text/1.txt")
    #expect(
      sentence(folder, "all")
        == "all is no data set: it has no IDX files (train-images-idx3-ubyte, …), .npz archives, "
        + "folders of PNG images (train/CLASS/*.png, test/CLASS/*.png) or stories with questions "
        + "(qa1_…_train.txt, qa1_…_test.txt, …) but folders")
  }
}
