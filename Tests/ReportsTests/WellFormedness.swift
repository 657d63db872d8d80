/// A strict reader of pages, since the XML parser of Foundation on Linux lets wrong nesting pass:
/// every element is closed in order, attributes are quoted, and no sign stands unescaped.
enum WellFormedness {
  /// The first flaw, `nil` if there is none.
  static func flaw(in page: String) -> String? {
    var open: [String] = []
    var rest = page[...]
    if rest.hasPrefix("<!doctype html>") { rest = rest.dropFirst(15) }
    if page.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" }) {
      return "a control character"
    }
    while let start = rest.firstIndex(of: "<") {
      if let flaw = flaw(inText: rest[..<start]) { return flaw }
      guard let end = rest[start...].firstIndex(of: ">") else { return "a tag without an end" }
      let tag = rest[rest.index(after: start)..<end]
      rest = rest[rest.index(after: end)...]
      if tag.hasPrefix("/") {
        let name = String(tag.dropFirst())
        guard open.popLast() == name else { return "</\(name)> closes what is not open" }
      } else {
        let isClosed = tag.hasSuffix("/")
        let inner = isClosed ? tag.dropLast() : tag
        let name = inner.prefix { $0.isLetter || $0.isNumber }
        if name.isEmpty { return "a tag without a name" }
        if let flaw = flaw(inAttributes: inner.dropFirst(name.count)) {
          return "<\(name)>: \(flaw)"
        }
        if !isClosed { open.append(String(name)) }
      }
    }
    return flaw(inText: rest) ?? open.last.map { "<\($0)> is not closed" }
  }

  private static func flaw(inText text: Substring) -> String? {
    let entities = ["amp;", "lt;", "gt;", "quot;", "#39;"]
    for piece in text.split(separator: "&", omittingEmptySubsequences: false).dropFirst()
    where !entities.contains(where: { piece.hasPrefix($0) }) {
      return "an & that is not escaped before \(piece.prefix(8))"
    }
    return nil
  }

  /// Each is a space, a name, and a value in double quotes.
  private static func flaw(inAttributes text: Substring) -> String? {
    var rest = text
    while !rest.isEmpty {
      guard rest.hasPrefix(" ") else { return "no space before an attribute" }
      rest = rest.drop { $0 == " " }
      let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "-" }
      rest = rest.dropFirst(name.count)
      guard !name.isEmpty, rest.hasPrefix("=\"") else { return "an attribute without a value" }
      rest = rest.dropFirst(2)
      guard let end = rest.firstIndex(of: "\"") else { return "a value without an end" }
      if rest[..<end].contains("<") { return "a < in a value" }
      if let flaw = flaw(inText: rest[..<end]) { return flaw }
      rest = rest[rest.index(after: end)...]
    }
    return nil
  }
}
