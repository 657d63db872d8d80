import Metrics

/// A row of accuracies whose parts are still coming in from the workers.
struct PendingRow: Sendable {
  let step: Int
  private(set) var tally: EvaluationTally

  /// - Parameters:
  ///   - row: Row of the matrix, `nil` for a sample.
  ///   - step: Steps taken before the measurement.
  init(row: Int?, version: UInt64, step: Int, columns: [Int], workerCount: Int) {
    self.step = step
    tally = EvaluationTally(
      version: version, row: row, columns: columns, workerCount: workerCount)
  }

  /// Enters a worker's part. Returns a sentence if it does not fit.
  mutating func enter(
    worker: Int, version: UInt64, columns: [Int], correct: [Int], totals: [Int]
  ) -> String? {
    guard columns == tally.columns else {
      return "worker \(worker) reported accuracies of other tasks than it was asked for"
    }
    do {
      try tally.enter(worker: worker, version: version, correct: correct, totals: totals)
      return nil
    } catch {
      return error.description
    }
  }
}
