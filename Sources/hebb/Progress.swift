import Experiments
import Foundation
import Reports
import Roles

/// Shows how a run gets on: a bar that is redrawn on a terminal, one line a task elsewhere.
final class Progress {
  private let screen: Screen
  private let plan: RunPlan
  private let method: String
  private var stage = 0
  private var openedAt = Instant.zero
  private var lastDrawnAt: Instant?
  private var loss: Float?
  private var isLineOpen = false

  init(screen: Screen, plan: RunPlan, _ blueprint: Blueprint) {
    self.screen = screen
    self.plan = plan
    method = blueprint.experiment.method.name.rawValue
  }

  func show(_ event: Event, at now: Instant) {
    switch event {
    case .stageOpened(let stage, _):
      self.stage = stage
      openedAt = now
      loss = nil
      draw(step: 0, at: now)
    case .progress(let stage, let step, let loss) where stage == self.stage:
      self.loss = loss
      if let last = lastDrawnAt, now.seconds(since: last) < 0.1 { return }
      draw(step: step, at: now)
    case .stageTrained:
      let line = line(step: plan.stages[stage].stepCount, at: now)
      screen.write((isLineOpen ? "\r\u{1B}[K" : "") + line.text(screen.style) + "\n")
      isLineOpen = false
    case .stopped: finish()
    default: break
    }
  }

  /// Leaves the cursor on a line of its own.
  func finish() {
    if isLineOpen { screen.write("\n") }
    isLineOpen = false
  }

  private func draw(step: Int, at now: Instant) {
    guard screen.isTerminal else { return }
    lastDrawnAt = now
    isLineOpen = true
    screen.write("\r" + line(step: step, at: now).text(screen.style) + "\u{1B}[K")
  }

  private func line(step: Int, at now: Instant) -> ProgressLine {
    ProgressLine(
      method: method, task: plan.stages[stage].name, taskNumber: stage + 1,
      taskCount: plan.stages.count, step: step, stepCount: plan.stages[stage].stepCount,
      seconds: now.seconds(since: openedAt), loss: loss.map(Double.init))
  }
}
