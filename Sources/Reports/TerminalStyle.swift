/// What a terminal can show.
public struct TerminalStyle: Sendable, Hashable {
  /// Colours that a terminal understands.
  public enum Colors: Sendable, Hashable {
    /// The 256 of xterm.
    case palette
    /// 24 bits.
    case full
  }

  /// The width of what is no terminal: its lines are as long as their content.
  public static let unlimited = 1_000_000

  /// Without colours there is no control character at all.
  public let colors: Colors?
  /// Columns, at least 20; ``unlimited`` where nobody looks at them.
  public let width: Int
  /// Whether blocks and dashes outside ASCII may be drawn.
  public let hasUnicode: Bool

  /// - Parameters:
  ///   - colors: `nil` for none, and then no control characters either.
  ///   - width: Columns.
  ///   - hasUnicode: Whether characters outside ASCII may be drawn.
  public init(colors: Colors?, width: Int, hasUnicode: Bool = true) {
    self.colors = colors
    self.width = max(20, width)
    self.hasUnicode = hasUnicode
  }

  /// - Parameters:
  ///   - hasColor: Whether escape sequences may be written.
  ///   - width: Columns.
  public init(hasColor: Bool, width: Int) {
    self.init(colors: hasColor ? .full : nil, width: width)
  }

  /// What the environment says: `NO_COLOR`, `TERM`, `COLORTERM` and the locale.
  ///
  /// - Parameter width: Columns of the terminal; what is none has no limit.
  public init(isTerminal: Bool, width: Int, environment: [String: String]) {
    let isColored =
      isTerminal && environment["TERM"] != "dumb" && environment["NO_COLOR"] ?? "" == ""
    let isFull = ["truecolor", "24bit"].contains(environment["COLORTERM"] ?? "")
    // The first of these that is set is the one that counts.
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    self.init(
      colors: isColored ? (isFull ? .full : .palette) : nil,
      width: isTerminal ? width : Self.unlimited,
      hasUnicode: !["C", "POSIX"].contains(locale ?? ""))
  }

  /// Whether escape sequences may be written.
  public var hasColor: Bool { colors != nil }

  func bold(_ text: String) -> String { hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func faint(_ text: String) -> String { hasColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// The text on a background for a fraction in 0…1, from dark violet over teal to yellow.
  func heat(_ text: String, _ fraction: Double, isBold: Bool = false) -> String {
    guard let colors else { return text }
    let color = HeatScale.color(fraction)
    let weight = isBold ? "1;" : ""
    let background: String
    switch colors {
    case .full: background = "48;2;\(color.red);\(color.green);\(color.blue)"
    case .palette: background = "48;5;\(color.paletteIndex)"
    }
    let ink = color.isDark ? "38;5;231" : "38;5;16"
    return "\u{1B}[\(weight)\(background);\(ink)m\(text)\u{1B}[0m"
  }

  /// One character for a missing figure, or the hyphen of ASCII.
  var dash: String { hasUnicode ? "–" : "-" }

  /// A text of others in lines that fit, broken at spaces.
  ///
  /// - Parameter indent: Spaces before all lines but the first.
  public func folded(_ text: String, indent: Int = 2) -> String {
    drawable(printable(text)).folded(to: width, indent: indent).joined(separator: "\n")
  }

  /// A remark on what is shown.
  func note(_ sentence: String) -> String { folded("note: \(sentence)", indent: 6) + "\n" }

  /// The text with dashes, blocks and signs that this terminal can draw.
  func drawable(_ text: String) -> String {
    guard !hasUnicode else { return text }
    let signs: [Character: String] = [
      "–": "-", "−": "-", "·": "|", "×": "x", "Σ": "sum", "…": "~",
      "λ": "lambda", "α": "alpha", "β": "beta", "γ": "gamma", "ε": "epsilon", "η": "eta",
      "μ": "mu", "ξ": "xi", "σ": "sigma", "τ": "tau",
    ]
    return text.map { signs[$0] ?? ($0.isASCII ? String($0) : "?") }.joined()
  }
}

/// Text of others made safe for a terminal: what could move its cursor becomes a question mark.
public func printable(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: "?"
        default: scalar
        }
      }))
}
