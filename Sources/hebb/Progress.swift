import Experiments
import Foundation
import Reports
import Roles

/// Shows how a run gets on: a bar that is redrawn on a terminal, one line a task elsewhere.
final class Progress {
  private let screen: Screen
  private let plan: RunPlan
  private let method: String
  private var display: ProgressDisplay
  private var stage = 0
  private var openedAt = Instant.zero
  private var loss: Float?

  init(screen: Screen, plan: RunPlan, _ blueprint: Blueprint) {
    self.screen = screen
    self.plan = plan
    method = blueprint.experiment.method.name.rawValue
    display = ProgressDisplay(screen.audience, style: screen.style)
  }

  func show(_ event: Event, at now: Instant) {
    switch event {
    case .stageOpened(let stage, _):
      self.stage = stage
      openedAt = now
      loss = nil
      screen.write(display.show(line(step: 0, at: now), atSeconds: now.seconds))
    case .progress(let stage, let step, let loss) where stage == self.stage:
      self.loss = loss
      screen.write(display.show(line(step: step, at: now), atSeconds: now.seconds))
    case .stageTrained:
      screen.write(display.finishTask(line(step: plan.stages[stage].stepCount, at: now)))
    case .stopped: finish()
    default: break
    }
  }

  /// Leaves the cursor on a line of its own.
  func finish() { screen.write(display.end()) }

  private func line(step: Int, at now: Instant) -> ProgressLine {
    ProgressLine(
      method: method, task: plan.stages[stage].name, taskNumber: stage + 1,
      taskCount: plan.stages.count, step: step, stepCount: plan.stages[stage].stepCount,
      seconds: now.seconds(since: openedAt), loss: loss.map(Double.init))
  }
}
