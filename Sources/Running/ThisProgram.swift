import Foundation

/// The executable that is running: what child processes are started from.
public enum ThisProgram {
  /// As in the changelog.
  public static let version = "0.1.0"

  /// The commit that it was built from, if whoever built it left that beside it.
  public static var commit: String? { commit(of: path) }

  /// - Parameter executable: `hebb-commit` beside it counts if it is not older.
  static func commit(of executable: String) -> String? {
    let folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
    let note = folder.appendingPathComponent("hebb-commit").path
    func time(_ path: String) -> Date? {
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return attributes?[.modificationDate] as? Date
    }
    guard let built = time(executable), let noted = time(note), noted >= built,
      let text = try? String(contentsOfFile: note, encoding: .utf8)
    else { return nil }
    let commit = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return commit.wholeMatch(of: /[0-9a-f]{40}(-dirty)?/) == nil ? nil : commit
  }

  /// What `--version` says.
  public static var versionLine: String { version + (commit.map { " (\($0))" } ?? "") }

  /// Where it lies; child processes are started from there.
  public static var path: String {
    let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
    return FileManager.default.fileExists(atPath: program)
      ? program : Bundle.main.executablePath ?? CommandLine.arguments[0]
  }
}
