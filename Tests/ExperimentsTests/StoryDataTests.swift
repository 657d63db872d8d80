import Foundation
import Streams
import Tensors
import Testing

@testable import Experiments

@Suite struct `Files of stories` {
  private func text(_ answers: [String]) -> [UInt8] {
    Array(answers.map { "1 It is.\n2 What?\t\($0)\t1" }.joined(separator: "\n").utf8)
  }

  private func fill(_ folder: Folder, _ place: String, missing: String = "") throws {
    for (number, title) in [(1, "one"), (10, "ten"), (2, "two")] {
      for part in ["train", "test"] where "\(number)\(part)" != missing {
        _ = try folder.write(
          text(["a", "b\(number)"]), to: "\(place)/qa\(number)_\(title)_\(part).txt")
      }
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

  @Test func `are a set, section after section by number`() throws {
    let folder = try Folder()
    try fill(folder, "mine")
    let data = try DataDirectory(folder.path).load("mine")
    #expect(data.name == "mine" && data.train.count == 6 && data.test.count == 6)
    #expect(data.sections.map(\.name) == ["qa1", "qa2", "qa10"])
    #expect(data.sections.map(\.title) == ["one", "two", "ten"])
    #expect(data.train.sections == [1, 1, 2, 2, 10, 10])
    #expect(data.classNames == ["a", "b1", "b10", "b2"])
  }

  @Test func `in folders of languages are called as the folder, those of others with theirs`()
    throws
  {
    let folder = try Folder()
    try fill(folder, "babi/en")
    try fill(folder, "babi/hn")
    _ = try folder.write(Array("words".utf8), to: "babi/README.txt")
    let names = try DataDirectory(folder.path).list().map(\.name)
    #expect(names == ["babi", "babi-hn"])
    for name in names {
      #expect(try DataDirectory(folder.path).load(name).sections.count == 3)
    }
    #expect(try DataDirectory(folder.path + "/babi").load("en").train.count == 6)
  }

  @Test func `that miss one are named`() throws {
    let folder = try Folder()
    try fill(folder, "mine", missing: "2test")
    #expect(try DataDirectory(folder.path).list().map(\.flaw) == ["missing qa2_…_test.txt"])
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("mine") }
        == "\(folder.path)/mine: missing qa2_…_test.txt; a section has stories for training and for "
        + "testing")
  }

  @Test func `that are damaged are named with the line`() throws {
    let folder = try Folder()
    try fill(folder, "mine")
    let place = "mine/qa2_two_train.txt"
    _ = try folder.write(text(["a"]) + Array("\nnonsense".utf8), to: place)
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("mine") }
        .hasPrefix("\(folder.path)/\(place), line 3 does not begin"))
    _ = try folder.write([0x31, 0xFF, 0xFE], to: place)
    #expect(
      sentence { _ = try DataDirectory(folder.path).load("mine") }.contains("is no text in UTF-8"))
  }
}

@Suite struct `The bAbI tasks` {
  private static var folder: String? {
    if let folder = ProcessInfo.processInfo.environment["HEBB_DATA"] {
      return FileManager.default.fileExists(atPath: folder + "/babi") ? folder : nil
    }
    let shared = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/data").path
    return FileManager.default.fileExists(atPath: shared + "/babi") ? shared : nil
  }

  /// What the data are known to have (counted from the files by other programs, too).
  @Test(.enabled(if: folder != nil, "bAbI is not here; set HEBB_DATA to its parent folder"))
  func `have the counts and the answers that are known`() throws {
    let data = try DataDirectory(try #require(Self.folder)).load("babi")
    #expect(data.train.count == 20_000 && data.test.count == 20_000)
    #expect(data.vocabulary.count == 174 && data.classCount == 58)
    #expect(data.classNames.count { $0.contains(",") } == 22)
    #expect(data.sections.map(\.number) == Array(1...20))
    let text = try #require(data.train.text)
    #expect(text.sentences == 50 && text.words == 11)

    // Of each section's test questions, the share (%) whose answer occurs among another's in training.
    var known: [Set<Int32>] = Array(repeating: [], count: 21)
    for (section, label) in zip(data.train.sections, data.train.labels) {
      known[Int(section)].insert(label)
    }
    var asked: [[Int32]] = Array(repeating: [], count: 21)
    for (section, label) in zip(data.test.sections, data.test.labels) {
      asked[Int(section)].append(label)
    }
    func share(of task: Int, after last: Int) -> Int {
      let count = asked[task].count { known[last].contains($0) }
      return Int((100 * Double(count) / Double(asked[task].count)).rounded())
    }
    let places = [1, 2, 3, 4, 11, 12, 13]
    for last in places {
      for task in places { #expect(share(of: task, after: last) == 100) }
      #expect(share(of: 14, after: last) == 52 && share(of: 20, after: last) == 37)
      for task in [5, 6, 7, 8, 9, 10, 15, 16, 17, 18, 19] {
        #expect(share(of: task, after: last) == 0)
      }
    }
    for last in [6, 9, 17, 18] {
      for task in 1...20 {
        let expected = [6, 9, 17, 18].contains(task) ? 100 : task == 10 ? 85 : 0
        #expect(share(of: task, after: last) == expected, "\(task) after \(last)")
      }
    }
    #expect(share(of: 8, after: 5) == 60 && share(of: 5, after: 8) == 33)
    for last in [7, 15, 16, 19] {
      for task in 1...20 { #expect(share(of: task, after: last) == (task == last ? 100 : 0)) }
    }
    let mean = (1...20).reduce(0.0) { sum, task in
      sum + Double(asked[task].count { known[20].contains($0) }) / Double(asked[task].count) / 20
    }
    #expect(abs(mean - 0.244) < 0.0005, "\(mean)")
  }
}
