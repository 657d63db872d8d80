/// The rules that a single file keeps. Each returns what breaks it.
enum Rules {
  /// At most 400 lines of at most 100 columns.
  static func size(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    if file.lines.count > 400 {
      findings.append(
        Finding(path: file.path, line: 401, remark: "\(file.lines.count) lines; split the file"))
    }
    for (index, line) in file.lines.enumerated() where line.utf8.count > 100 && line.count > 100 {
      findings.append(
        Finding(path: file.path, line: index + 1, remark: "\(line.count) columns; at most 100"))
    }
    return findings
  }

  /// Pure rooms know no clock, no randomness of the system, no threads and no output.
  static func purity(_ file: SourceFile) -> [Finding] {
    find(
      [
        "Date(", "ContinuousClock", "SuspendingClock", "SystemRandomNumberGenerator", ".random(",
        ".shuffled(", ".randomElement(", "Task {", "Thread", "async ", "await ", "DispatchQueue",
        "print(", "debugPrint(",
      ], in: file.code, of: file, "has no place in a pure room; take it as an argument")
  }

  /// What people and programs read is written in one place, which knows what to do where nobody
  /// reads any more and where there is no room.
  static func output(_ file: SourceFile) -> [Finding] {
    find(
      [
        "print(", "debugPrint(", "fputs(", "NSLog(", "FileHandle.standardOutput",
        "FileHandle.standardError",
      ], in: file.code, of: file, "is for StandardStreams; use Screen")
  }

  /// Variables of the environment are read at the command line only.
  static func environment(_ file: SourceFile) -> [Finding] {
    find(
      ["processInfo.environment", "getenv("], in: file.code, of: file,
      "is for Sources/hebb; take the value as an argument")
  }

  /// Nothing is left to be done later.
  static func leftovers(_ file: SourceFile) -> [Finding] {
    let words = ["TO" + "DO", "FIX" + "ME", "X" + "XX"]
    guard (words + ["fatal" + "Error", "fatal" + "error"]).contains(where: file.holds) else {
      return []
    }
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated() {
      if words.contains(where: { line.contains($0) }),
        let found = line.split(whereSeparator: { !$0.isLetter })
          .first(where: { words.contains(String($0)) })
      {
        findings.append(
          Finding(path: file.path, line: index + 1, remark: "\(found): do it, or drop it"))
      }
      if line.lowercased().contains("fatal" + "error(\"not impl") {
        findings.append(Finding(path: file.path, line: index + 1, remark: "implement it"))
      }
    }
    return findings
  }

  /// No path that exists on somebody's machine only.
  static func machinePaths(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    let paths = ["/ro" + "ot/", "/wo" + "rk/", "/op" + "t/", "/home" + "/"].filter(file.holds)
    guard !paths.isEmpty else { return [] }
    for (index, line) in file.lines.enumerated() {
      for path in paths {
        for range in line.ranges(of: path) {
          // Within a longer path or an address it is something else.
          let before = line[..<range.lowerBound].last
          let isLonger = before.map { $0.isLetter || $0.isNumber || "._-~/}$*".contains($0) }
          guard isLonger != true else { continue }
          findings.append(
            Finding(path: file.path, line: index + 1, remark: "\(path) is a path of one machine"))
        }
      }
    }
    return findings
  }

  /// A promise that the compiler cannot check gives its reason, on its line or just above.
  static func uncheckedPromises(_ file: SourceFile) -> [Finding] {
    let code = file.code
    guard file.holds("@unchecked Sendable") || file.holds("(unsafe)") else { return [] }
    var findings: [Finding] = []
    for index in code.indices {
      guard code[index].contains("@unchecked Sendable") || code[index].contains("(unsafe)") else {
        continue
      }
      var above = index - 1
      while above >= 0, trimmed(file.lines[above]).hasPrefix("@") { above -= 1 }
      let comment = trimmed(String(file.lines[index].dropFirst(code[index].count)))
      let isExplained =
        comment.hasPrefix("// ")
        || above >= 0 && trimmed(file.lines[above]).hasPrefix("// ")
        || code[index].hasSuffix("{") && index + 1 < code.count
          && trimmed(file.lines[index + 1]).hasPrefix("// Sendable:")
      if !isExplained {
        findings.append(
          Finding(path: file.path, line: index + 1, remark: "say why above: // Sendable: …"))
      }
    }
    return findings
  }

  static func trimmed(_ line: String) -> String {
    String(line.drop(while: \.isWhitespace))
  }

  /// Whole words (a word's first letter follows no letter) in lines of code.
  static func find(
    _ words: [String], in code: [String], of file: SourceFile, _ remark: String
  ) -> [Finding] {
    var findings: [Finding] = []
    let words = words.filter(file.holds)
    guard !words.isEmpty else { return [] }
    for (index, line) in code.enumerated() {
      for word in words {
        let stands = line.ranges(of: word).contains { range in
          let before = line[..<range.lowerBound].last
          let isInside = before.map { $0.isLetter || $0.isNumber || $0 == "_" } ?? false
          return !isInside || !word.first!.isLetter
        }
        if stands {
          findings.append(Finding(path: file.path, line: index + 1, remark: "\(word) \(remark)"))
        }
      }
    }
    return findings
  }
}
