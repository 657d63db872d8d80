/// Counts right answers per task while they come in from the workers, each of which has tested the
/// same weights on its own part of the test examples. Complete when every worker has reported once.
public struct EvaluationTally: Sendable, Hashable {
  /// The one version of the weights that is tested.
  public let version: UInt64
  /// Row of the matrix R this becomes; `nil` for a sample between boundaries.
  public let row: Int?
  /// The tasks that are tested, in the order of every report.
  public let columns: [Int]
  /// By rank; `nil` until the worker has reported.
  private var reports: [Report?]
  private var missingCount: Int

  private struct Report: Sendable, Hashable {
    let correct: [Int]
    let totals: [Int]
  }

  /// - Parameters:
  ///   - columns: The tasks that are tested, each once.
  ///   - workerCount: Workers that will report, ≥ 1.
  public init(version: UInt64, row: Int?, columns: [Int], workerCount: Int) {
    precondition(workerCount >= 1, "somebody must report")
    precondition(Set(columns).count == columns.count, "a task is tested once")
    self.version = version
    self.row = row
    self.columns = columns
    reports = Array(repeating: nil, count: workerCount)
    missingCount = workerCount
  }

  /// Enters a worker's counts.
  ///
  /// - Parameters:
  ///   - worker: Its rank.
  ///   - version: The version of the weights it tested.
  ///   - correct: Right answers per column.
  ///   - totals: Examples per column; 0 where the worker has none.
  /// - Throws: If the report does not fit, and then nothing has changed.
  public mutating func enter(
    worker: Int, version: UInt64, correct: [Int], totals: [Int]
  ) throws(EvaluationTallyError) {
    guard reports.indices.contains(worker) else {
      throw .unknownWorker(worker, workerCount: reports.count)
    }
    guard version == self.version else {
      throw .wrongVersion(worker: worker, expected: self.version, got: version)
    }
    guard correct.count == columns.count, totals.count == columns.count,
      zip(correct, totals).allSatisfy({ $0 >= 0 && $0 <= $1 })
    else { throw .impossibleCounts(worker: worker, columnCount: columns.count) }
    guard reports[worker] == nil else { throw .repeated(worker: worker) }
    reports[worker] = Report(correct: correct, totals: totals)
    missingCount -= 1
  }

  /// Whether every worker has reported.
  public var isComplete: Bool { missingCount == 0 }

  /// Ranks of the workers that have not reported yet.
  public var missingWorkers: [Int] { reports.indices.filter { reports[$0] == nil } }

  /// Fractions over the examples of all workers together, one per task of the experiment; `nil` for
  /// tasks without examples. The whole is `nil` until complete.
  public func accuracies(taskCount: Int) -> [Double?]? {
    isComplete ? fractions(of: reports, taskCount: taskCount) : nil
  }

  /// Accuracies on one worker's own part, by task, 0…1; `nil` until it has reported.
  public func accuracies(ofWorker worker: Int, taskCount: Int) -> [Double?]? {
    reports[worker] == nil ? nil : fractions(of: [reports[worker]], taskCount: taskCount)
  }

  /// Right answers and examples of all workers together, by column; `nil` until complete.
  public var counts: [(correct: Int, total: Int)]? {
    guard isComplete else { return nil }
    return columns.indices.map { index in
      reports.reduce((0, 0)) {
        ($0.0 + ($1?.correct[index] ?? 0), $0.1 + ($1?.totals[index] ?? 0))
      }
    }
  }

  private func fractions(of reports: [Report?], taskCount: Int) -> [Double?] {
    var row = [Double?](repeating: nil, count: taskCount)
    for (index, column) in columns.enumerated() {
      let correct = reports.reduce(0) { $0 + ($1?.correct[index] ?? 0) }
      let total = reports.reduce(0) { $0 + ($1?.totals[index] ?? 0) }
      row[column] = total > 0 ? Double(correct) / Double(total) : nil
    }
    return row
  }
}

/// Why a worker's report of accuracies was refused.
public enum EvaluationTallyError: Error, Sendable, Hashable, CustomStringConvertible {
  case unknownWorker(Int, workerCount: Int)
  case wrongVersion(worker: Int, expected: UInt64, got: UInt64)
  case impossibleCounts(worker: Int, columnCount: Int)
  case repeated(worker: Int)

  public var description: String {
    switch self {
    case .unknownWorker(let worker, let count):
      "accuracies came from worker \(worker), but the ranks end at \(count - 1): start the worker "
        + "with a rank of this run"
    case .wrongVersion(let worker, let expected, let got):
      "worker \(worker) reported accuracies of version \(got) where version \(expected) was asked "
        + "for: it must test the weights it was given"
    case .impossibleCounts(let worker, let count):
      "worker \(worker) must report, for each of \(count) tasks, right answers between 0 and the "
        + "number of its test examples"
    case .repeated(let worker):
      "worker \(worker) reported its accuracies twice: only the first report counts"
    }
  }
}
