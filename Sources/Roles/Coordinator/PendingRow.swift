import Metrics
import Tensors

/// A row of accuracies whose parts are still coming in from the workers.
struct PendingRow: Sendable {
  let request: MeasureRequest
  let occasion: RunRecord.Row.Occasion
  let step: Int
  private let classCounts: [Int]
  private let testExampleCounts: [Int]?
  private let workerCount: Int
  private var tally: EvaluationTally

  /// - Parameters:
  ///   - classCounts: By task of the stream.
  ///   - testExampleCounts: Likewise, where they are known.
  ///   - step: Whole steps taken before the measurement.
  init(
    _ request: MeasureRequest, _ occasion: RunRecord.Row.Occasion, step: Int,
    classCounts: [Int], testExampleCounts: [Int]?, workerCount: Int
  ) {
    self.request = request
    self.occasion = occasion
    self.step = step
    self.classCounts = classCounts
    self.testExampleCounts = testExampleCounts
    self.workerCount = workerCount
    let cells = request.columns.reduce(0) { $0 + classCounts[$1] }
    // Right answers are counted by class, so that a node's own mix of them can be weighed later.
    tally = EvaluationTally(
      version: UInt64(request.id), row: nil, columns: Array(0..<cells), workerCount: workerCount)
  }

  var isComplete: Bool { tally.isComplete }

  /// Enters a worker's part. Returns a sentence if it does not fit.
  mutating func enter(worker: Int, correct: [[Int]], totals: [[Int]]) -> String? {
    let wanted = request.columns.map { classCounts[$0] }
    guard correct.map(\.count) == wanted, totals.map(\.count) == wanted else {
      return "worker \(worker) reported accuracies of other tasks than it was asked for"
    }
    guard zip(request.columns, totals).allSatisfy({ isPart($1, of: $0, worker: worker) }) else {
      return "worker \(worker) tested other examples than its part of them"
    }
    do {
      try tally.enter(
        worker: worker, version: UInt64(request.id), correct: correct.flatMap { $0 },
        totals: totals.flatMap { $0 })
      return nil
    } catch {
      return error.description
    }
  }

  /// Whether a worker has tested as many examples of a task as are its part.
  private func isPart(_ totals: [Int], of column: Int, worker: Int) -> Bool {
    guard totals.allSatisfy((0...PlanLimits.messageCount).contains) else { return false }
    guard let testExampleCounts else { return true }
    let part = evenRange(worker, of: testExampleCounts[column], parts: workerCount)
    return totals.reduce(0, +) == part.count
  }

  /// The row, once it is complete.
  func row(at now: Instant) -> RunRecord.Row? {
    guard let counts = tally.counts else { return nil }
    var accuracies = [Double?](repeating: nil, count: classCounts.count)
    var byClass = classCounts.map { [Double?](repeating: nil, count: $0) }
    var rest = counts[...]
    for column in request.columns {
      let cells = Array(rest.prefix(classCounts[column]))
      rest = rest.dropFirst(cells.count)
      let (right, all) = cells.reduce((0, 0)) { ($0.0 + $1.correct, $0.1 + $1.total) }
      accuracies[column] = all > 0 ? Double(right) / Double(all) : nil
      byClass[column] = cells.map { $0.total > 0 ? Double($0.correct) / Double($0.total) : nil }
    }
    return RunRecord.Row(
      occasion: occasion, step: step, versions: request.versions, accuracies: accuracies,
      byClass: byClass, seconds: now.seconds)
  }
}
