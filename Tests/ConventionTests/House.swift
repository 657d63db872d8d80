import Foundation

/// The repository that these tests were built from.
enum House {
  static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The Swift files of all rooms.
  static func sources() throws -> [SourceFile] { try swiftFiles.get() }

  private static let swiftFiles = Result {
    try texts().filter { $0.path.hasPrefix("Sources/") && $0.path.hasSuffix(".swift") }
  }

  /// Everything that people write: sources, tests, scripts, experiments, documents.
  static func texts() throws -> [SourceFile] { try allTexts.get() }

  private static let allTexts = Result {
    let folders = ["Sources", "Tests", "scripts", "cluster", "docs", ".ci", ".github"]
    let single = ["Package.swift", "README.md", "CHANGELOG.md", ".swift-format", ".gitignore"]
    return try folders.flatMap { try files(in: $0) }
      + single.compactMap { try? read($0) }
  }

  private static func read(_ path: String) throws -> SourceFile {
    SourceFile(
      path: path,
      text: try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
  }

  /// The text files below a folder, in order; what is not text (pictures, caches) is no concern.
  private static func files(in folder: String) throws -> [SourceFile] {
    let base = root.appendingPathComponent(folder)
    guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
    return walker.compactMap { $0 as? String }.sorted()
      .filter { !$0.contains("__pycache__") }
      .compactMap { try? read("\(folder)/\($0)") }
  }
}

/// A file of the repository.
struct SourceFile {
  /// From the root: `Sources/Roles/Role.swift`.
  let path: String
  let lines: [String]
  /// The lines without comments and the content of strings; none for what is no source.
  let code: [String]
  private let bytes: [CChar]

  init(path: String, text: String) {
    self.path = path
    bytes = Array(text.utf8CString)
    var lines = text.components(separatedBy: "\n")
    if lines.last == "" { lines.removeLast() }
    self.lines = lines
    code = path.hasPrefix("Sources/") && path.hasSuffix(".swift") ? CodeOnly.lines(lines) : []
  }

  /// Whether some bytes stand anywhere in the file. To look line by line is slow.
  func holds(_ text: String) -> Bool {
    bytes.withUnsafeBufferPointer { strstr($0.baseAddress!, text) != nil }
  }

  /// `Roles` of `Sources/Roles/Role.swift`.
  var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }
}

/// Something that breaks a rule: where, and what to do about it.
struct Finding: CustomStringConvertible, Equatable {
  let path: String
  /// Counted from 1.
  let line: Int
  let remark: String

  var description: String { "\(path):\(line): \(remark)" }
}

extension [Finding] {
  /// One line for each.
  var listing: String { "\n" + map(\.description).joined(separator: "\n") }
}

extension String {
  /// `contains`, without its cost.
  func holds(_ text: String) -> Bool { withCString { strstr($0, text) != nil } }
}
