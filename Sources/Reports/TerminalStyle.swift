/// What a terminal can show.
public struct TerminalStyle: Sendable, Hashable {
  /// Without colour there is no control character at all.
  public let hasColor: Bool
  /// Columns.
  public let width: Int

  /// - Parameters:
  ///   - hasColor: Whether escape sequences may be written.
  ///   - width: Columns.
  public init(hasColor: Bool, width: Int) {
    self.hasColor = hasColor
    self.width = width
  }

  func bold(_ text: String) -> String { hasColor ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  func faint(_ text: String) -> String { hasColor ? "\u{1B}[2m\(text)\u{1B}[0m" : text }

  /// The text on a background for a fraction in 0…1, from dark violet over teal to yellow.
  func heat(_ text: String, _ fraction: Double) -> String {
    guard hasColor else { return text }
    let (red, green, blue) = HeatScale.color(fraction)
    let ink = HeatScale.isDark(fraction) ? "255;255;255" : "0;0;0"
    return "\u{1B}[48;2;\(red);\(green);\(blue);38;2;\(ink)m\(text)\u{1B}[0m"
  }
}

/// Colours for fractions: even steps of lightness, readable by the colour-blind.
enum HeatScale {
  private static let stops: [(Double, Double, Double)] = [
    (68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37),
  ]

  /// Red, green and blue in 0…255.
  static func color(_ fraction: Double) -> (Int, Int, Int) {
    let place = max(0, min(1, fraction)) * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    let share = place - Double(lower)
    let (a, b) = (stops[lower], stops[lower + 1])
    return (
      Int(a.0 + (b.0 - a.0) * share), Int(a.1 + (b.1 - a.1) * share),
      Int(a.2 + (b.2 - a.2) * share)
    )
  }

  /// Whether white reads better on it than black.
  static func isDark(_ fraction: Double) -> Bool { fraction < 0.62 }
}
