import Foundation

/// Numbers for people.
public enum Figures {
  /// `1.23 MB`; 1 MB is 10⁶ bytes.
  public static func bytes(_ count: Int) -> String {
    guard count >= 1_000 else { return "\(count) B" }
    var amount = Double(count) / 1e3
    var unit = "kB"
    // 999,999 bytes are 1.00 MB and not 1000.00 kB.
    for next in ["MB", "GB", "TB"] where amount >= 999.995 { (amount, unit) = (amount / 1e3, next) }
    return String(format: "%.2f ", amount) + unit
  }

  /// `12.3 s`, `850 ms`, `3 min 20 s`, `2 h 05 min`.
  public static func seconds(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "–" }
    let whole = Int(min(seconds.rounded(), 1e15))
    switch seconds {
    case 0: return "0 s"
    case ..<0.9995: return String(format: "%.0f ms", seconds * 1_000)
    case ..<99.95: return String(format: "%.1f s", seconds)
    case ..<3_599.5: return "\(whole / 60) min \(whole % 60) s"
    default: return String(format: "%d h %02d min", whole / 3_600, whole % 3_600 / 60)
    }
  }

  /// `97.3`, a fraction in per cent without the sign, or `–`.
  public static func percent(_ fraction: Double?) -> String {
    guard let value = fraction.flatMap(finite) else { return "–" }
    let text = String(format: "%.1f", value * 100)
    return text == "-0.0" ? "0.0" : text
  }

  /// `-12.3` with its sign, or `–`.
  public static func signedPercent(_ fraction: Double?) -> String {
    guard let value = fraction.flatMap(finite) else { return "–" }
    let text = String(format: "%+.1f", value * 100)
    return text == "-0.0" ? "+0.0" : text
  }

  /// `-0.12`: two places after the point, or `–`.
  static func fixed(_ value: Double?) -> String {
    guard let value = value.flatMap(finite) else { return "–" }
    let text = String(format: "%.2f", value)
    return text == "-0.00" ? "0.00" : text
  }

  /// How much of another amount this is: `1/120`, `1/2.5`, `0.97`, `1`, `1.3`, or `–`.
  static func ratio(_ ratio: Double?) -> String {
    guard let ratio = ratio.flatMap(finite), ratio > 0 else { return "–" }
    guard ratio <= 0.5 else { return short((ratio * 100).rounded() / 100) }
    let parts = 1 / ratio
    return "1/" + short(parts < 9.95 ? (parts * 10).rounded() / 10 : parts.rounded())
  }

  /// `4,321`.
  public static func count(_ count: Int) -> String {
    var digits = Array(String(count.magnitude))
    for place in stride(from: digits.count - 3, to: 0, by: -3) { digits.insert(",", at: place) }
    return (count < 0 ? "-" : "") + String(digits)
  }

  /// Four digits at most, as `0.01234` or `1.2e-07`, or `–`.
  public static func short(_ value: Double) -> String {
    value.isFinite ? String(format: "%.4g", value) : "–"
  }
}
