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
    return lines.map { line in
      // Bytes, for characters are slow; all that counts here is ASCII.
      var rest = Array(line.utf8)[...]
      return strip(&rest, &state)
    }
  }

  private static func strip(_ rest: inout ArraySlice<UInt8>, _ state: inout State) -> String {
    var kept: [UInt8] = []
    while let first = rest.first {
      switch state {
      case .code:
        if rest.starts("//") { return String(decoding: kept, as: UTF8.self) }
        if rest.starts("/*") {
          state = .comment(depth: 1)
          rest.removeFirst(2)
        } else if let opening = opening(of: rest) {
          state = opening.state
          rest.removeFirst(opening.length)
          kept += "\"\"".utf8
        } else {
          kept.append(first)
          rest.removeFirst()
        }
      case .comment(let depth):
        if rest.starts("*/") {
          state = depth == 1 ? .code : .comment(depth: depth - 1)
          rest.removeFirst(2)
        } else if rest.starts("/*") {
          state = .comment(depth: depth + 1)
          rest.removeFirst(2)
        } else {
          rest.removeFirst()
        }
      case .string(let hashes, let isMultiline, let depth):
        state = insideString(&rest, hashes, isMultiline, depth)
      }
    }
    // A plain string ends with its line at the latest.
    if case .string(_, false, _) = state { state = .code }
    return String(decoding: kept, as: UTF8.self)
  }

  private static func opening(of rest: ArraySlice<UInt8>) -> (state: State, length: Int)? {
    guard rest.first == UInt8(ascii: "#") || rest.first == UInt8(ascii: "\"") else { return nil }
    let hashes = rest.prefix { $0 == UInt8(ascii: "#") }.count
    let quotes = rest.dropFirst(hashes).prefix { $0 == UInt8(ascii: "\"") }.count
    guard quotes > 0 else { return nil }
    let isMultiline = quotes >= 3
    return (
      .string(hashes: hashes, isMultiline: isMultiline, interpolationDepth: 0),
      hashes + (isMultiline ? 3 : 1)
    )
  }

  private static func insideString(
    _ rest: inout ArraySlice<UInt8>, _ hashes: Int, _ isMultiline: Bool, _ depth: Int
  ) -> State {
    let marks = String(repeating: "#", count: hashes)
    func stay(_ depth: Int, _ length: Int) -> State {
      rest = rest.dropFirst(length)
      return .string(hashes: hashes, isMultiline: isMultiline, interpolationDepth: depth)
    }
    let first = rest.first
    if depth > 0 {
      // A string within an interpolation may hold parentheses.
      if first == UInt8(ascii: "\"") {
        let inner = rest.dropFirst().prefix { $0 != UInt8(ascii: "\"") }.count
        return stay(depth, inner + 2)
      }
      let change = first == UInt8(ascii: "(") ? 1 : first == UInt8(ascii: ")") ? -1 : 0
      return stay(depth + change, 1)
    }
    if first == UInt8(ascii: "\\") {
      if rest.starts("\\" + marks + "(") { return stay(1, 2 + hashes) }
      if hashes == 0 { return stay(0, 2) }
    }
    guard first == UInt8(ascii: "\"") else { return stay(0, 1) }
    let end = (isMultiline ? "\"\"\"" : "\"") + marks
    guard rest.starts(end) else { return stay(0, 1) }
    rest = rest.dropFirst(end.utf8.count)
    return .code
  }
}

extension ArraySlice<UInt8> {
  fileprivate func starts(_ text: String) -> Bool { starts(with: text.utf8) }
}
