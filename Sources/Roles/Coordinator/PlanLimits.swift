import Consolidation

/// The most that nodes can truthfully say of a run. Whatever they say within it, sums over all of
/// them stay far from the end of their type.
struct PlanLimits: Sendable {
  private let plan: RunPlan
  /// By worker: steps of its whole sequence.
  private let steps: [Int]
  /// Of all workers together; there are no more pushes.
  private let stepSum: Int
  /// Whole steps of the run: whoever begins late does so after as many as others take.
  private let wholeSteps: Int
  /// Bytes that one node carries: 256 TiB.
  static let byteCount = 1 << 48
  /// Messages and training examples of one node.
  static let messageCount = 1 << 40
  static let exampleCount = 1 << 44
  /// Seconds of one node: 30 000 years, for a virtual clock.
  static let seconds = 0...1e12
  /// Maxima of a shard in one phase.
  static let maximaCount = 100_000
  /// Records of one statement.
  static let recordCount = 1 << 22
  /// Characters of a word that nodes choose themselves.
  static let wordCount = 1_000

  init(_ plan: RunPlan) {
    self.plan = plan
    steps = plan.taskSchedule.sequences.map { sequence in
      Self.sum(sequence.map { plan.stepCounts.indices.contains($0) ? plan.stepCounts[$0] : 0 })
    }
    stepSum = Self.sum(steps)
    wholeSteps = Self.sum([stepSum, plan.taskSchedule.startSteps.max() ?? 0])
  }

  private static func sum(_ counts: [Int]) -> Int {
    counts.reduce(0) { sum, count in
      let (next, isTooMuch) = sum.addingReportingOverflow(count)
      return isTooMuch ? .max : next
    }
  }
}

extension PlanLimits {
  /// What a known node says that cannot be of this run, as a sentence. All that is an index, a
  /// count or a part of a sum is held against the plan here, before it is used anywhere.
  ///
  /// - Parameter reports: What was consolidated before.
  func flaw(of message: Message, after reports: [BoundaryReport]) -> String? {
    let sender = message.sender
    let steps = sender.kind == .worker ? steps[sender.rank] : 0
    guard message.clock <= UInt64(steps), message.steps <= max(1, steps) else {
      return "\(sender) speaks of a step that is not in its sequence"
    }
    guard case .control(let control) = message.payload else { return nil }
    switch control {
    case .heartbeat(let phase, let step, _, let byteCount):
      guard (0...PlanLimits.byteCount).contains(byteCount) else {
        return "\(sender) says that it carried \(byteCount) bytes"
      }
      guard
        sender.kind == .server
          || (-1..<plan.taskSchedule.phaseCount).contains(phase) && (0...steps).contains(step)
      else { return "\(sender) beats in a step that is not in its sequence" }
      return nil
    case .ready(let fingerprint, let kernel):
      return fingerprint.utf8.count <= PlanLimits.wordCount
        && kernel?.utf8.count ?? 0 <= PlanLimits.wordCount
        ? nil : "\(sender) has a fingerprint or a kernel that is none"
    case .finished(let position, let versions):
      guard sender.kind == .worker, !plan.taskSchedule.moment.isGlobal,
        plan.taskSchedule.sequences[sender.rank].indices.contains(position),
        versions.count == plan.serverCount
      else { return "\(sender) finished a stage that it does not have" }
      return nil
    case .trained(_, let losses):
      guard losses.allSatisfy({ (1...max(1, steps)).contains($0.step) }),
        zip(losses, losses.dropFirst()).allSatisfy({ $0.step < $1.step })
      else { return "\(sender) tells losses of steps that are not in its sequence" }
      return nil
    case .kept(.sample(_, let step), _):
      return 1 <= step && step <= wholeSteps
        ? nil : "\(sender) keeps a sample of a step that is not in this run"
    case .consolidated(let fresh, _): return flaw(of: fresh, by: sender, after: reports)
    case .sealed(_, _, let maxima):
      let count = maxima?.reduce(0) { $0 + $1.count } ?? 0
      return count <= Self.maximaCount ? nil : "\(sender) told more maxima than any method has"
    case .scalars(_, _, let scalars):
      return isPossible(scalars)
        ? nil : "\(sender) told numbers of a step that no step of this run has"
    case .stated(_, let records):
      return sender.kind == .worker && plan.method.readout != nil
        && records.count <= Self.recordCount
        ? nil : "\(sender) stated what no readout of this run needs"
    case .cutting(let report): return flaw(of: report, by: sender)
    case .goodbye(let summary): return flaw(of: summary, by: sender)
    default: return nil
    }
  }

  /// Sums of all servers stay within their type.
  private func isPossible(_ scalars: ShardScalars) -> Bool {
    switch scalars {
    case .magnitudes(let magnitudes):
      magnitudes.count <= Self.maximaCount
        && magnitudes.allSatisfy { $0 >= 0 && $0 <= Double(Float.greatestFiniteMagnitude) }
    case .sums(let sums):
      sums.count <= Self.maximaCount
        && sums.allSatisfy { $0.magnitude <= UInt(Int.max / max(1, plan.serverCount)) }
    }
  }

  private func flaw(
    of reports: [BoundaryReport], by sender: NodeID, after earlier: [BoundaryReport]
  ) -> String? {
    let named = Set(reports.map { [$0.stage, $0.worker ?? -1] })
    guard named.count == reports.count else {
      return "\(sender) consolidated the same twice in one message"
    }
    return reports.lazy.compactMap { flaw(of: $0, by: sender, after: earlier) }.first
  }

