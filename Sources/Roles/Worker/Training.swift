import Archives

/// Where a worker is in its sequence during one phase.
struct Training: Sendable {
  /// What comes next.
  enum Next: Sendable, Equatable {
    /// Weights to begin with; the servers answer when the worker's time has come.
    case pull
    /// What the servers have to tell of the penalty.
    case listen
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
  private let plan: WorkerPlan
  private let rank: Int
  private let positions: Range<Int>
  private(set) var position: Int
  /// Steps of the stage that are done.
  private var step = 0
  /// Steps of the phase that are done.
  private(set) var stepsDone = 0
  private var mustPull: Bool
  private var mustListen: Bool
  /// Steps of the stage after which the last anchor was kept, and the last importance estimated.
  private var anchoredAt: Int?
  private var estimatedAt: Int?
  private var lossRecord = LossRecord()

  /// - Parameters:
  ///   - rank: Of the worker.
  ///   - mustPull: The worker has not the weights with which the phase begins.
  init(phase: Int, plan: WorkerPlan, rank: Int, mustPull: Bool) {
    self.phase = phase
    self.plan = plan
    self.rank = rank
    positions = plan.taskSchedule.positions(of: rank, in: phase)
    position = positions.lowerBound
    // Servers answer the pull of a worker that joins later when its time has come.
    self.mustPull = mustPull || plan.taskSchedule.startSteps[rank] > 0
    // Where importances are exchanged they are told before every answer.
    memories = plan.method.references.memories(
      of: plan.taskSchedule.finishedStages(before: phase))
    mustListen = phase > 0 && !plan.broadcast.isEmpty && plan.method.importance != .exchange
  }

  var hasPositions: Bool { !positions.isEmpty }

  /// By reference that goes with every push of the phase: the finished stages it is made from.
  let memories: [[Int]]

  /// The stage under way; 0 after the last one of the worker's sequence.
  var stage: Int {
    let sequence = plan.taskSchedule.sequences[rank]
    return sequence.indices.contains(position) ? sequence[position] : 0
  }

  /// Mean losses of parts of the phase.
  var losses: [LossPart] { lossRecord.parts }

  var next: Next {
    guard position < positions.upperBound else { return .retire }
    if mustPull { return .pull }
    if mustListen { return .listen }
    let count = plan.stepCounts[stage]
    let isEnd = step == count
    let consolidates: Bool
    switch plan.taskSchedule.moment {
    case .globalBoundary: consolidates = false
    case .never, .workerBoundary: consolidates = isEnd
    case .every(let steps): consolidates = isEnd || (step > 0 && crosses(multipleOf: steps))
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
  private func crosses(multipleOf interval: Int) -> Bool {
    step / interval > max(0, step - plan.localSteps) / interval
  }

  /// The weights are not at hand any more: they come first.
  mutating func beginWithPull() { mustPull = true }

  /// Whether the last steps, so many of them, have reached or passed a multiple.
  func hasPassed(multipleOf interval: Int, by count: Int) -> Bool {
    stepsDone / interval > max(0, stepsDone - count) / interval
  }

  mutating func finishPull() { mustPull = false }
  mutating func finishListening() { mustListen = false }
  mutating func finishAnchor() { anchoredAt = step }
  mutating func finishEstimate() { estimatedAt = step }

  /// Enters steps that have been computed.
  ///
  /// - Parameters:
  ///   - loss: Mean over the steps' examples.
  ///   - total: Steps of the whole run after them.
  mutating func finish(_ steps: Range<Int>, loss: Double, exampleCount: Int, total: Int) {
    lossRecord.enter(
      loss, exampleCount: exampleCount, of: steps, stageCount: plan.stepCounts[stage],
      total: total)
    step = steps.upperBound
    stepsDone += steps.count
  }

  mutating func finishPosition() {
    position += 1
    step = 0
    (anchoredAt, estimatedAt) = (nil, nil)
  }
}

/// The losses of a phase as means over about equal parts of each stage.
struct LossRecord: Sendable {
  /// Parts of a stage that are kept apart.
  private static let partCountMaximum = 20

  private(set) var parts: [LossPart] = []
  /// Of the part under way.
  private var sum = 0.0
  private var exampleCount = 0

  /// Enters the mean loss of some steps of a stage.
  ///
  /// - Parameters:
  ///   - exampleCount: That it is a mean over.
  ///   - steps: 0-based within the stage.
  ///   - stageCount: Steps of the stage.
  ///   - total: Steps of the whole run after them.
  mutating func enter(
    _ loss: Double, exampleCount: Int, of steps: Range<Int>, stageCount: Int, total: Int
  ) {
    sum += loss * Double(exampleCount)
    self.exampleCount += exampleCount
    let length = max(1, stageCount / Self.partCountMaximum)
    guard steps.upperBound / length > steps.lowerBound / length || steps.upperBound == stageCount
    else { return }
    if self.exampleCount > 0 {
      parts.append(LossPart(step: total, loss: Float(sum / Double(self.exampleCount))))
    }
    (sum, self.exampleCount) = (0, 0)
  }
}

extension Training: Saved {
  static let unsaved = ["phase", "plan", "rank", "positions", "memories"]

  func save(to archive: inout Archive) {
    archive.put("position", position)
    archive.put("step", step)
    archive.put("stepsDone", stepsDone)
    archive.put("mustPull", mustPull)
    archive.put("mustListen", mustListen)
    archive.put("anchoredAt", anchoredAt)
    archive.put("estimatedAt", estimatedAt)
    archive.put("lossRecord", state: lossRecord)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    position = try reader.take("position")
    step = try reader.take("step")
    stepsDone = try reader.take("stepsDone")
    mustPull = try reader.take("mustPull")
    mustListen = try reader.take("mustListen")
    anchoredAt = try reader.take("anchoredAt", as: Int?.self)
    estimatedAt = try reader.take("estimatedAt", as: Int?.self)
    try reader.take("lossRecord", into: &lossRecord)
    guard (positions.lowerBound...positions.upperBound).contains(position),
      (0...plan.stepCounts[stage]).contains(step)
    else { throw reader.error("is a step that is not in the sequence") }
  }
}

extension LossRecord: Saved {
  static let unsaved: [String] = []

  func save(to archive: inout Archive) {
    archive.put("parts", parts)
    archive.put("sum", sum)
    archive.put("exampleCount", exampleCount)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    parts = try reader.take("parts")
    sum = try reader.take("sum")
    exampleCount = try reader.take("exampleCount")
  }
}
