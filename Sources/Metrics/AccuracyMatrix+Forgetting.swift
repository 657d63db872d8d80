extension AccuracyMatrix {
  /// How far the accuracy on each earlier task has fallen from the best it was since the task was
  /// learned: one value for each task but the last.
  ///
  ///     f_i = max_{i ≤ l < T} R[l, i] − R[T, i]
  ///
  /// In `-1...1`, negative where the last task helped; `nil` where a cell is missing.
  public var forgettingByTask: [Double?] {
    earlierTasks.map { forgetting(on: $0, from: $0 + 1) }
  }

  /// The mean of ``forgettingByTask``; `nil` for fewer than two tasks.
  ///
  ///     F = 1/(T−1) · Σ_{i<T} f_i
  public var forgetting: Double? {
    mean(over: taskCount - 1, of: earlierTasks) { forgetting(on: $0, from: $0 + 1) }
  }

  /// Forgetting where the best may also have been reached before the task was learned.
  ///
  ///     F = 1/(T−1) · Σ_{i<T} (max_{1 ≤ l < T} R[l, i] − R[T, i])
  ///
  /// Needs the cells above the diagonal too; never less than ``forgetting``. `nil` for fewer than
  /// two tasks.
  ///
  /// - Source: Chaudhry et al. 2018, §3.
  public var forgettingFromAnyEarlierRow: Double? {
    mean(over: taskCount - 1, of: earlierTasks) { forgetting(on: $0, from: 1) }
  }

  /// The best of rows `first..<taskCount` minus the last row. `first < taskCount`.
  private func forgetting(on column: Int, from first: Int) -> Double? {
    var best = -Double.infinity
    for row in first..<taskCount {
      guard let accuracy = self[afterTask: row, on: column] else { return nil }
      best = max(best, accuracy)
    }
    return difference(best, final(on: column))
  }
}
