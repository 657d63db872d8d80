public import Foundation

/// The folder of a run's results: `experiment.yaml`, `result.json`, `matrix.csv`, `events.jsonl`,
/// `weights.safetensors` and `report.html`.
public struct ResultFolder: Sendable {
  /// The folder in it from which a run that was broken off goes on.
  public static let cuts = "cuts"

  /// Where it is.
  public let path: String

  /// - Parameter path: Need not exist yet.
  public init(_ path: String) { self.path = path }

  /// Makes the folder, which must be new or empty unless overwriting is wanted; then what an
  /// earlier run or comparison has written goes, and whatever else is there stays.
  ///
  /// - Throws: ``ReportError`` when something is in the way; nothing is changed then.
  public func prepare(overwrite: Bool) throws(ReportError) {
    guard !holdsStudy else {
      throw ReportError(
        "the output folder \(path) holds a study; choose another --output for a run")
    }
    guard entries.isEmpty || overwrite else {
      throw ReportError(
        "the output folder \(path) is not empty; choose another --output or add --force to "
          + "overwrite")
    }
    try make()
    try clear()
  }

  /// Makes the folder if need be, whatever is in it.
  ///
  /// - Throws: ``ReportError`` when it cannot be written to.
  func make() throws(ReportError) {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue {
      throw ReportError("\(path) is a file; choose another --output folder")
    }
    do {
      try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw ReportError("cannot make the output folder \(path); check the path and its permissions")
    }
    guard manager.isWritableFile(atPath: path) else {
      throw ReportError("cannot write to the output folder \(path); check its permissions")
    }
  }

  /// Takes away what a run has left that ended before anything was measured, so that nothing is in
  /// the way of the same command.
  ///
  /// - Parameter withFolder: The folder goes, too, if nothing else is in it.
  public func discard(withFolder: Bool) {
    // What cannot be removed is found by the next run.
    try? clear()
    if withFolder { rmdir(path) }
  }

  /// The path of a file in it.
  public func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file as a whole or not at all.
  public func write(_ data: Data, to name: String) throws(ReportError) {
    do {
      try data.write(to: URL(fileURLWithPath: file(name)), options: .atomic)
    } catch {
      throw ReportError("cannot write \(file(name)); check the space and permissions there")
    }
  }

  /// Writes the files that follow from a result alone.
  public func write(_ result: RunResult) throws {
    try write(ResultJSON.encode(result), to: "result.json")
    try write(Data(Self.csv(result).utf8), to: "matrix.csv")
    try write(Data(result.experiment.utf8), to: "experiment.yaml")
  }

  /// The matrix as CSV: a row per task trained, empty where not evaluated. Names begin with a word,
  /// since spreadsheets take `0-1` for a day.
  static func csv(_ result: RunResult) -> String {
    let names = result.taskNames.map { field("task \($0)") }
    let rows = result.matrix.enumerated().map { index, row in
      [index == 0 ? "untrained" : names[result.learnedTask(index)]]
        + finite(row).map { $0.map { "\($0)" } ?? "" }
    }
    return ([["after_task"] + names] + rows).map { $0.joined(separator: ",") + "\n" }.joined()
  }

  private static func field(_ text: String) -> String {
    text.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
      ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
  }

  /// The runs whose results it holds.
  ///
  /// - Throws: ``ReportError``.
  public func read() throws(ReportError) -> [RunResult] {
    let manager = FileManager.default
    guard manager.fileExists(atPath: path) else {
      throw ReportError("there is no folder \(path); name one that `hebb run --output` made")
    }
    guard let data = manager.contents(atPath: file("result.json")) else {
      throw ReportError(
        manager.fileExists(atPath: file("result.json"))
          ? "\(file("result.json")) cannot be read; check its permissions"
          : "\(file("result.json")) is missing; name a folder that `hebb run --output` made")
    }
    return try ResultJSON.decode(data, file: file("result.json"))
  }
}
