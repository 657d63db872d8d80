import Foundation

/// Numbers for people.
public enum Figures {
  /// `1.23 MB`; 1 MB is 10⁶ bytes.
  public static func bytes(_ count: Int) -> String {
    let units = [(1e9, "GB"), (1e6, "MB"), (1e3, "kB")]
    for (size, unit) in units where Double(count) >= size {
      return String(format: "%.2f %@", Double(count) / size, unit)
    }
    return "\(count) B"
  }

  /// `12.3 s`, `850 ms`, `3 min 20 s`.
  public static func seconds(_ seconds: Double) -> String {
    switch seconds {
    case ..<1: String(format: "%.0f ms", seconds * 1_000)
    case ..<100: String(format: "%.1f s", seconds)
    default: "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }
  }

  /// `97.3 %`, or `–`.
  public static func percent(_ fraction: Double?) -> String {
    fraction.map { String(format: "%.1f", $0 * 100) } ?? "–"
  }

  /// `−12.3` with its sign, or `–`.
  public static func signedPercent(_ fraction: Double?) -> String {
    guard let fraction else { return "–" }
    let text = String(format: "%+.1f", fraction * 100)
    return text == "-0.0" ? "+0.0" : text
  }

  /// `4,321`.
  public static func count(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (count < 0 ? "-" : "") + String(digits)
  }
}
