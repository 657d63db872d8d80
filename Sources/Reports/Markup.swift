import Foundation

/// Text made safe for HTML and SVG.
func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;")
    .replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;")
    .replacingOccurrences(of: "\"", with: "&quot;")
}

/// A drawing in the making: SVG elements in a box of user units.
struct Drawing {
  let width: Double
  let height: Double
  let title: String
  private var elements: [String] = []

  init(width: Double, height: Double, title: String) {
    self.width = width
    self.height = height
    self.title = title
  }

  /// The whole figure; it scales with the page.
  var svg: String {
    "<svg viewBox=\"0 0 \(short(width)) \(short(height))\" role=\"img\" "
      + "preserveAspectRatio=\"xMidYMid meet\"><title>\(escaped(title))</title>"
      + elements.joined() + "</svg>"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String = "",
    css: String = "", hint: String = ""
  ) {
    let inner = hint.isEmpty ? "" : "<title>\(escaped(hint))</title>"
    elements.append(
      "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(max(0, width)))\" "
        + "height=\"\(short(max(0, height)))\"\(attribute("fill", fill))"
        + "\(attribute("class", css))>\(inner)</rect>")
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, css: String
  ) {
    elements.append(
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" "
        + "class=\"\(css)\"/>")
  }

  mutating func path(_ points: [(Double, Double)], css: String) {
    guard let first = points.first else { return }
    let rest = points.dropFirst().map { "L\(short($0.0)) \(short($0.1))" }.joined()
    elements.append(
      "<path d=\"M\(short(first.0)) \(short(first.1))\(rest)\" class=\"\(css)\"/>")
  }

  mutating func circle(_ x: Double, _ y: Double, _ radius: Double, css: String, hint: String = "") {
    elements.append(
      "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(short(radius))\" class=\"\(css)\">"
        + "<title>\(escaped(hint))</title></circle>")
  }

  mutating func text(
    _ words: String, _ x: Double, _ y: Double, anchor: String = "start", css: String = "label",
    fill: String = ""
  ) {
    elements.append(
      "<text x=\"\(short(x))\" y=\"\(short(y))\" text-anchor=\"\(anchor)\""
        + "\(attribute("class", css))\(attribute("fill", fill))>\(escaped(words))</text>")
  }

  private func attribute(_ name: String, _ value: String) -> String {
    value.isEmpty ? "" : " \(name)=\"\(value)\""
  }
}

/// A coordinate without needless digits.
func short(_ value: Double) -> String {
  let rounded = (value * 10).rounded() / 10
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
