public import Foundation

/// The folder of a study: `cells/` with a result folder for each, `study.yaml`, `study.sqlite`,
/// `results.csv`, `comparison.csv` where it names a baseline, `study.html`, and its plots as
/// `plot-1.svg` and on.
///
/// A cell's folder is named for people, but for its last twelve digits, which are the beginning of
/// the hash of its experiment and what it is found by.
public final class StudyFolder: Sendable {
  /// Where it is.
  public let path: String
  private let descriptor: Int32

  /// Opens the folder, made if need be, for this process alone.
  ///
  /// - Throws: ``ReportError`` when something else is in it, or another study works there.
  public init(_ path: String) throws(ReportError) {
    let folder = ResultFolder(path)
    guard folder.holdsStudy || folder.entries.isEmpty else {
      throw ReportError(
        folder.holdsRun
          ? "the output folder \(path) holds a run; choose another --output for a study"
          : "the output folder \(path) is not empty and holds no study; choose another --output")
    }
    try folder.make()
    self.path = path
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw ReportError("cannot read the output folder \(path); check its permissions")
    }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ReportError(
        "another study is at work in \(path); wait for its end or choose another --output")
    }
    try ResultFolder(folder.file("cells")).make()
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file as a whole or not at all.
  public func write(_ data: Data, to name: String) throws(ReportError) {
    try ResultFolder(path).write(data, to: name)
  }

  /// Removes a file that belongs to an earlier form of the study.
  public func remove(_ name: String) { try? FileManager.default.removeItem(atPath: file(name)) }

  /// Writes plots as `plot-1.svg` and on, and removes what is not among them any more.
  public func write(plots: [String?]) throws(ReportError) {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    for name in files where name.wholeMatch(of: /plot-[0-9]+\.svg/) != nil {
      try? FileManager.default.removeItem(atPath: file(name))
    }
    for (index, plot) in plots.enumerated() {
      if let plot { try write(Data(plot.utf8), to: "plot-\(index + 1).svg") }
    }
  }

  // MARK: Cells

  /// Brings what an interruption left in order: whole cells move into place, cells that stopped
  /// early keep what they measured until they are run again, and what holds no result goes.
  public func tidy() {
    let manager = FileManager.default
    for entry in entries where entry.hasSuffix(Self.partial) {
      let draft = cell(entry)
      if let run = try? draft.read().first {
        guard run.status == "complete" else { continue }
        try? finish(String(entry.dropLast(Self.partial.count)))
      } else {
        try? manager.removeItem(atPath: draft.path)
      }
    }
  }

  /// The names of the folders that are there, by the digits at their end.
  public func namesByDigits() -> [String: String] {
    var names: [String: String] = [:]
    for entry in entries.sorted() where !entry.hasSuffix(Self.partial) {
      names[String(entry.suffix(Self.digitCount))] = entry
    }
    return names
  }

  /// What a cell found; `nil` when it has not been run to its end, or holds another experiment.
  ///
  /// - Parameter experiment: The resolved YAML.
  public func result(of name: String, experiment: String) -> RunResult? {
    guard let runs = try? cell(name).read(), runs.count == 1, let run = runs.first,
      run.status == "complete", run.experiment == experiment
    else { return nil }
    return run
  }

  /// Puts a cell's experiment in its place, ready to be run.
  ///
  /// - Returns: The paths of the experiment file, and of the folder to write results to.
  public func plan(
    _ name: String, experiment: String
  ) throws(ReportError) -> (file: String, draft: String) {
    let folder = cell(name)
    try folder.prepare(overwrite: true)
    try folder.write(Data(experiment.utf8), to: "experiment.yaml")
    let draft = cell(name + Self.partial).path
    try? FileManager.default.removeItem(atPath: draft)
    return (folder.file("experiment.yaml"), draft)
  }

  /// Moves what a cell found into place.
  public func finish(_ name: String) throws(ReportError) {
    let place = cell(name).path
    try? FileManager.default.removeItem(atPath: place)
    guard rename(place + Self.partial, place) == 0 else {
      throw ReportError("cannot move \(place + Self.partial) to \(place); check the permissions")
    }
  }

  private func cell(_ name: String) -> ResultFolder { ResultFolder(file("cells/\(name)")) }

  private var entries: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: file("cells"))) ?? []
  }

  /// Of a cell's hash, at the end of its folder's name.
  public static let digitCount = 12
  private static let partial = ".partial"
}
