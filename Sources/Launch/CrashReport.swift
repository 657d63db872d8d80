/// What the Swift runtime writes when a program traps.
///
/// A trap with a message writes `FILE:LINE: Fatal error: MESSAGE`. Optimised code mostly traps
/// without one; then, unless backtraces are off, the runtime writes
///
///     *** Program crashed: Illegal instruction at 0x000055b8d14494b0 ***
///     Thread 0 "hebb" crashed:
///     0 0x000055b8d14494b0 main + 832 in hebb
///
/// and in both cases a long stack behind it.
struct CrashReport {
  /// The message, or what happened and where.
  let sentence: String

  /// - Parameter lines: Of a log, without spaces around them; `nil` if they tell of no crash.
  init?(_ lines: [String]) {
    if let message = lines.last(where: { $0.contains("Fatal error") }) {
      sentence = message
      return
    }
    let mark = "Program crashed: "
    guard let index = lines.lastIndex(where: { $0.contains(mark) }),
      let start = lines[index].firstRange(of: mark)
    else { return nil }
    let what =
      lines[index][start.upperBound...]
      .split(separator: " at 0x", maxSplits: 1).first.map(String.init) ?? "a crash"
    let place = lines[index...].drop { !$0.hasSuffix("crashed:") }.dropFirst().first
    // Number and address of the frame come first.
    let words = place?.split(separator: " ").drop {
      $0.allSatisfy(\.isNumber) || $0.hasPrefix("0x")
    }
    sentence = words.map { "\(what) in \($0.joined(separator: " "))" } ?? what
  }
}
