/// Decides what of a run's progress is written, and when.
///
/// On a terminal one line is redrawn at most ten times a second and stays when its task is
/// finished; where nobody looks nothing is written.
public struct ProgressDisplay: Sendable {
  /// Who is looking.
  public enum Audience: Sendable, Hashable {
    case terminal, nobody
  }

  private let audience: Audience
  private let style: TerminalStyle
  private var drawnAtSeconds: Double?
  private var isLineOpen = false

  /// - Parameters:
  ///   - audience: Who is looking.
  ///   - style: What the terminal can show.
  public init(_ audience: Audience, style: TerminalStyle) {
    self.audience = audience
    self.style = style
  }

  /// What to write now that a task has come this far.
  ///
  /// - Parameter seconds: By any clock that only goes forward.
  /// - Returns: Often nothing.
  public mutating func show(_ line: ProgressLine, atSeconds seconds: Double) -> String {
    guard audience == .terminal else { return "" }
    if let last = drawnAtSeconds, seconds - last < 0.1 { return "" }
    drawnAtSeconds = seconds
    isLineOpen = true
    return "\r\(line.text(style))\u{1B}[K"
  }

  /// What to write when a task is finished: its line, which stays.
  public mutating func finishTask(_ line: ProgressLine) -> String {
    defer { (isLineOpen, drawnAtSeconds) = (false, nil) }
    return audience == .terminal ? "\r\(line.text(style))\u{1B}[K\n" : ""
  }

  /// What to write when a run ends, perhaps in the middle of a task: the cursor goes to a new line.
  public mutating func end() -> String {
    defer { (isLineOpen, drawnAtSeconds) = (false, nil) }
    return isLineOpen ? "\n" : ""
  }
}
