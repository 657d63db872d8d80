/// Shows how a study gets on: one line that is redrawn on a terminal, nothing where nobody looks.
public struct StudyProgress: Sendable {
  private let audience: ProgressDisplay.Audience
  private let style: TerminalStyle
  private let cellCount: Int
  private let doneBefore: Int
  private var finishedCount = 0
  private var isLineOpen = false

  /// - Parameters:
  ///   - cellCount: Of the whole study.
  ///   - doneBefore: Cells that were there already.
  public init(
    _ audience: ProgressDisplay.Audience, style: TerminalStyle, cellCount: Int, doneBefore: Int
  ) {
    self.audience = audience
    self.style = style
    self.cellCount = cellCount
    self.doneBefore = doneBefore
  }

  private var doneCount: Int { doneBefore + finishedCount }

  /// What to write now: the line with a bar, the time that is left, and the cells at work.
  ///
  /// - Parameter seconds: Since the first cell was started.
  public mutating func show(running: [String], seconds: Double) -> String {
    guard audience == .terminal else { return "" }
    isLineOpen = true
    return "\r\(line(running, seconds))\u{1B}[K"
  }

  /// Counts a cell that is done.
  public mutating func finish() { finishedCount += 1 }

  /// What to write when a cell has failed, whoever looks: the reason, on a line of its own.
  public mutating func fail(_ cell: String, reason: String) -> String {
    defer { isLineOpen = false }
    let clear = isLineOpen ? "\r\u{1B}[K" : ""
    return clear + style.folded("cell \(cell) failed: \(reason)") + "\n"
  }

  /// What to write when all is over: the cursor goes to a line of its own.
  public mutating func end() -> String {
    defer { isLineOpen = false }
    return isLineOpen ? "\n" : ""
  }

  func line(_ running: [String], _ seconds: Double) -> String {
    let share = cellCount > 0 ? Double(doneCount) / Double(cellCount) : 1
    let head = "\(Figures.count(doneCount))/\(Figures.count(cellCount)) cells"
    let width = max(0, min(20, style.width - head.count - 2))
    let filled = Int(share * Double(width))
    let (full, empty) = style.hasUnicode ? ("█", "░") : ("#", ".")
    let bar =
      String(repeating: full, count: filled) + String(repeating: empty, count: width - filled)
    let left = timeLeft(seconds) ?? Figures.seconds(seconds)
    let tail =
      " · \(left)" + (running.isEmpty ? "" : " · \(running.map(printable).joined(separator: ", "))")
    // The bar has no sign that the terminal cannot draw, and the rest is cut to its width.
    let room = max(0, style.width - head.count - width - 2)
    return style.drawable(head) + " " + bar + style.drawable(style.drawable(tail).cut(to: room))
  }

  /// From the pace of the cells finished so far.
  private func timeLeft(_ seconds: Double) -> String? {
    let left = cellCount - doneCount
    guard finishedCount > 0, left > 0, seconds > 0 else { return nil }
    return "\(Figures.seconds(seconds / Double(finishedCount) * Double(left))) left"
  }
}
