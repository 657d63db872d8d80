import Foundation

/// Maps values to places along a line.
struct Axis {
  let values: ClosedRange<Double>
  /// The place of the lower bound and of the upper one, in this order.
  let from: Double
  let to: Double
  var isLogarithmic = false

  func callAsFunction(_ value: Double) -> Double {
    let (low, high, value) =
      isLogarithmic
      ? (log10(values.lowerBound), log10(values.upperBound), log10(value))
      : (values.lowerBound, values.upperBound, value)
    guard high > low else { return from }
    return from + (to - from) * max(0, min(1, (value - low) / (high - low)))
  }

  /// About `count` round numbers, 1, 2 or 5 times a power of ten apart, within the values.
  func ticks(_ count: Int) -> [Double] {
    let span = values.upperBound - values.lowerBound
    guard span > 0, span.isFinite, count > 0 else { return [values.lowerBound] }
    let rough = span / Double(count)
    let power = pow(10, floor(log10(rough)))
    let step = ([1, 2, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10) * power
    let first = Int((values.lowerBound / step - 1e-9).rounded(.up))
    let last = Int((values.upperBound / step + 1e-9).rounded(.down))
    return first <= last ? (first...last).map { Double($0) * step } : [values.lowerBound]
  }

  /// Powers of ten within the values, few enough to be read.
  func decades(atMost count: Int) -> [Int] {
    let low = Int(log10(values.lowerBound).rounded(.up))
    let high = Int(log10(values.upperBound).rounded(.down))
    guard low <= high else { return [] }
    let stride = max(1, (high - low + count) / count)
    return (low...high).filter { ($0 - low).isMultiple(of: stride) }
  }

  /// `10⁻³`.
  static func power(_ exponent: Int) -> String {
    let digits: [Character: Character] = [
      "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸",
      "9": "⁹", "-": "⁻",
    ]
    return "10" + String("\(exponent)".compactMap { digits[$0] })
  }
}

/// Sets texts where they cannot overlap.
enum Lettering {
  /// Width of a text in the labels' size: an estimate on the wide side, since fonts differ.
  static func width(_ text: String) -> Double { text.reduce(0) { $0 + width($1) } }

  /// By the widest of the fonts that systems bring.
  private static func width(_ character: Character) -> Double {
    switch character {
    case "i", "j", "l", "I", ".", ",", ":", ";", "'", "|", "!", " ", "·": 4.5
    case "f", "t", "r", "J", "-", "(", ")", "[", "]", "/", "\"": 5.5
    case "m", "M", "w", "W", "%", "@", "…", "—": 12
    case "+", "−", "=", "<", ">", "~", "±": 10.5
    case _ where !character.isASCII && String(character).columnCount > 1: 13
    default: character.isUppercase || !character.isASCII ? 9.5 : 8
    }
  }

  /// As much of a text as fits.
  static func fitted(_ text: String, _ width: Double) -> String {
    guard self.width(text) > width else { return text }
    return beginning(of: text, width - self.width("…")) + "…"
  }

  private static func beginning(of text: String, _ width: Double) -> String {
    var room = width
    return String(
      text.prefix {
        room -= self.width($0)
        return room >= 0
      })
  }

  /// As much of each name as fits. Where their beginnings are the same their ends are kept.
  static func fitted(_ names: [String], _ width: Double) -> [String] {
    let cut = names.map { fitted($0, width) }
    guard Set(cut).count < Set(names).count else { return cut }
    return names.map { name in
      guard self.width(name) > width else { return name }
      let end = String(beginning(of: String(name.reversed()), width * 0.6).reversed())
      return beginning(of: name, width - self.width("…") - self.width(end)) + "…" + end
    }
  }

  /// Moves places apart until they are `gap` from one another (or as far as the range allows), as
  /// little as needed and in their order.
  static func spread(_ places: [Double], gap: Double, in range: ClosedRange<Double>) -> [Double] {
    guard !places.isEmpty else { return [] }
    let room = (range.upperBound - range.lowerBound) / Double(max(1, places.count - 1))
    let gap = min(gap, room)
    let order = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
    var result = places
    var lowest = range.lowerBound
    for index in order {
      result[index] = max(places[index], lowest)
      lowest = result[index] + gap
    }
    var highest = range.upperBound
    for index in order.reversed() {
      result[index] = min(result[index], highest)
      highest = result[index] - gap
    }
    return result
  }
}

extension Drawing {
  /// Colours with their names, in as many lines as needed.
  mutating func legend(_ items: [(name: String, css: String)], x: Double, y: Double) {
    var (left, top) = (x, y)
    for item in items {
      let name = Lettering.fitted(item.name, width - x - 24)
      let length = 18 + Lettering.width(name)
      if left > x, left + length > width { (left, top) = (x, top + 18) }
      rectangle(left, top, 11, 11, css: item.css, radius: 2)
      text(name, left + 16, top + 10)
      left += length + 14
    }
  }

  /// Height of ``legend(_:x:y:)``.
  static func legendHeight(_ names: [String], x: Double, width: Double) -> Double {
    var (left, lines) = (x, 1.0)
    for name in names {
      let length = 18 + Lettering.width(Lettering.fitted(name, width - x - 24))
      if left > x, left + length > width { (left, lines) = (x, lines + 1) }
      left += length + 14
    }
    return 18 * lines
  }
}

/// The class of the n-th of several series: eight colours, and dashes from the ninth on.
func series(_ index: Int) -> String { "s\(index % 8)" + (index / 8 % 2 == 1 ? " again" : "") }
