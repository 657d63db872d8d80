extension ResultFolder {
  /// The name of a run or study as one part of a path that any file system takes: separators,
  /// control characters and what shells and other systems reserve become dashes; at most 100 bytes.
  public static func name(for name: String) -> String {
    var safe = String.UnicodeScalarView()
    for scalar in name.unicodeScalars { safe.append(isSafe(scalar) ? scalar : "-") }
    var text = ""
    for character in String(safe) {
      // A folder that begins with a dot is hidden, or one of the two that are everywhere.
      if text.isEmpty && " .".contains(character) { continue }
      guard text.utf8.count + character.utf8.count <= 100 else { break }
      text.append(character)
    }
    while let last = text.last, " .".contains(last) { text.removeLast() }
    return text.isEmpty ? "unnamed" : text
  }

  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      false
    default: !"/\\:*?\"<>|".unicodeScalars.contains(scalar)
    }
  }
}
