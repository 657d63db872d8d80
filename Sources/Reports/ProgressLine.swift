import Foundation

/// One line on how a task's training gets on.
public struct ProgressLine: Sendable, Hashable {
  private let head: String
  private let step: Int
  private let stepCount: Int
  private let seconds: Double
  private let loss: Double?
  private let byteCount: Int

  /// - Parameters:
  ///   - taskNumber: Counted from 1.
  ///   - step: Steps done, 0…`stepCount`.
  ///   - seconds: Since the task began.
  ///   - loss: Mean training loss lately.
  ///   - byteCount: Sent over the run so far, both directions.
  public init(
    method: String, task: String, taskNumber: Int, taskCount: Int, step: Int, stepCount: Int,
    seconds: Double, loss: Double?, byteCount: Int = 0
  ) {
    head = "\(printable(method)) · task \(taskNumber)/\(taskCount) \(printable(task))"
    self.step = step
    self.stepCount = stepCount
    self.seconds = seconds
    self.loss = loss
    self.byteCount = byteCount
  }

  /// Whether nothing is left to do.
  public var isFinished: Bool { step >= stepCount }

  /// The line, at most as wide as the terminal.
  public func text(_ style: TerminalStyle) -> String {
    let share = stepCount > 0 ? max(0, min(1, Double(step) / Double(stepCount))) : 1
    let tail = tail
    let name = head.padded(to: 28)
    let room = style.width - name.count - tail.count - 2
    guard room >= 8 else { return style.drawable("\(head) \(tail)".cut(to: style.width)) }
    let width = min(room, 30)
    return style.drawable(name) + " " + bar(share, width, style) + " " + style.drawable(tail)
  }

  private var tail: String {
    let rate = seconds > 0 ? Double(step) / seconds : 0
    var tail = "\(Figures.count(step))/\(Figures.count(stepCount)) steps"
    if rate > 0 { tail += String(format: rate < 10 ? " · %.1f/s" : " · %.0f/s", rate) }
    if rate > 0, !isFinished {
      tail += " · \(Figures.seconds(Double(stepCount - step) / rate)) left"
    } else {
      tail += " · \(Figures.seconds(seconds))"
    }
    if let loss = loss.flatMap(finite) { tail += String(format: " · loss %.3f", loss) }
    if byteCount > 0 { tail += " · \(Figures.bytes(byteCount))" }
    return tail
  }

  private func bar(_ share: Double, _ width: Int, _ style: TerminalStyle) -> String {
    guard style.hasUnicode else {
      let filled = Int(share * Double(width))
      return String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
    }
    // Eighths of a cell, so that the bar moves smoothly.
    let eighths = Int(share * Double(width) * 8)
    let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
    let filled = String(repeating: "█", count: eighths / 8) + partial
    return filled + String(repeating: "░", count: width - filled.count)
  }
}
