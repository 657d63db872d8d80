/// A number as short as it reads back to the bit.
public func shortest(_ value: Double) -> String {
  value == value.rounded() && value.magnitude < 1e15 ? "\(Int(value))" : "\(value)"
}

/// A word as a YAML scalar, quoted where it could be read as something else.
public func quoted(_ word: String) -> String {
  let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
  let isPlain =
    word.first?.isLetter == true
    && word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./ ".contains($0)) }
    && word.last != " " && !reserved.contains(word.lowercased())
  if isPlain { return word }
  // Where a scalar begins with a byte order mark, the reader takes one away.
  let mark = word.unicodeScalars.first == "\u{FEFF}" ? "\\uFEFF" : ""
  return "\"" + mark + word.unicodeScalars.map(escaped).joined() + "\""
}

/// A character between double quotes: escaped where YAML would not take it, or would take it for
/// the end of a line.
private func escaped(_ scalar: Unicode.Scalar) -> String {
  switch scalar {
  case "\\": return "\\\\"
  case "\"": return "\\\""
  case "\n": return "\\n"
  case "\t", "\r", "\u{85}", "\u{2028}", "\u{2029}": break
  default: if isPrintable(scalar) { return String(scalar) }
  }
  let number = codePoint(scalar)
  return number.count == 4 ? "\\u\(number)" : "\\U" + String(("0000000" + number).suffix(8))
}

/// Whether a character may stand in YAML as it is (1.2, 5.1).
public func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0x09, 0x0A, 0x0D, 0x20...0x7E, 0x85, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD,
    0x10000...0x10FFFF:
    true
  default: false
  }
}

/// The number of a character in at least four hexadecimal digits: `000A`.
public func codePoint(_ scalar: Unicode.Scalar) -> String {
  let digits = String(scalar.value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
