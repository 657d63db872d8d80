import Experiments
import Foundation
import Reports

/// The folder in which a run keeps what it needs to go on after its end: what was asked for, and
/// its cuts. A run that ends well takes it away.
///
/// One process at a time holds it.
struct ResumableRun: Sendable {
  /// What was asked for.
  struct Request: Codable, Sendable {
    /// A random number that all parts of its cuts have, in hexadecimal.
    let mark: String
    /// `run` or `simulate`.
    let mode: String
    /// The resolved experiment.
    let experiment: String
    /// The arguments that say what to run, for the line that repeats it.
    let words: [String]
    /// Folder of data sets.
    let dataFolder: String?
  }

  private static let requestName = "request.json"

  let path: String
  let request: Request
  private let lock: CutLock

  /// Begins a run.
  ///
  /// - Parameter folder: Of its results.
  init(in folder: ResultFolder, _ request: Request) throws {
    path = folder.file(ResultFolder.cuts)
    self.request = request
    try? FileManager.default.removeItem(atPath: path)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      let file = try DurableFile(path + "/" + Self.requestName)
      try encoder.encode(request).withUnsafeBytes { try file.append($0) }
      try file.commit()
    } catch {
      throw ReportError("cannot write to \(path); check the space and permissions there")
    }
    lock = try CutLock(path)
  }

  /// Takes up a run that has ended.
  ///
  /// - Parameter folder: Of its results.
  /// - Throws: `ReportError` if there is none to go on with.
  init(resuming folder: ResultFolder) throws {
    path = folder.file(ResultFolder.cuts)
    let file = path + "/" + Self.requestName
    guard let data = FileManager.default.contents(atPath: file) else {
      throw ReportError(
        "there is nothing to go on from in \(folder.path): name the --output folder of a run that "
          + "was broken off")
    }
    guard let request = try? JSONDecoder().decode(Request.self, from: data) else {
      throw ReportError("\(file) is damaged; start the run anew")
    }
    self.request = request
    lock = try CutLock(path)
  }

  /// Of all parts of its cuts.
  var mark: UInt64 { UInt64(request.mark, radix: 16) ?? 0 }

  /// The run is whole: nothing has to be kept for it.
  func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Keeps a second process from the same run; ends with its process, however that ends.
private final class CutLock: Sendable {
  private let descriptor: Int32

  init(_ path: String) throws(ReportError) {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw ReportError("the run in \(path) is still under way; wait for its end, or stop it")
    }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
