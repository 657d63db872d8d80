import Foundation
import Testing

/// The rules of the house, read from the sources.
@Suite struct `The house` {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  struct Source {
    let room: String
    let name: String
    let lines: [String]
  }

  private static func sources(in folder: String, ending: String = ".swift") throws -> [Source] {
    let base = root.appendingPathComponent(folder)
    let walker = FileManager.default.enumerator(atPath: base.path)
    var paths: [String] = []
    while let path = walker?.nextObject() as? String {
      var isFolder: ObjCBool = false
      let whole = base.appendingPathComponent(path).path
      _ = FileManager.default.fileExists(atPath: whole, isDirectory: &isFolder)
      if path.hasSuffix(ending) && !isFolder.boolValue { paths.append(path) }
    }
    return try paths.sorted().map { path in
      let text = try String(contentsOf: base.appendingPathComponent(path), encoding: .utf8)
      return Source(
        room: String(path.split(separator: "/")[0]), name: "\(folder)/\(path)",
        lines: text.components(separatedBy: "\n"))
    }
  }

  /// Room → what it may import. Arrows point down only.
  private static let imports: [String: Set<String>] = {
    let pure: [String: Set<String>] = [
      "Tensors": ["CKernels", "CBLAS"], "Metrics": [], "Models": ["Tensors", "CKernels"],
      "Streams": ["Tensors", "CKernels"], "Updates": ["Tensors", "CKernels"],
      "Consolidation": ["Updates", "Tensors"],
      "Roles": ["Consolidation", "Updates", "Metrics", "Tensors"],
    ]
    return pure.merging([
      "Wire": ["Roles", "Tensors", "Foundation"],
      "Simulation": ["Wire", "Roles", "Tensors"],
      "ZeroMQTransport": ["Wire", "Roles", "Tensors", "CZeroMQ", "CPlatform"],
      "Launch": ["Foundation", "CPlatform", "Synchronization", "Dispatch"],
      "Reports": ["Metrics", "Foundation"],
      "Experiments": Set(pure.keys).union([
        "Reports", "Yams", "CZlib", "CSodium", "Foundation", "FoundationNetworking",
      ]),
    ]) { first, _ in first }
  }()

  private static let pureRooms = [
    "Tensors", "Metrics", "Models", "Streams", "Updates", "Consolidation", "Roles",
  ]

  @Test func `each room imports only what lies below it`() throws {
    for source in try Self.sources(in: "Sources") where source.room != "hebb" {
      let allowed = try #require(Self.imports[source.room], "\(source.room) is not in the table")
      for (index, line) in source.lines.enumerated() {
        let words = line.split(separator: " ")
        guard let place = words.firstIndex(of: "import"), place <= 1, words.count > place + 1 else {
          continue
        }
        let module = String(words[place + 1])
        #expect(allowed.contains(module), "\(source.name):\(index + 1) imports \(module)")
      }
    }
  }

  @Test func `pure rooms know no clock, no randomness of the system and no threads`() throws {
    let banned = [
      "Date(", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(",
      ".shuffled(", "Task {", " async ", "DispatchQueue", "print(", "getenv",
    ]
    for source in try Self.sources(in: "Sources") where Self.pureRooms.contains(source.room) {
      for (index, line) in source.lines.enumerated() {
        for word in banned where !line.trimmingCharacters(in: .whitespaces).hasPrefix("//") {
          #expect(!line.contains(word), "\(source.name):\(index + 1) has \(word)")
        }
      }
    }
  }

  @Test func `files have at most 400 lines of at most 100 columns`() throws {
    for source in try Self.sources(in: "Sources") {
      #expect(source.lines.count <= 400, "\(source.name)")
      for (index, line) in source.lines.enumerated() {
        #expect(line.count <= 100, "\(source.name):\(index + 1)")
      }
    }
  }

  @Test func `nothing is left to do, and no path of a machine stands in a file`() throws {
    let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    let paths = ["/ro" + "ot/", "/wo" + "rk/", "/op" + "t/"]
    let sources =
      try Self.sources(in: "Sources") + Self.sources(in: "Tests")
      + Self.sources(in: "scripts", ending: "")
      + Self.sources(in: "cluster", ending: ".yaml")
    for source in sources {
      for (index, line) in source.lines.enumerated() {
        for word in words {
          let isWord = line.split { !$0.isLetter }.contains { $0 == word }
          #expect(!isWord, "\(source.name):\(index + 1)")
        }
        for path in paths { #expect(!line.contains(path), "\(source.name):\(index + 1)") }
      }
    }
  }

  @Test func `environment variables are read at the command line only`() throws {
    for source in try Self.sources(in: "Sources") where source.room != "hebb" {
      for (index, line) in source.lines.enumerated() {
        #expect(!line.contains("processInfo.environment"), "\(source.name):\(index + 1)")
      }
    }
  }

  @Test func `an unchecked promise gives its reason`() throws {
    for source in try Self.sources(in: "Sources") {
      for (index, line) in source.lines.enumerated()
      where line.contains("@unchecked Sendable") || line.contains("nonisolated(unsafe)") {
        let around = source.lines[max(0, index - 4)...min(source.lines.count - 1, index + 2)]
        #expect(around.contains { $0.contains("// Sendable:") }, "\(source.name):\(index + 1)")
      }
    }
  }

  @Test func `every public declaration is documented`() throws {
    let kinds = ["struct", "class", "enum", "protocol", "func", "var", "let", "init", "subscript"]
    let known = [
      "description", "encode(to", "init(from", "nextDeadline", "handle(", "perform(", "next()",
      "func <",
    ]
    for source in try Self.sources(in: "Sources") where source.room != "hebb" {
      for (index, line) in source.lines.enumerated() {
        let text = line.trimmingCharacters(in: .whitespaces)
        guard text.hasPrefix("public "), !text.hasPrefix("public import"),
          kinds.contains(where: { kind in text.split { " (<".contains($0) }.contains { $0 == kind }
          }),
          !known.contains(where: { text.contains($0) })
        else { continue }
        var above = index - 1
        while above >= 0, source.lines[above].trimmingCharacters(in: .whitespaces).hasPrefix("@") {
          above -= 1
        }
        let before = above >= 0 ? source.lines[above].trimmingCharacters(in: .whitespaces) : ""
        // Fields in a run of plain stored properties share the comment of the type or of the first.
        let isField = text.hasPrefix("public var") || text.hasPrefix("public let")
        let isDocumented =
          before.hasPrefix("///") || before.hasPrefix("//")
          || isField
            && (before.hasPrefix("public var") || before.hasPrefix("public let")
              || before.hasSuffix("{"))
        #expect(isDocumented, "\(source.name):\(index + 1): \(text)")
      }
    }
  }
}
