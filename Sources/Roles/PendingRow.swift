/// A row of accuracies whose parts are still coming in from the workers.
struct PendingRow: Sendable {
  /// Row of the matrix, `nil` for a sample.
  let row: Int?
  let version: UInt64
  let step: Int
  let columns: [Int]
  private var correct: [[Int]?]
  private var totals: [[Int]?]

  init(row: Int?, version: UInt64, step: Int, columns: [Int], workerCount: Int) {
    self.row = row
    self.version = version
    self.step = step
    self.columns = columns
    correct = Array(repeating: nil, count: workerCount)
    totals = Array(repeating: nil, count: workerCount)
  }

  /// Enters a worker's part. Returns a sentence if it does not fit.
  mutating func enter(
    worker: Int, columns: [Int], correct: [Int], totals: [Int]
  ) -> String? {
    guard columns == self.columns, correct.count == columns.count, totals.count == columns.count,
      zip(correct, totals).allSatisfy({ $0 >= 0 && $0 <= $1 })
    else { return "worker \(worker) reported accuracies of other tasks than it was asked for" }
    guard self.correct[worker] == nil else {
      return "worker \(worker) reported the same accuracies twice"
    }
    self.correct[worker] = correct
    self.totals[worker] = totals
    return nil
  }

  var isComplete: Bool { correct.allSatisfy { $0 != nil } }

  /// Fractions per task over all workers together, `nil` where nothing was evaluated.
  func accuracies(taskCount: Int) -> [Double?] {
    fractions(taskCount, of: correct.indices.map { $0 })
  }

  /// The same for each worker's own part.
  func byWorker(taskCount: Int) -> [[Double?]] {
    correct.indices.map { fractions(taskCount, of: [$0]) }
  }

  private func fractions(_ taskCount: Int, of workers: [Int]) -> [Double?] {
    var row = [Double?](repeating: nil, count: taskCount)
    for (index, column) in columns.enumerated() {
      let right = workers.reduce(0) { $0 + (correct[$1]?[index] ?? 0) }
      let all = workers.reduce(0) { $0 + (totals[$1]?[index] ?? 0) }
      row[column] = all > 0 ? Double(right) / Double(all) : nil
    }
    return row
  }
}
