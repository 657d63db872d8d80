extension Rules {
  /// No function has more than 70 lines between its braces.
  ///
  /// Found by counting: from `func`, `init`, `deinit` or `subscript` to the first brace outside of
  /// parentheses, and on to the one that closes it. A requirement of a protocol, which has no body,
  /// is told by the declaration or the closing brace that comes first.
  static func functionLengths(_ file: SourceFile) -> [Finding] {
    let code = file.code
    var findings: [Finding] = []
    for (index, line) in code.enumerated() {
      // The regular expression is slow.
      guard ["func", "init", "subscript"].contains(where: line.holds),
        let match = line.firstMatch(of: /\b(func|init|deinit|subscript)\b/),
        isDeclaration(line[..<match.range.lowerBound], rest: line[match.range.upperBound...])
      else { continue }
      let column = line.distance(from: line.startIndex, to: match.range.upperBound)
      guard let count = bodyLineCount(code, from: index, column: column), count > 70 else {
        continue
      }
      findings.append(
        Finding(
          path: file.path, line: index + 1,
          remark: "a body of \(count) lines; at most 70, so split the function"))
    }
    return findings
  }

  /// Not `self.init(…)`, not `.init(…)`: only modifiers and attributes come before.
  private static func isDeclaration(_ before: Substring, rest: Substring) -> Bool {
    let isPlain = before.allSatisfy { $0.isLetter || $0.isWhitespace || "@_()".contains($0) }
    let words = before.split(separator: " ")
    return isPlain && !words.contains("return") && !words.contains("try")
  }

  private static func bodyLineCount(_ code: [String], from start: Int, column: Int) -> Int? {
    var (parentheses, braces) = (0, 0)
    var opened: Int?
    for index in start..<code.count {
      var rest = Substring(code[index])
      if index == start {
        rest = rest.dropFirst(column)
      } else if opened == nil, parentheses == 0,
        rest.contains(/^[\s\w@]*\b(?:func|init|deinit|subscript|var|let|case)\b/)
      {
        return nil
      }
      for character in rest {
        switch character {
        case "(", "[": parentheses += 1
        case ")", "]": parentheses -= 1
        case "{" where parentheses == 0 || opened != nil:
          braces += 1
          if opened == nil { opened = index }
        case "}" where parentheses == 0 || opened != nil:
          braces -= 1
          guard let first = opened else { return nil }
          if braces == 0 { return max(0, index - first - 1) }
        default: break
        }
      }
    }
    return nil
  }
}
