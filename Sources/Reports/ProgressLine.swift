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
  ///   - byteCount: Sent since the task began, both directions, as far as that is known.
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

  /// The line, narrower than the terminal by the place of the cursor. What it has room for, and
  /// where its bar ends, follows from the width alone: nothing moves when a figure comes or goes.
  public func text(_ style: TerminalStyle) -> String {
    let head = style.drawable(head)
    let nameWidth = min(28, style.width * 3 / 10)
    let width = style.width - 1
    var room = width - nameWidth - 2 - stepsWidth
    guard room >= Self.leastBar else {
      return style.drawable("\(head) \(steps.drop { $0 == " " })".cut(to: width))
    }
    var parts: Set<Part> = []
    for part in Part.allCases where room - part.width >= part.leastBar {
      parts.insert(part)
      room -= part.width
    }
    let share = stepCount > 0 ? max(0, min(1, Double(step) / Double(stepCount))) : 1
    let bar = bar(share, min(room, 30), style)
    let words = [parts.contains(.word) ? steps + " steps" : steps]
    let tail = words + Part.inOrder.filter(parts.contains).compactMap(text)
    let line = head.cut(to: nameWidth).padded(to: nameWidth) + " " + bar + " "
    return style.drawable((line + tail.joined(separator: " · ")).cut(to: width))
  }

  private static let leastBar = 8

  /// Both counts are as wide as the larger one.
  private var stepsWidth: Int { 2 * max(3, Figures.count(stepCount).count) + 1 }

  private var steps: String {
    "\(Figures.count(step))/\(Figures.count(stepCount))".led(to: stepsWidth)
  }

  /// What a line may have beside its steps, the most important first.
  private enum Part: CaseIterable {
    case time, loss, rate, bytes, word

    static let inOrder: [Part] = [.rate, .time, .loss, .bytes]

    /// Columns that are kept for it, with what parts it from the one before.
    var width: Int {
      switch self {
      case .time: 19
      case .loss: 14
      case .rate: 10
      case .bytes: 12
      case .word: 6
      }
    }

    /// The bar that has to be left.
    var leastBar: Int {
      switch self {
      case .time, .loss: ProgressLine.leastBar
      case .rate, .bytes: 12
      case .word: 16
      }
    }
  }

  private func text(_ part: Part) -> String? {
    let rate = seconds > 0 ? Double(step) / seconds : 0
    switch part {
    case .rate: return rate > 0 ? String(format: rate < 10 ? "%.1f/s" : "%.0f/s", rate) : nil
    case .time:
      return rate > 0 && !isFinished
        ? "\(Figures.seconds(Double(stepCount - step) / rate)) left" : Figures.seconds(seconds)
    case .loss:
      return loss.flatMap(finite).map {
        "loss " + ($0 < 100 ? String(format: "%.3f", $0) : Figures.short($0))
      }
    // What is known of a finished task is older than its end; its bytes are in the results.
    case .bytes: return byteCount > 0 && !isFinished ? Figures.bytes(byteCount) : nil
    case .word: return nil
    }
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
