import Foundation

/// A colour of the screen.
struct Color: Sendable, Hashable {
  /// Each in 0…255.
  let red: Int
  let green: Int
  let blue: Int

  init(_ red: Int, _ green: Int, _ blue: Int) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// `#0b6e69`.
  init(hex: UInt32) { self.init(Int(hex >> 16 & 255), Int(hex >> 8 & 255), Int(hex & 255)) }

  /// A style sheet's notation.
  var css: String { String(format: "#%02x%02x%02x", red, green, blue) }

  /// Relative luminance in 0…1.
  ///
  /// - Source: WCAG 2.1, definition of relative luminance.
  var luminance: Double {
    func linear(_ part: Int) -> Double {
      let value = Double(part) / 255
      return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Contrast with another colour, 1…21.
  ///
  /// - Source: WCAG 2.1, definition of contrast ratio.
  func contrast(with other: Color) -> Double {
    let (a, b) = (luminance, other.luminance)
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  /// Whether white reads better on it than black.
  var isDark: Bool { contrast(with: Color(255, 255, 255)) > contrast(with: Color(0, 0, 0)) }

  /// Black or white, whichever reads better on it.
  var ink: Color { isDark ? Color(255, 255, 255) : Color(0, 0, 0) }

  /// The colour between two, `share` of the way.
  func mixed(with other: Color, share: Double) -> Color {
    func part(_ a: Int, _ b: Int) -> Int { a + Int((Double(b - a) * share).rounded()) }
    return Color(part(red, other.red), part(green, other.green), part(blue, other.blue))
  }

  /// The nearest of the 6 × 6 × 6 cube in xterm's 256 colours.
  var paletteIndex: Int {
    let levels = [0, 95, 135, 175, 215, 255]
    func nearest(_ part: Int) -> Int {
      levels.indices.min { abs(levels[$0] - part) < abs(levels[$1] - part) } ?? 0
    }
    return 16 + 36 * nearest(red) + 6 * nearest(green) + nearest(blue)
  }
}

/// Colours for fractions: even steps of lightness, readable by the colour-blind.
struct HeatScale: Sendable {
  /// For a terminal, whatever its background: dark violet over teal to yellow.
  private static let terminal = HeatScale(0x440154, 0x3B528B, 0x21918C, 0x5EC962, 0xFDE725)
  /// For paper: pale to deep sea green.
  static let light = HeatScale(0xF4F8F5, 0xBFE0D6, 0x6DB6AC, 0x1F7F7A, 0x07413F)
  /// For a dark page: from its own grey to a bright green.
  static let dark = HeatScale(0x20292C, 0x1D4A4C, 0x20807A, 0x55BFA9, 0xC9F4DF)

  private let stops: [Color]

  private init(_ stops: UInt32...) { self.stops = stops.map(Color.init(hex:)) }

  /// The colour of a fraction on a terminal.
  static func color(_ fraction: Double) -> Color { terminal[fraction] }

  /// The colour of a fraction; what is outside 0…1 has that of the nearer end.
  subscript(fraction: Double) -> Color {
    let place = max(0, min(1, fraction)) * Double(stops.count - 1)
    let lower = min(Int(place), stops.count - 2)
    return stops[lower].mixed(with: stops[lower + 1], share: place - Double(lower))
  }
}
