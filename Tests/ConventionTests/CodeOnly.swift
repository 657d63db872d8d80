/// Takes comments and the content of string literals out of Swift code, line by line.
///
/// A heuristic, not a parser: knows line and nested block comments, plain, raw and multi-line
/// strings with interpolations (which go with their string), and no regular expression literals.
enum CodeOnly {
  private enum State: Equatable {
    case code
    case comment(depth: Int)
    case string(hashes: Int, isMultiline: Bool, interpolationDepth: Int)
  }

  static func lines(_ lines: [String]) -> [String] {
    var state = State.code
    return lines.map { strip($0, &state) }
  }

  private static func strip(_ line: String, _ state: inout State) -> String {
    var rest = Substring(line)
    var kept = ""
    while let first = rest.first {
      switch state {
      case .code:
        if rest.hasPrefix("//") { return kept }
        if rest.hasPrefix("/*") {
          state = .comment(depth: 1)
          rest.removeFirst(2)
        } else if let opening = opening(of: rest) {
          state = opening.state
          rest.removeFirst(opening.length)
          kept += "\"\""
        } else {
          kept.append(first)
          rest.removeFirst()
        }
      case .comment(let depth):
        if rest.hasPrefix("*/") {
          state = depth == 1 ? .code : .comment(depth: depth - 1)
          rest.removeFirst(2)
        } else if rest.hasPrefix("/*") {
          state = .comment(depth: depth + 1)
          rest.removeFirst(2)
        } else {
          rest.removeFirst()
        }
      case .string(let hashes, let isMultiline, let depth):
        (state, rest) = insideString(rest, hashes, isMultiline, depth)
      }
    }
    // A plain string ends with its line at the latest.
    if case .string(_, false, _) = state { state = .code }
    return kept
  }

  private static func opening(of rest: Substring) -> (state: State, length: Int)? {
    let hashes = rest.prefix { $0 == "#" }.count
    let quotes = rest.dropFirst(hashes).prefix { $0 == "\"" }.count
    guard quotes > 0 else { return nil }
    let isMultiline = quotes >= 3
    return (
      .string(hashes: hashes, isMultiline: isMultiline, interpolationDepth: 0),
      hashes + (isMultiline ? 3 : 1)
    )
  }

  private static func insideString(
    _ rest: Substring, _ hashes: Int, _ isMultiline: Bool, _ depth: Int
  ) -> (State, Substring) {
    let marks = String(repeating: "#", count: hashes)
    func stay(_ depth: Int, _ length: Int) -> (State, Substring) {
      (
        .string(hashes: hashes, isMultiline: isMultiline, interpolationDepth: depth),
        rest.dropFirst(length)
      )
    }
    if depth > 0 {
      // A string within an interpolation may hold parentheses.
      if rest.first == "\"" {
        let inner = rest.dropFirst().prefix { $0 != "\"" }.count
        return stay(depth, inner + 2)
      }
      return stay(depth + (rest.first == "(" ? 1 : rest.first == ")" ? -1 : 0), 1)
    }
    if rest.hasPrefix("\\" + marks + "(") { return stay(1, 2 + hashes) }
    if hashes == 0 && rest.first == "\\" { return stay(0, 2) }
    let end = (isMultiline ? "\"\"\"" : "\"") + marks
    return rest.hasPrefix(end) ? (.code, rest.dropFirst(end.count)) : stay(0, 1)
  }
}
