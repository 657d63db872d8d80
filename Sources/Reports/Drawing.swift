import Foundation

/// Text made safe for HTML and SVG, in content and in quoted attributes.
func escaped(_ text: String) -> String {
  var safe = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": safe += "&amp;"
    case "<": safe += "&lt;"
    case ">": safe += "&gt;"
    case "\"": safe += "&quot;"
    case "'": safe += "&#39;"
    case "\n", "\t": safe.unicodeScalars.append(scalar)
    // No other control character may stand in a page.
    case _ where scalar.value < 32 || (127..<160).contains(scalar.value): safe += "\u{FFFD}"
    // Nor may these in XML.
    case "\u{FFFE}", "\u{FFFF}": safe += "\u{FFFD}"
    default: safe.unicodeScalars.append(scalar)
    }
  }
  return safe
}

/// A drawing in the making: SVG elements in a box of user units, which are pixels at full size.
struct Drawing {
  let width: Double
  let height: Double
  private let title: String
  private let summary: String
  private var elements: [String] = []

  /// - Parameters:
  ///   - title: What it is, for readers who cannot see it.
  ///   - summary: What it shows, in a sentence.
  init(width: Double, height: Double, title: String, summary: String) {
    self.width = width
    self.height = height
    self.title = title
    self.summary = summary
  }

  /// The whole figure; it scales with the page.
  var svg: String {
    "<svg viewBox=\"0 0 \(short(width)) \(short(height))\" role=\"img\">"
      + "<title>\(escaped(title))</title><desc>\(escaped(summary))</desc>"
      + elements.joined() + "</svg>"
  }

  /// The whole figure as a file of its own: on white, with its own style, asking for nothing.
  var file: String {
    let edge = 16.0
    let (x, y) = (width + 2 * edge, height + 2 * edge)
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(short(x))\" height=\"\(short(y))\" "
      + "viewBox=\"\(short(-edge)) \(short(-edge)) \(short(x)) \(short(y))\" role=\"img\" "
      + "font-family=\"system-ui,-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif\">"
      + "<title>\(escaped(title))</title><desc>\(escaped(summary))</desc>"
      + "<style>\(PageStyle.picture)</style><rect x=\"\(short(-edge))\" y=\"\(short(-edge))\" "
      + "width=\"\(short(x))\" height=\"\(short(y))\" fill=\"#fff\"/>" + elements.joined()
      + "</svg>\n"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, css: String, radius: Double = 0,
    hint: String = ""
  ) {
    let round = radius > 0 ? " rx=\"\(short(radius))\"" : ""
    elements.append(
      "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(max(0, width)))\" "
        + "height=\"\(short(max(0, height)))\"\(round) class=\"\(css)\"\(closing("rect", hint))")
  }

  /// A picture whose pixels stay squares.
  mutating func image(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ picture: GreyPNG
  ) {
    elements.append(
      "<image x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(width))\" "
        + "height=\"\(short(height))\" preserveAspectRatio=\"none\" "
        + "style=\"image-rendering:pixelated\" "
        + "href=\"data:image/png;base64,\(picture.data.base64EncodedString())\"/>")
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, css: String) {
    elements.append(
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" "
        + "class=\"\(css)\"/>")
  }

  mutating func path(_ points: [(x: Double, y: Double)], css: String) {
    guard points.count > 1 else { return }
    let list = points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
    elements.append("<polyline points=\"\(list)\" class=\"\(css)\"/>")
  }

  /// What lies between a line and a level below it.
  mutating func area(_ points: [(x: Double, y: Double)], above level: Double, css: String) {
    guard let first = points.first, let last = points.last, points.count > 1 else { return }
    let corners = points + [(x: last.x, y: level), (x: first.x, y: level)]
    let list = corners.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
    elements.append("<polygon points=\"\(list)\" class=\"\(css)\"/>")
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, css: String, hint: String = "") {
    elements.append(
      "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(short(radius))\" "
        + "class=\"\(css)\"\(closing("circle", hint))")
  }

  /// A text that stays within the drawing: it is moved, or cut, where it would leave it.
  mutating func text(
    _ words: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, css: String = "label"
  ) {
    let words = Lettering.fitted(words, width)
    let length = Lettering.width(words)
    let before = anchor == .start ? 0 : anchor == .middle ? length / 2 : length
    let x = max(before, min(width - length + before, x))
    let place = anchor == .start ? "" : " text-anchor=\"\(anchor.rawValue)\""
    elements.append(
      "<text x=\"\(short(x))\" y=\"\(short(y))\"\(place) class=\"\(css)\">\(escaped(words))</text>")
  }

  /// Where a text's x is.
  enum Anchor: String {
    case start, middle, end
  }

  private func closing(_ name: String, _ hint: String) -> String {
    hint.isEmpty ? "/>" : "><title>\(escaped(hint))</title></\(name)>"
  }
}

/// A coordinate to a tenth of a unit. What is not finite, which no figure should draw, is 0: a
/// report must not end a run.
func short(_ value: Double) -> String {
  guard value.isFinite, value.magnitude < 1e9 else { return "0" }
  let tenths = Int((value * 10).rounded())
  let sign = tenths < 0 ? "-" : ""
  let (whole, rest) = (tenths.magnitude / 10, tenths.magnitude % 10)
  return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
}