  private func flaw(
    of report: BoundaryReport, by sender: NodeID, after reports: [BoundaryReport]
  ) -> String? {
    let earlier = reports.count { ($0.stage, $0.worker) == (report.stage, report.worker) }
    let owners = plan.taskSchedule.owners(of: report.stage)
    guard plan.stepCounts.indices.contains(report.stage),
      report.worker.map(owners.contains) ?? true, (0...earlier).contains(report.occurrence),
      report.occurrence <= stepSum
    else { return "\(sender) consolidated a stage that this run does not have" }
    guard report.before.isPossible(ofAtMost: plan.parameterCount),
      report.after.isPossible(ofAtMost: plan.parameterCount),
      report.importanceSums.count <= plan.parameterCount, report.ledger.count == 1,
      report.ledger.allSatisfy({
        $0.stage == report.stage && $0.exampleCount >= 0
          && (0...PlanLimits.byteCount).contains($0.byteCount)
      })
    else { return "\(sender) consolidated what is no part of this model" }
    return nil
  }

  private func flaw(of report: CutReport, by sender: NodeID) -> String? {
    switch report {
    case .holding(_, let version):
      // As many settle the weights as push.
      return sender.kind == .worker && version <= 4 * UInt64(clamping: stepSum) + 4_096
        ? nil : "\(sender) holds weights that this run has not"
    case .captured: return sender.kind == .server ? nil : "\(sender) captures no cut"
    case .written(let entry, _):
      return entry.node == sender && (0...Self.byteCount).contains(entry.byteCount)
        && entry.checksum.utf8.count <= Self.wordCount && Self.seconds.contains(entry.seconds)
        ? nil : "\(sender) has written what is no part of a cut"
    case .failed(_, let reason):
      return reason.utf8.count <= Self.wordCount ? nil : "\(sender) gives no reason for a cut"
    case .still: return nil
    }
  }

  private func flaw(of summary: NodeSummary, by sender: NodeID) -> String? {
    let isServer = sender.kind == .server
    let pushes = isServer ? stepSum : steps[sender.rank]
    let seconds = [
      summary.busySeconds, summary.idleSeconds, summary.phases.train,
      summary.phases.importance, summary.phases.evaluate, summary.phases.wait,
    ]
    let messages = 0...PlanLimits.messageCount
    guard (0...pushes).contains(summary.stepCount),
      summary.examples.isPossible,
      messages.contains(summary.duplicateCount), messages.contains(summary.lateCount),
      seconds.allSatisfy(PlanLimits.seconds.contains),
      summary.stalenessCounts.count <= NodeSummary.stalenessMaximum + 1,
      summary.stalenessCounts.allSatisfy((0...pushes).contains),
      (0...pushes).contains(summary.projection.stepCount),
      (0...summary.projection.stepCount).contains(summary.projection.projectedCount),
      (0...180 * Double(pushes)).contains(summary.projection.angleSum),
      (0...PlanLimits.byteCount).contains(summary.keptByteCount),
      summary.activity.count <= plan.stepCounts.count,
      summary.activity.allSatisfy({ $0.isPossible(ofStages: plan.stepCounts.count) })
    else { return "\(sender) takes leave with work that is not of this run" }
    guard summary.refusals.count <= [Refusal].reasonCountMaximum,
      summary.refusals.allSatisfy({
        messages.contains($0.count) && $0.reason.utf8.count <= PlanLimits.wordCount
      })
    else { return "\(sender) takes leave with refusals that cannot be" }
    let stages = plan.stepCounts.indices
    guard summary.traffic.isPossible(at: isServer ? sender : nil, plan.workerCount, stages) else {
      return "\(sender) takes leave with a ledger that is not of this run"
    }
    return nil
  }
}

extension PenaltyDiagnostics {
  fileprivate func isPossible(ofAtMost parameterCount: Int) -> Bool {
    histogram.count == Self.binCount && histogram.allSatisfy((0...parameterCount).contains)
      && (0...parameterCount).contains(divergingCount)
  }
}

extension TrafficReport {
  /// Whether a server can have counted this.
  ///
  /// - Parameter server: `nil` for a node that counts nothing.
  fileprivate func isPossible(
    at server: NodeID?, _ workerCount: Int, _ stages: Range<Int>
  ) -> Bool {
    guard let server else { return lines.isEmpty && series.binCount == 0 }
    var bytesLeft = PlanLimits.byteCount
    var messagesLeft = PlanLimits.messageCount
    for line in lines {
      let peer = line.from == server ? line.to : line.from
      guard line.from == server || line.to == server,
        peer == .stranger || peer.kind == .worker && (0..<workerCount).contains(peer.rank),
        line.kind.belongsToStage == (line.stage != nil),
        line.stage.map(stages.contains) ?? true,
        (0...bytesLeft).contains(line.framedByteCount),
        (0...line.framedByteCount).contains(line.payloadByteCount),
        (0...messagesLeft).contains(line.messageCount),
        (0...8 * Double(line.framedByteCount)).contains(line.boundBits)
      else { return false }
      bytesLeft -= line.framedByteCount
      messagesLeft -= line.messageCount
    }
    return series.isPossible
  }
}

extension TrafficSeries {
  fileprivate var isPossible: Bool {
    guard byKind.count == TrafficLine.Kind.allCases.count, (1...1 << 40).contains(width),
      width.nonzeroBitCount == 1
    else { return false }
    var bytesLeft = PlanLimits.byteCount
    for bins in byKind {
      guard bins.count <= Self.binCountMaximum else { return false }
      for byteCount in bins {
        guard (0...bytesLeft).contains(byteCount) else { return false }
        bytesLeft -= byteCount
      }
    }
    return true
  }
}
