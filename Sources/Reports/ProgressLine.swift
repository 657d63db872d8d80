import Foundation

/// One line on how a task's training gets on.
public struct ProgressLine: Sendable, Hashable {
  private let head: String
  private let step: Int
  private let stepCount: Int
  private let seconds: Double
  private let loss: Double?

  /// - Parameters:
  ///   - seconds: Since the task began.
  ///   - loss: Mean training loss lately.
  public init(
    method: String, task: String, taskNumber: Int, taskCount: Int, step: Int, stepCount: Int,
    seconds: Double, loss: Double?
  ) {
    head = "\(method) · task \(taskNumber)/\(taskCount) \(task)"
    self.step = step
    self.stepCount = stepCount
    self.seconds = seconds
    self.loss = loss
  }

  /// The line, at most as wide as the terminal.
  public func text(_ style: TerminalStyle) -> String {
    let share = stepCount > 0 ? min(1, Double(step) / Double(stepCount)) : 1
    let rate = seconds > 0 ? Double(step) / seconds : 0
    var tail = "\(Figures.count(step))/\(Figures.count(stepCount)) steps"
    if rate > 0 { tail += String(format: " · %.0f/s", rate) }
    if rate > 0, step < stepCount {
      tail += " · \(Figures.seconds(Double(stepCount - step) / rate)) left"
    } else {
      tail += " · \(Figures.seconds(seconds))"
    }
    if let loss { tail += String(format: " · loss %.3f", loss) }
    let name = head.padding(toLength: max(head.count, 28), withPad: " ", startingAt: 0)
    let room = style.width - name.count - tail.count - 4
    guard room >= 8 else { return String("\(name) \(tail)".prefix(style.width)) }
    let width = min(room, 30)
    let filled = Int(share * Double(width))
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    return "\(name) \(bar) \(tail)"
  }
}
