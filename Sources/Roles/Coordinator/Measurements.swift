import Archives
import Tensors

/// The coordinator's measurements: those whose parts are still coming in from the workers, and
/// samples that not all servers keep yet.
struct Measurements: Sendable {
  private let plan: RunPlan
  private var rows: [PendingRow] = []
  private var count = 0
  private var samples: [(snapshot: Snapshot, versions: [UInt64?])] = []

  init(_ plan: RunPlan) { self.plan = plan }

  /// Whether all that was asked for is here.
  var areComplete: Bool { rows.isEmpty }

  /// Whether besides no server keeps a sample that others do not keep yet.
  var areAtRest: Bool { rows.isEmpty && samples.isEmpty }

  /// Asks for a row.
  ///
  /// - Parameters:
  ///   - versions: Of the weights, by server.
  ///   - step: Whole steps taken before.
  ///   - position: Of the stage whose importance the workers estimate, too, if any.
  ///   - fit: Of the readout.
  mutating func request(
    _ occasion: RunRecord.Row.Occasion, _ weights: WeightsRequest, _ versions: [UInt64], step: Int,
    importanceOfPosition position: Int? = nil, fit: [Float]? = nil
  ) -> MeasureRequest {
    let request = MeasureRequest(
      id: count, weights: weights, versions: versions, columns: columns(of: occasion, weights),
      importanceOfPosition: position, fit: fit)
    count += 1
    rows.append(
      PendingRow(
        request, occasion, step: step, classCounts: plan.classCounts,
        testExampleCounts: plan.testExampleCounts, workerCount: plan.workerCount))
    return request
  }

  /// Asks for no row, but for what the readout is fitted to.
  ///
  /// - Parameters:
  ///   - phase: After which it is.
  ///   - versions: Of the weights, by server.
  ///   - fit: Of the boundary before.
  mutating func statementRequest(
    after phase: Int, _ versions: [UInt64], fit: [Float]?
  ) -> MeasureRequest {
    defer { count += 1 }
    return MeasureRequest(
      id: count, weights: .atRest, versions: versions, columns: [], statementOfPhase: phase,
      fit: fit)
  }

  /// The tasks to test. Of independent models only the one in training has changed.
  private func columns(of occasion: RunRecord.Row.Occasion, _ weights: WeightsRequest) -> [Int] {
    switch (plan.method.startsAfresh, occasion, weights) {
    case (true, .boundary(let positions), _): [positions[0].stage]
    case (true, .sample, .kept(.sample(let phase, _))): [phase]
    default: Array(0..<plan.taskCount)
    }
  }

  /// A server keeps a sample.
  ///
  /// - Returns: Its version at every server, once all keep it.
  mutating func keep(_ snapshot: Snapshot, at rank: Int, version: UInt64) -> [UInt64]? {
    let index = samples.firstIndex { $0.snapshot == snapshot } ?? samples.count
    if index == samples.count {
      samples.append((snapshot, Array(repeating: nil, count: plan.serverCount)))
    }
    samples[index].versions[rank] = version
    let versions = samples[index].versions.compactMap { $0 }
    guard versions.count == plan.serverCount else { return nil }
    samples.remove(at: index)
    return versions
  }

  /// Enters a worker's part.
  ///
  /// - Parameter earlier: Rows measured before.
  /// - Returns: The row and what it was asked for with, once it is complete.
  mutating func enter(
    id: Int, from sender: NodeID, correct: [[Int]], totals: [[Int]], after earlier: [RunRecord.Row],
    at now: Instant
  ) throws(Objection) -> (row: RunRecord.Row, request: MeasureRequest)? {
    guard sender.kind == .worker, let index = rows.firstIndex(where: { $0.request.id == id }) else {
      throw .refusal("\(sender) measured what was not asked for")
    }
    if let problem = rows[index].enter(worker: sender.rank, correct: correct, totals: totals) {
      throw .refusal(problem)
    }
    guard rows[index].isComplete, var row = rows[index].row(at: now) else { return nil }
    let request = rows.remove(at: index).request
    if plan.method.startsAfresh { row = row.carryingOver(earlier, around: request.columns[0]) }
    return (row, request)
  }
}

extension RunRecord.Row {
  /// Of independent models the finished ones are as the last boundary left them. A look in between
  /// shows those to come as the untrained network; a boundary leaves them out.
  ///
  /// - Parameters:
  ///   - rows: Measured before this one.
  ///   - stage: Whose model is in training.
  fileprivate func carryingOver(_ rows: [RunRecord.Row], around stage: Int) -> RunRecord.Row {
    if occasion == .untrained { return self }
    // Never an earlier sample: what is reported does not depend on how often somebody looks.
    let boundary = rows.last { $0.occasion != .sample && $0.occasion != .untrained }
    let untrained = occasion == .sample ? rows.first { $0.occasion == .untrained } : nil
    func carried<Value>(_ own: [Value], _ values: KeyPath<RunRecord.Row, [Value]>) -> [Value] {
      own.indices.map { task in
        let source = task < stage ? boundary : task > stage ? untrained : nil
        return source?[keyPath: values][task] ?? own[task]
      }
    }
    return RunRecord.Row(
      occasion: occasion, step: step, versions: versions,
      accuracies: carried(accuracies, \.accuracies), byClass: carried(byClass, \.byClass),
      seconds: seconds)
  }
}

extension Measurements: Saved {
  /// At rest everything is measured.
  static let unsaved = ["plan", "rows", "samples"]

  func save(to archive: inout Archive) { archive.put("count", count) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    count = try reader.take("count")
  }
}
