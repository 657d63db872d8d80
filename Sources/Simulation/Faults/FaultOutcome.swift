public import Roles
import Tensors

/// What came of a run with faults.
public struct FaultOutcome: Sendable {
  /// `nil` for a run that did not end.
  public let ending: Ending?
  /// What the coordinator has recorded, in its last conduct.
  public let record: RunRecord
  /// Of virtual time.
  public let seconds: Double
  /// Things that have happened.
  public let eventCount: Int
  /// Faults that have happened, in order.
  public let injected: [Fault]
  /// One sentence for every time at which the run was taken up again.
  public let recoveries: [String]
  /// What should not have been: one sentence each.
  public internal(set) var violations: [String]
  /// Whether its launcher had started nodes again as often as it may.
  public let isOutOfRestarts: Bool
  private let isRepeatable: Bool
  /// How much has happened.
  public let scale: FaultScale

  init<Worker>(
    _ injection: FaultInjection<Worker>, _ ids: [NodeID], record: RunRecord, seconds: Double,
    eventCount: Int
  ) {
    isRepeatable = injection.crew.isRepeatable
    isOutOfRestarts = injection.launcher.restartsLeft == 0
    ending = injection.ending
    self.record = record
    self.seconds = seconds
    self.eventCount = eventCount
    injected = injection.injected + (injection.store?.injected ?? [])
    recoveries = injection.recoveries
    violations = injection.checks.violations(at: record)
    var scale = FaultScale()
    scale.seconds = seconds
    scale.readySeconds = record.readyAt?.seconds ?? 0
    for (index, process) in injection.launcher.processes.enumerated() {
      scale.inputs[ids[index]] = process.inputCount
    }
    scale.messages = injection.weather.messages
    scale.repeatables = injection.weather.repeatables
    scale.writes = injection.store?.writes ?? [:]
    self.scale = scale
  }
}

extension FaultOutcome {
  /// Whether both are the same in everything that can be seen of them.
  public func isSame(as other: FaultOutcome) -> Bool {
    (ending, seconds, eventCount) == (other.ending, other.seconds, other.eventCount)
      && (injected, recoveries, violations) == (other.injected, other.recoveries, other.violations)
      && scale == other.scale && record.rows == other.record.rows && bits == other.bits
  }

  /// Of the final weights; `nil` without them.
  var bits: [UInt32]? { record.weights?.array.map(\.bitPattern) }

  /// This outcome, with all that is wrong with it beside the run that nothing happened to.
  public func judged(beside calm: FaultOutcome) -> FaultOutcome {
    var result = self
    result.violations = violations(beside: calm)
    return result
  }

  private func violations(beside calm: FaultOutcome) -> [String] {
    var result = violations
    guard ending == .completed else {
      if case .failed(.lostNode, _) = ending, isOutOfRestarts { return result }
      return result + (ending.map { ["the run ended otherwise: \($0)"] } ?? [])
    }
    guard isRepeatable else { return result }
    if bits != calm.bits { result.append("the weights are not those of the undisturbed run") }
    let steps = record.serverSummaries.map { $0?.stepCount }
    if steps != calm.record.serverSummaries.map({ $0?.stepCount }) {
      result.append("servers applied other numbers of pushes: \(steps)")
    }
    let (mine, others) = (record.orderedRows, calm.record.orderedRows)
    if mine.count != others.count || !zip(mine, others).allSatisfy({ $0.saysTheSame(as: $1) }) {
      result.append("the matrix is not that of the undisturbed run")
    }
    return result
  }
}

extension RunRecord.Row {
  /// Whether both tell the same of the same moment of the run, whatever the clock says.
  func saysTheSame(as other: RunRecord.Row) -> Bool {
    (occasion, step, versions, accuracies, byClass)
      == (other.occasion, other.step, other.versions, other.accuracies, other.byClass)
  }
}
