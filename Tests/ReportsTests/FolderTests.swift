import Foundation
import Testing

@testable import Reports

/// Which of the files in an output folder are ours to remove.
@Suite struct `An output folder` {
  private let path = NSTemporaryDirectory() + "/hebbtest-\(UUID().uuidString.prefix(8))"
  private let manager = FileManager.default

  private func write(_ names: [String], in folder: String = "") throws {
    let place = folder.isEmpty ? path : "\(path)/\(folder)"
    try manager.createDirectory(atPath: place, withIntermediateDirectories: true)
    for name in names {
      #expect(manager.createFile(atPath: "\(place)/\(name)", contents: Data(name.utf8)))
    }
  }

  /// All files, with their folders.
  private var files: Set<String> {
    Set(manager.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
  }

  private func comparison(_ folders: [String]?) throws {
    let result = ComparisonResult(name: "c", runs: [sample("none"), sample()], folders: folders)
    try ResultFolder(path).write(ResultJSON.encode(result), to: "result.json")
  }

  @Test func `holds nothing of an earlier run, and all that is not ours`() throws {
    defer { try? manager.removeItem(atPath: path) }
    try write(ResultFolder.fileNames + ["notes.txt", "weights.pt"])
    try write(["result.json", "events.jsonl", "report.html"], in: "mine")
    #expect(throws: ReportError.self) { try ResultFolder(path).prepare(overwrite: false) }
    #expect(files.count == ResultFolder.fileNames.count + 2 + 1 + 3)
    try ResultFolder(path).prepare(overwrite: true)
    let mine = ["mine", "mine/result.json", "mine/events.jsonl", "mine/report.html"]
    #expect(files == Set(["notes.txt", "weights.pt"] + mine))
  }

  @Test func `holds nothing of an earlier comparison`() throws {
    defer { try? manager.removeItem(atPath: path) }
    try write(["experiment.yaml", "report.html"])
    // A page was made of one of its runs, and something put beside another.
    try write(ResultFolder.fileNames, in: "none")
    try write(ResultFolder.fileNames.dropLast() + ["plot.py"], in: "ewc")
    // One that is not among its runs, with a page.
    try write(ResultFolder.fileNames, in: "mas")
    try comparison(["none", "ewc"])
    try ResultFolder(path).prepare(overwrite: true)
    #expect(
      files
        == Set(["ewc", "ewc/plot.py", "mas"] + ResultFolder.fileNames.map { "mas/\($0)" }))
  }

  @Test func `holds nothing of a comparison that ended abruptly`() throws {
    defer { try? manager.removeItem(atPath: path) }
    try write(["experiment.yaml"])
    try write(ResultFolder.fileNames.dropLast(), in: "none")
    try write(["events.jsonl"], in: "ewc")
    try write(["data.csv"], in: "data")
    let elsewhere = path + "-elsewhere"
    try manager.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
    defer { try? manager.removeItem(atPath: elsewhere) }
    #expect(manager.createFile(atPath: elsewhere + "/events.jsonl", contents: Data()))
    try manager.createSymbolicLink(atPath: path + "/link", withDestinationPath: elsewhere)
    try ResultFolder(path).prepare(overwrite: true)
    #expect(files == ["data", "data/data.csv", "link"])
    #expect(manager.fileExists(atPath: elsewhere + "/events.jsonl"))
  }

  @Test func `of other runs is not taken for a comparison`() throws {
    defer { try? manager.removeItem(atPath: path) }
    // A run of its own that was killed before it had a page.
    try write(["events.jsonl"], in: "a")
    try ResultFolder(path).prepare(overwrite: true)
    #expect(files == ["a", "a/events.jsonl"])
  }

  @Test func `takes no run where a study is, and no study where a run is`() throws {
    defer { try? manager.removeItem(atPath: path) }
    var study: StudyFolder? = try StudyFolder(path)
    for isBegun in [false, true] {
      if isBegun { try study?.write(Data(), to: "study.yaml") }
      for overwrite in [false, true] {
        #expect(
          throws: ReportError(
            "the output folder \(path) holds a study; choose another --output for a run")
        ) { try ResultFolder(path).prepare(overwrite: overwrite) }
      }
    }
    study = nil
    #expect(try StudyFolder(path).path == path)
    try manager.removeItem(atPath: path)

    try write(["events.jsonl"])
    #expect(
      throws: ReportError(
        "the output folder \(path) holds a run; choose another --output for a study")
    ) { try StudyFolder(path) }
    try manager.removeItem(atPath: path)
    // A study file is no study's folder.
    try write(["study.yaml"])
    #expect(
      throws: ReportError(
        "the output folder \(path) is not empty and holds no study; choose another --output")
    ) { try StudyFolder(path) }
    #expect(files == ["study.yaml"])
  }
}
