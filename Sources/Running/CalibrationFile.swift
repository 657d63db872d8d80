public import Experiments
import Foundation
import Reports

/// The file where measured costs are kept.
public struct CalibrationFile: Sendable {
  /// Where it is, or will be.
  public let path: String

  /// - Parameter path: Where it is, or will be.
  public init(_ path: String) { self.path = path }

  /// What has been measured so far; nothing where there is no file.
  ///
  /// - Throws: `ConfigurationError` if it is something else.
  public func read() throws -> Calibration {
    guard let text = try TextFile.read(path, kind: "a calibration file") else {
      return Calibration()
    }
    return try Calibration(yaml: text, named: path)
  }

  /// Replaces it, and makes its folder where there is none.
  ///
  /// - Throws: `ReportError` if it cannot be written.
  public func write(_ calibration: Calibration) throws {
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
