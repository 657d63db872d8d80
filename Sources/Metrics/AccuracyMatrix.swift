/// The matrix R of accuracies: row i is measured after task i, row 0 before any; column j is task j.
///
/// All figures are fractions in 0…1 (differences in −1…1) and `nil` when a cell they need is missing.
public struct AccuracyMatrix: Sendable, Hashable {
  /// T + 1 rows of T columns; `nil` where not evaluated.
  public private(set) var rows: [[Double?]]

  /// An empty matrix for `taskCount` ≥ 1 tasks.
  public init(taskCount: Int) {
    precondition(taskCount >= 1, "there is at least one task")
    rows = Array(repeating: Array(repeating: nil, count: taskCount), count: taskCount + 1)
  }

  /// T.
  public var taskCount: Int { rows[0].count }

  /// Accuracy on task `column` (0-based) after `row` tasks (0: untrained).
  public subscript(afterTask row: Int, on column: Int) -> Double? {
    get { rows[row][column] }
    set { rows[row][column] = newValue }
  }

  /// Sets a whole row.
  public mutating func set(row: Int, to accuracies: [Double?]) {
    precondition(accuracies.count == taskCount, "a row has a cell for every task")
    rows[row] = accuracies
  }

  private func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    guard !values.isEmpty, known.count == values.count else { return nil }
    return known.reduce(0, +) / Double(known.count)
  }

  /// ACC: the mean of the last row. Source: Lopez-Paz & Ranzato 2017, §2.
  public var accuracy: Double? { mean(rows[taskCount]) }

  /// Learning accuracy: the mean of the diagonal, each task right after it was trained.
  /// Source: Riemer et al. 2019, §5.
  public var learningAccuracy: Double? { mean((0..<taskCount).map { rows[$0 + 1][$0] }) }

  /// BWT = 1/(T−1) Σ_{i<T} (R[T,i] − R[i,i]). Negative when the learner forgets; `nil` for one task.
  /// Source: Lopez-Paz & Ranzato 2017, §2.
  public var backwardTransfer: Double? {
    mean(
      (0..<taskCount - 1).map { task in
        difference(rows[taskCount][task], rows[task + 1][task])
      })
  }

  /// The same sum divided by T, as the published code of GEM has it.
  public var backwardTransferOverT: Double? {
    backwardTransfer.map { $0 * Double(taskCount - 1) / Double(taskCount) }
  }

  /// FWT = 1/(T−1) Σ_{i>1} (R[i−1,i] − R[0,i]); `nil` for one task.
  /// Source: Lopez-Paz & Ranzato 2017, §2, with the untrained network itself as reference.
  public var forwardTransfer: Double? {
    mean((1..<max(taskCount, 1)).map { task in difference(rows[task][task], rows[0][task]) })
  }

  /// How much was forgotten of each task but the last: best accuracy in rows i…T−1 minus the last.
  public var forgettingByTask: [Double?] {
    (0..<taskCount - 1).map { task in
      let earlier = (task + 1..<taskCount).map { rows[$0][task] }
      guard let last = rows[taskCount][task], earlier.allSatisfy({ $0 != nil }),
        let best = earlier.compactMap({ $0 }).max()
      else { return nil }
      return best - last
    }
  }

  /// Mean of ``forgettingByTask``; `nil` for one task. Source: Chaudhry et al. 2018, §3.
  public var forgetting: Double? { mean(forgettingByTask) }

  /// Mean over tasks of (accuracy of joint training on task i − R[i,i]): how much the learner failed to
  /// learn. Source: Chaudhry et al. 2018, §3.
  public func intransigence(joint: AccuracyMatrix) -> Double? {
    precondition(joint.taskCount == taskCount, "both matrices are of the same stream")
    return mean(
      (0..<taskCount).map { task in difference(joint.rows[taskCount][task], rows[task + 1][task]) })
  }

  private func difference(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right else { return nil }
    return left - right
  }
}
