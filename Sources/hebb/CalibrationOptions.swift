import ArgumentParser
import Experiments
import Foundation
import Reports

/// Where measured costs are kept.
struct CalibrationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Calibration file; hebb/calibration.yaml in the cache folder otherwise.",
      valueName: "file"))
  var calibration: String?

  /// The file: as given, or in the user's cache.
  var path: String {
    if let calibration { return calibration }
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    return cache + "/hebb/calibration.yaml"
  }

  /// What has been measured so far.
  func read() throws -> Calibration {
    guard let text = try TextFile.read(path, kind: "a calibration file") else {
      return Calibration()
    }
    return try Calibration(yaml: text, named: path)
  }

  func write(_ calibration: Calibration) throws {
    let url = URL(fileURLWithPath: path)
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(calibration.yaml.utf8).write(to: url, options: .atomic)
    } catch {
      throw ReportError("cannot write \(path); choose another file with --calibration")
    }
  }
}
