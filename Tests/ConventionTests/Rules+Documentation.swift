extension Rules {
  /// Every public declaration has a doc comment just above it.
  ///
  /// Free of it are members that only do what their protocol documents, and a stored property that
  /// follows another, or its type's brace, and so shares that comment.
  static func documentation(_ file: SourceFile) -> [Finding] {
    let code = file.code
    var findings: [Finding] = []
    for index in code.indices {
      let text = trimmed(code[index])
      guard isPublicDeclaration(text), !requirements.contains(where: text.contains) else {
        continue
      }
      var above = index - 1
      while above >= 0, isBetween(trimmed(file.lines[above])) { above -= 1 }
      let before = above >= 0 ? trimmed(file.lines[above]) : ""
      let sharesComment =
        isStoredProperty(text)
        && (isStoredProperty(trimmed(above >= 0 ? code[above] : "")) || before.hasSuffix("{"))
      if !before.hasPrefix("///") && !before.hasSuffix("*/") && !sharesComment {
        findings.append(
          Finding(path: file.path, line: index + 1, remark: "needs a doc comment: \(text)"))
      }
    }
    return findings
  }

  /// Documented where their protocol is.
  private static let requirements = [
    "var description", "var debugDescription", "var errorDescription", "func encode(to",
    "init(from", "func hash(into", "func ==", "func ==(", "func <", "var nextDeadline",
    "func handle(", "func perform(", "func next()", "var id:", "let id:", "static let name =",
    "static let keys:",
  ]

  /// Attributes and remarks for the maintainer may stand below the doc comment.
  private static func isBetween(_ text: String) -> Bool {
    text.hasPrefix("@") || text.hasPrefix("//") && !text.hasPrefix("///")
  }

  private static func isPublicDeclaration(_ text: String) -> Bool {
    // The regular expressions are slow.
    guard text.holds("public") || text.holds("open") else { return false }
    return text.contains(
      /^(?:[a-z]+(?:\([a-z]+\))?\s+|@\w+(?:\([^)]*\))?\s+)*(?:public|open)\s/)
      && !text.contains(/\bimport\b/)
      && text.contains(
        /\b(?:struct|class|enum|protocol|func|var|let|init|subscript|typealias|actor)\b/)
  }

  private static func isStoredProperty(_ text: String) -> Bool {
    isPublicDeclaration(text) && text.contains(/\b(?:var|let)\b/)
      && !text.contains(/\b(?:func|static|class)\b/) && !text.contains("{")
  }
}
