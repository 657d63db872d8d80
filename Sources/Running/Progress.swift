import Experiments
import Foundation
import Reports
import Roles
import Training

/// Shows how a run gets on: a bar that is redrawn where somebody looks.
final class Progress {
  private let screen: Screen
  private let plan: RunPlan
  private let method: String
  private var display: ProgressDisplay
  private var phase = 0
  private var phaseName = ""
  private var stepCount = 0
  private var openedAt = Instant.zero
  private var loss: Float?
  /// Of the whole run, as last heard, and when the task began.
  private var byteCount = 0
  private var earlierByteCount = 0

  init(screen: Screen, plan: RunPlan, _ blueprint: Blueprint) {
    self.screen = screen
    self.plan = plan
    method = blueprint.experiment.method.name
    display = ProgressDisplay(screen.audience, style: screen.progressStyle)
  }

  func show(_ event: Event, at now: Instant) {
    switch event {
    case .phaseOpened(let phase, _):
      self.phase = phase
      phaseName = plan.name(ofPhase: phase)
      stepCount = plan.stepCount(ofPhase: phase)
      openedAt = now
      loss = nil
      earlierByteCount = byteCount
      screen.draw(display.show(line(step: 0, at: now), atSeconds: now.seconds))
    case .progress(let phase, let step, let loss, let byteCount) where phase == self.phase:
      self.loss = loss
      self.byteCount = byteCount
      screen.draw(display.show(line(step: step, at: now), atSeconds: now.seconds))
    case .phaseTrained:
      screen.draw(display.finishTask(line(step: stepCount, at: now)))
    case .survived(let sentence), .uncut(let sentence):
      finish()
      screen.write(sentence + "\n")
    case .stopped: finish()
    default: break
    }
  }

  /// Leaves the cursor on a line of its own.
  func finish() { screen.draw(display.end()) }

  private func line(step: Int, at now: Instant) -> ProgressLine {
    ProgressLine(
      method: method, task: phaseName, taskNumber: phase + 1,
      taskCount: plan.taskSchedule.phaseCount, step: step,
      stepCount: stepCount,
      seconds: now.seconds(since: openedAt), loss: loss.map(Double.init),
      byteCount: byteCount - earlierByteCount)
  }
}
