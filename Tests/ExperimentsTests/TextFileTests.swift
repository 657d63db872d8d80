import Foundation
import Testing

@testable import Experiments

/// A folder of its own for one test, removed afterwards.
final class Folder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "/hebbfiles-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ bytes: [UInt8], to name: String) throws -> String {
    let place = "\(path)/\(name)"
    try FileManager.default.createDirectory(
      atPath: URL(fileURLWithPath: place).deletingLastPathComponent().path,
      withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(fileURLWithPath: place))
    return place
  }
}

@Suite struct `Text file` {
  private func sentence(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "accepted"
    } catch {
      return "\(error)"
    }
  }

  private func utf16(_ text: String, isBig: Bool) -> [UInt8] {
    text.utf16.flatMap {
      isBig ? [UInt8($0 >> 8), UInt8($0 & 255)] : [UInt8($0 & 255), UInt8($0 >> 8)]
    }
  }

  @Test func `is read in any encoding and with any line ends`() throws {
    let text = "name: é𝄞\nseed: 2\n"
    let wanted = try Experiment(yaml: text, named: "e")
    #expect(wanted.name == "é𝄞" && wanted.seed == 2)
    let dos = text.replacingOccurrences(of: "\n", with: "\r\n")
    let forms: [[UInt8]] = [
      Array(text.utf8), [0xEF, 0xBB, 0xBF] + Array(text.utf8), Array(dos.utf8),
      [0xEF, 0xBB, 0xBF] + Array(dos.utf8), [0xFF, 0xFE] + utf16(dos, isBig: false),
      [0xFE, 0xFF] + utf16(text, isBig: true), utf16(dos, isBig: false), utf16(text, isBig: true),
      Array(text.replacingOccurrences(of: "\n", with: "\r").utf8),
    ]
    for bytes in forms {
      let read = try TextFile.text(bytes, named: "e.yaml")
      #expect(try Experiment(yaml: read, named: "e.yaml") == wanted, "\(bytes)")
    }
    for empty: [UInt8] in [[], [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF]] {
      #expect(try TextFile.text(empty, named: "e.yaml") == "")
    }
  }

  @Test(
    arguments: [
      ([0x73, 0x0A, 0xE9, 0x0A], 2), ([0xFF, 0xD8, 0xFF, 0xE0, 0x0A], 1), ([0xC3], 1),
      ([0xFF, 0xFE, 0x61], 1), ([0x61, 0x0A, 0x62, 0x00], 2),
      ([0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], 1), ([0xFE, 0xFF, 0xD8, 0x00], 1),
      ([0xED, 0xA0, 0x80], 1),
    ] as [([UInt8], Int)])
  func `that is none in any encoding is refused with its line`(bytes: [UInt8], line: Int) {
    #expect(
      sentence { _ = try TextFile.text(bytes, named: "e.yaml") }
        == "e.yaml:\(line): this is no text in UTF-8; save the file as UTF-8, or name a text file")
  }

  @Test(arguments: [
    ("a: 1\nb: \u{1}\n", 2, "0001"), ("\u{7F}ELF", 1, "007F"), ("a: \u{1B}[31m", 1, "001B"),
    ("a: \"\u{FEFF}\"", 1, "FEFF"), ("\n\n\u{9B}", 3, "009B"), ("\u{FFFF}", 1, "FFFF"),
  ]) func `with what YAML does not take names the character`(
    text: String, line: Int, number: String
  ) {
    let said = sentence { _ = try TextFile.text(Array(text.utf8), named: "e.yaml") }
    #expect(
      said
        == "e.yaml:\(line): the character U+\(number) cannot stand in YAML; remove it, or write it "
        + "in double quotes as \\U0000\(number)")
    #expect(said.utf8.allSatisfy { (0x20...0x7E).contains($0) })
  }

  @Test func `may be a FIFO, and is told from what is none`() throws {
    let folder = try Folder()
    let fifo = folder.path + "/fifo"
    try #require(mkfifo(fifo, 0o600) == 0)
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: fifo)
      for piece in ["seed: ", "7\n"] { try? handle?.write(contentsOf: Data(piece.utf8)) }
      try? handle?.close()
    }
    writer.start()
    #expect(try TextFile.read(fifo, kind: "an experiment file") == "seed: 7\n")
    let kind = "an experiment file"
    #expect(try TextFile.read(folder.path + "/none", kind: kind) == nil)
    let file = try folder.write([], to: "file")
    #expect(try TextFile.read(file, kind: kind) == "")
    #expect(try TextFile.read(file + "/none", kind: kind) == nil)
    #expect(try TextFile.read(file + "\0tail", kind: kind) == nil)
    #expect(
      sentence { _ = try TextFile.read(folder.path, kind: kind) }
        == "\(folder.path) is a folder; name an experiment file")
    #expect(
      sentence { _ = try TextFile.read("/dev/zero", kind: kind) }
        == "/dev/zero has more than 4 MB, too much for an experiment file; name another file")
    #expect(
      FileProblem(code: EACCES).sentence("f", kind: kind)
        == "f cannot be read; check its permissions")
    #expect(FileProblem(code: ENOENT) == .missing && FileProblem(code: EISDIR) == .folder)
    #expect(FileProblem(code: ELOOP).sentence("f", kind: kind).hasPrefix("f cannot be read ("))
  }

  @Test func `with aliases that stand for more than memory holds is refused`() {
    var lines = ["a0: &a0 [0, 0, 0, 0, 0, 0, 0, 0, 0]"]
    for level in 1...12 {
      let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      lines.append("a\(level): &a\(level) [\(items)]")
    }
    let bomb = lines.joined(separator: "\n")
    #expect(
      sentence { _ = try Experiment(yaml: bomb, named: "e.yaml") }
        == "e.yaml: its aliases stand for more than 2000000 values; write out what is meant")
    #expect(
      sentence {
        _ = try Experiment(yaml: "x: &x [3, 4]\nmodel: {hidden: *x}", named: "e.yaml")
      }.hasPrefix("e.yaml:1: unknown key \"x\""))
    #expect(
      (try? Experiment(yaml: "model: {hidden: &x [3, 3]}\nstream: {tasks: 5}", named: "e"))?
        .resolvedYAML.contains("  hidden: [3, 3]\n") == true)
  }

  @Test(arguments: ["[", "{a: ", "- ", "? "]) func `that is nested without end is refused`(
    opening: String
  ) {
    let text =
      "a: \(opening == "[" || opening == "{a: " ? "" : "\n  ")"
      + String(repeating: opening, count: 200_000)
    let said = sentence { _ = try Experiment(yaml: text, named: "e.yaml") }
    #expect(said.hasPrefix("e.yaml") && said.contains("this is not YAML"), "\(said.prefix(200))")
    #expect(said.count < 200)
  }
}
