extension Rules {
  /// No type has more than 16 stored properties.
  ///
  /// Counted where they are declared: `let` and `var` directly between the braces of a struct,
  /// class or actor, without those of the type itself and those that are computed.
  static func storedProperties(_ file: SourceFile) -> [Finding] {
    var findings: [Finding] = []
    for (index, line) in file.code.enumerated() {
      guard ["struct", "class", "actor"].contains(where: line.holds),
        let match = line.firstMatch(of: /^[\w\s@()]*\b(?:struct|class|actor)\s+(\w+)/),
        !["func", "var", "let"].contains(String(match.output.1))
      else { continue }
      let count = storedPropertyCount(file.code, from: index)
      guard count > 16 else { continue }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          remark: "\(match.output.1) has \(count) stored properties, at most 16; make parts of it "
            + "types of their own"))
    }
    return findings
  }

  private static func storedPropertyCount(_ code: [String], from start: Int) -> Int {
    var (depth, count) = (0, 0)
    for index in start..<code.count {
      let line = code[index]
      if depth == 1, isStored(line, next: index + 1 < code.count ? code[index + 1] : "") {
        // `let a, b: Int` are two.
        count += 1
      }
      for character in line.utf8 {
        if character == UInt8(ascii: "{") { depth += 1 }
        if character == UInt8(ascii: "}") { depth -= 1 }
      }
      if depth == 0, index > start || line.holds("}") { break }
    }
    return count
  }

  private static func isStored(_ line: String, next: String) -> Bool {
    guard line.holds("let ") || line.holds("var ") else { return false }
    let text = trimmed(line)
    guard
      text.contains(
        /^(?:@\w+(?:\([^)]*\))?\s+|(?:public|package|private|fileprivate|internal|lazy|weak|unowned)(?:\(\w+\))?\s+)*(?:let|var)\s/
      )
    else { return false }
    if text.hasPrefix("static") || text.holds(" static ") { return false }
    // A brace after the type opens what computes it; after `=` it is a closure's.
    guard let brace = text.firstIndex(of: "{") else { return !trimmed(next).hasPrefix("{") }
    return text[..<brace].contains("=") || text[brace...].contains("didSet")
  }

  /// A file is named after a type that it declares or extends: `Codec.swift`,
  /// `Codec+Decoding.swift`.
  /// Files that declare none, of functions or extensions of others' types, are named freely.
  static func fileName(_ file: SourceFile) -> [Finding] {
    let declares = file.code.contains {
      $0.firstMatch(of: /^(?:[a-z]+ |@\w+ )*(?:struct|class|enum|actor|protocol) \w/) != nil
    }
    guard declares else { return [] }
    let name = file.path.split(separator: "/").last?.dropLast(".swift".count) ?? ""
    let type = String(name.split(separator: "+").first ?? "")
    let isThere = file.code.contains { line in
      guard line.holds(type) else { return false }
      return line.firstMatch(
        of: /\b(?:struct|class|enum|actor|protocol|extension|typealias)\s+(?:\w+\.)*(\w+)/
      ).map { match in
        match.output.1 == type || line.contains("extension [\(type)]")
          || line.contains("extension \(type).")
      } ?? line.contains("extension [\(type)")
    }
    guard !isThere else { return [] }
    return [
      Finding(path: file.path, line: 1, remark: "declares and extends no type \(type); rename it")
    ]
  }

  /// A doc comment is understood without its neighbours.
  static func aloneUnderstood(_ file: SourceFile) -> [Finding] {
    let riddles = [
      "The same", "Likewise", "Which of them", "Every field as it is documented", "As above",
      "That one", "Those of", "That of", "This one",
    ]
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated() where line.holds("///") {
      let text = trimmed(line)
      guard text.hasPrefix("/// "), index == 0 || !trimmed(file.lines[index - 1]).hasPrefix("///")
      else { continue }
      let comment = text.dropFirst("/// ".count)
      guard let riddle = riddles.first(where: { comment.hasPrefix($0) }) else { continue }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          remark: "“\(riddle) …” needs its neighbour; say what it is"))
    }
    return findings
  }

  /// Nobody compares with the name of a method: what differs between methods is theirs to say.
  static func names(_ names: [String], in file: SourceFile) -> [Finding] {
    let quoted = names.map { "\"\($0)\"" }.filter(file.holds)
    var findings: [Finding] = []
    for (index, line) in file.lines.enumerated() where !trimmed(line).hasPrefix("//") {
      for name in quoted where line.holds(name) {
        findings.append(
          Finding(
            path: file.path, line: index + 1,
            remark: "\(name) is a method's name; let the method say what is meant"))
      }
    }
    return findings
  }

  /// Roles decide, and leave arithmetic on vectors to the rooms below.
  static func vectorLoops(_ file: SourceFile) -> [Finding] {
    find(
      [".base[", "UnsafeMutablePointer<Float>", "UnsafePointer<Float>", "withUnsafeMutable"],
      in: file.code, of: file, "is arithmetic on vectors; it belongs below Roles")
  }
}
