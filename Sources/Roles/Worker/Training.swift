import Tensors

/// Where a worker is in its sequence during one phase.
struct Training: Sendable {
  /// What comes next.
  enum Next: Sendable, Equatable {
    /// Weights to begin with; the servers answer when the worker's time has come.
    case pull
    /// What the servers have to tell of the penalty.
    case brief
    /// Take these steps, then push once.
    case steps(Range<Int>)
    /// Have the version kept as an anchor.
    case anchor(Snapshot)
    /// Estimate the importance at the anchor.
    case estimate
    /// All steps of the stage are done.
    case endPosition
    case retire
  }

  let phase: Int
  private let positions: Range<Int>
  private(set) var position: Int
  /// Steps of the stage that are done.
  private(set) var step = 0
  /// Steps of the phase that are done.
  private(set) var stepsDone = 0
  private var mustPull: Bool
  private var mustBrief: Bool
  private var anchoredAt: Int?
  private var estimatedAt: Int?
  private(set) var losses: [LossPart] = []
  private var windowSum = 0.0
  private var windowCount = 0

  init(phase: Int, positions: Range<Int>, mustPull: Bool, mustBrief: Bool = false) {
    self.phase = phase
    self.positions = positions
    self.mustPull = mustPull
    self.mustBrief = mustBrief
    position = positions.lowerBound
  }

  var hasPositions: Bool { !positions.isEmpty }

  /// The stage under way.
  func stage(_ plan: WorkerPlan, rank: Int) -> Int { plan.taskSchedule.sequences[rank][position] }

  /// - Parameter rank: Of the worker.
  func next(_ plan: WorkerPlan, rank: Int) -> Next {
    guard position < positions.upperBound else { return .retire }
    if mustPull { return .pull }
    if mustBrief { return .brief }
    let count = plan.stepCounts[stage(plan, rank: rank)]
    let isEnd = step == count
    let consolidates: Bool
    switch plan.taskSchedule.moment {
    case .globalBoundary: consolidates = false
    case .never, .workerBoundary: consolidates = isEnd
    case .every(let steps):
      consolidates = isEnd || (step > 0 && crosses(multipleOf: steps, plan.localSteps))
    }
    if consolidates {
      if anchoredAt != step {
        return .anchor(
          isEnd
            ? .boundary(worker: rank, position: position)
            : .provisional(worker: rank, step: stepsDone))
      }
      if plan.method.importance == .workers && estimatedAt != step { return .estimate }
    }
    return isEnd ? .endPosition : .steps(step..<min(step + plan.localSteps, count))
  }

  /// Whether the last round trip reached or passed a multiple.
  private func crosses(multipleOf interval: Int, _ localSteps: Int) -> Bool {
    step / interval > max(0, step - localSteps) / interval
  }

  mutating func finishPull() { mustPull = false }
  mutating func finishPenalty() { mustBrief = false }
  mutating func finishAnchor() { anchoredAt = step }
  mutating func finishEstimate() { estimatedAt = step }

  mutating func finishSteps(_ steps: Range<Int>) {
    step = steps.upperBound
    stepsDone += steps.count
  }

  mutating func finishPosition() {
    position += 1
    step = 0
    (anchoredAt, estimatedAt) = (nil, nil)
  }

  /// Mean losses of about this many equal parts of a stage are kept.
  private static let windowCountMaximum = 20

  /// - Parameters:
  ///   - steps: The steps of the stage that the loss is a mean over.
  ///   - count: Steps of the stage.
  ///   - total: Steps of the whole run after them.
  mutating func enter(
    loss: Double, exampleCount: Int, _ steps: Range<Int>, of count: Int, total: Int
  ) {
    windowSum += loss * Double(exampleCount)
    windowCount += exampleCount
    let window = max(1, count / Self.windowCountMaximum)
    guard steps.upperBound / window > steps.lowerBound / window || steps.upperBound == count
    else { return }
    if windowCount > 0 {
      losses.append(LossPart(step: total, loss: Float(windowSum / Double(windowCount))))
    }
    (windowSum, windowCount) = (0, 0)
  }
}
