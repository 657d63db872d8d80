import Foundation

/// What is in a folder already, and what of it is ours.
extension ResultFolder {
  /// The files of a run. A comparison has `experiment.yaml`, `result.json` and `report.html`, and a
  /// folder with the others for each run.
  static let fileNames = [
    "experiment.yaml", "result.json", "matrix.csv", "events.jsonl", "weights.safetensors",
    "affinity.json", "affinity.html", "report.html",
  ]

  /// The names of what is in it; none if it is not there.
  var entries: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] }

  /// Whether there is anything that a run or a comparison writes.
  var holdsRun: Bool { Self.fileNames.contains(where: has) }

  /// Whether a study has begun to write into it.
  var holdsStudy: Bool {
    isFolder("cells") && (has("study.yaml") || entries == ["cells"])
  }

  private func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  /// Whether there is a folder of that name, and not a link to one.
  private func isFolder(_ name: String) -> Bool {
    let attributes = try? FileManager.default.attributesOfItem(atPath: file(name))
    return attributes?[.type] as? FileAttributeType == .typeDirectory
  }

  /// Removes what an earlier run or comparison has written, so that nothing of it stands beside
  /// what comes now.
  func clear() throws(ReportError) {
    for run in comparedRuns {
      try run.removeFiles()
      // Fails, as it should, while something else is in it.
      rmdir(run.path)
    }
    try removeFiles()
  }

  /// The folders of the runs of a comparison. Without its result, after an abrupt end, they are
  /// those that a run has begun to write to; one of its own has a page.
  private var comparedRuns: [ResultFolder] {
    guard holdsRun else { return [] }
    let known = runFolders ?? []
    return entries.filter { isFolder($0) }.compactMap { name in
      let run = ResultFolder(file(name))
      let isOurs = run.has("events.jsonl") && !run.has("report.html")
      return known.contains(name) || isOurs ? run : nil
    }
  }

  /// The folders that the result names, one for each run; `nil` where it names none.
  var runFolders: [String]? {
    let data = FileManager.default.contents(atPath: file("result.json")) ?? Data()
    return (try? JSONDecoder().decode(Folders.self, from: data))?.folders
  }

  private struct Folders: Decodable {
    let folders: [String]?
  }

  private func removeFiles() throws(ReportError) {
    if isFolder(Self.cuts),
      FileManager.default.fileExists(atPath: file(Self.cuts + "/request.json"))
    {
      try? FileManager.default.removeItem(atPath: file(Self.cuts))
    }
    for name in Self.fileNames where unlink(file(name)) != 0 && errno != ENOENT {
      throw ReportError(
        "cannot remove \(file(name)) of an earlier run (\(String(cString: strerror(errno)))); "
          + "choose another --output")
    }
  }
}
