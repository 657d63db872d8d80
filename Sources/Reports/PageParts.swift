/// The parts that pages are made of.
enum PageParts {
  /// A figure with its name and what to see in it. It is drawn twice, and the style sheet shows the
  /// drawing that fits, so that letters are never scaled down to nothing.
  ///
  /// - Parameters:
  ///   - isWide: Over the full width, or beside another where there is room.
  ///   - leastShare: How far a drawing may shrink before it scrolls in its box.
  ///   - drawing: An SVG about as wide as told, `nil` where there is nothing to show.
  static func figure(
    _ name: String, caption: String, isWide: Bool = false, leastShare: Double = 0,
    _ drawing: (Double) -> Drawing?
  ) -> String {
    guard let roomy = drawing(isWide ? 900 : 420), let tight = drawing(330) else { return "" }
    // What may scroll can be reached by the keyboard, and has a name.
    let region = leastShare > 0 ? region(name) : ""
    func box(_ css: String, _ drawing: Drawing) -> String {
      let least = leastShare > 0 ? "min-width:\(short(drawing.width * leastShare))px;" : ""
      return "<div class=\"\(css)\"\(region)><div class=\"natural\" style=\"\(least)max-width:"
        + "\(short(drawing.width * 1.15))px\">\(drawing.svg)</div></div>"
    }
    return "<figure\(isWide ? " class=\"wide\"" : "")><h3>\(escaped(name))</h3>"
      + box("roomy", roomy) + box("tight", tight)
      + "<figcaption>\(escaped(caption))</figcaption></figure>"
  }

  /// Attributes of a box that may scroll.
  static func region(_ name: String) -> String {
    " tabindex=\"0\" role=\"region\" aria-label=\"\(escaped(name))\""
  }

  /// Links to files by their last names; nothing where there are none.
  static func links(_ title: String, _ paths: [String]) -> String {
    guard !paths.isEmpty else { return "" }
    let names = paths.map { $0.split(separator: "/").last.map(String.init) ?? $0 }
    let links = zip(paths, Set(names).count < names.count ? paths : names).map { path, name in
      "<a href=\"\(encoded(path))\">\(escaped(name))</a>"
    }
    return "<p class=\"files\">\(escaped(title)): \(links.joined(separator: " · "))</p>"
  }

  /// A path as an address: bytes of UTF-8, in per cent but for letters, digits and a few signs.
  static func encoded(_ path: String) -> String {
    path.utf8.map { byte in
      let sign = Character(Unicode.Scalar(byte))
      let isPlain = byte < 128 && (sign.isLetter || sign.isNumber || "-._~/".contains(sign))
      let digits = String(byte, radix: 16, uppercase: true)
      return isPlain ? String(sign) : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
  }

  /// A whole page around its contents and what it says. It is well-formed XML too, but for its
  /// first line.
  static func page(_ title: String, contents: String, main: String) -> String {
    """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"/>
    <meta name="viewport" content="width=device-width,initial-scale=1"/>
    <meta name="color-scheme" content="light dark"/><title>\(escaped(title)) · Hebb</title>
    <style>\(PageStyle.css)</style></head><body>
    \(contents)
    <main id="top">
    \(main)
    </main></body></html>

    """
  }

  /// Something long that is closed at first.
  static func details(_ summary: String, _ html: String) -> String {
    "<details><summary>\(escaped(summary))</summary>\(html)</details>"
  }

  /// Text to copy.
  static func copyable(_ text: String) -> String { "<pre tabindex=\"0\">\(escaped(text))</pre>" }

  /// A number with what it is.
  static func tile(_ value: String, _ name: String) -> String {
    "<div class=\"tile\"><b>\(escaped(value))</b><span>\(escaped(name))</span></div>"
  }

  /// Figures of text with the real minus sign, which is as wide as a digit.
  static func signed(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }
}

/// A table that scrolls in its own box.
struct PageTable {
  let header: [String]
  let rows: [[String]]
  /// Columns of words, set to the left.
  var words: Set<Int> = [0]
  /// Under the names in the first column; empty for none at all.
  var notes: [String] = []
  /// Cells that stand out, as row and column.
  var strong: Set<[Int]> = []

  var html: String {
    let head = header.enumerated().map { column, cell in
      "<th scope=\"col\"\(words.contains(column) ? " class=\"say\"" : "")>\(escaped(cell))</th>"
    }
    let body = rows.enumerated().map { row, cells in
      "<tr>" + cells.enumerated().map { cell(row: row, column: $0, $1) }.joined() + "</tr>"
    }
    let names = header.filter { !$0.isEmpty }.joined(separator: ", ")
    return "<div class=\"table\"\(PageParts.region("Table: \(names)"))>"
      + "<table><thead><tr>\(head.joined())</tr></thead>"
      + "<tbody>\(body.joined())</tbody></table></div>"
  }

  private func cell(row: Int, column: Int, _ text: String) -> String {
    var css: [String] = []
    if words.contains(column) { css.append("say") }
    if strong.contains([row, column]) { css.append("best") }
    let attribute = css.isEmpty ? "" : " class=\"\(css.joined(separator: " "))\""
    guard column == 0 else { return "<td\(attribute)>\(escaped(text))</td>" }
    let note = notes.isEmpty || notes[row].isEmpty ? "" : "<small>\(escaped(notes[row]))</small>"
    return "<th scope=\"row\"\(attribute)>\(escaped(text))\(note)</th>"
  }
}
