import ArgumentParser
import Foundation
import Running

/// Where measured costs are kept.
struct CalibrationOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Calibration file; hebb/calibration.yaml in the cache folder otherwise.",
      valueName: "file"))
  var calibration: String?

  /// As given, or in the user's cache.
  var file: CalibrationFile {
    if let calibration { return CalibrationFile(calibration) }
    let environment = ProcessInfo.processInfo.environment
    let cache =
      environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? (environment["HOME"] ?? NSHomeDirectory()) + "/.cache"
    return CalibrationFile(cache + "/hebb/calibration.yaml")
  }
}
