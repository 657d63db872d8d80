extension AccuracyMatrix {
  /// How good the performer is on the last task, all that counts where it may forget the others.
  ///
  ///     R[T, T]
  ///
  /// `nil` without tasks.
  public var lastTaskAccuracy: Double? { taskCount > 0 ? learned(on: taskCount - 1) : nil }

  /// How much better the last task is learned after the others than by a fresh model.
  ///
  ///     R[T, T] − I[T, T]
  ///
  /// In `-1...1`; `nil` when the runs have different tasks, or none.
  ///
  /// - Parameter fresh: I, the matrix of a run with a model for every task.
  public func lastTaskGain(over fresh: AccuracyMatrix) -> Double? {
    guard fresh.taskCount == taskCount else { return nil }
    return difference(lastTaskAccuracy, fresh.lastTaskAccuracy)
  }

  /// How much better tasks are learned one after another than by fresh models.
  ///
  ///     1/T · Σ_i (R[i, i] − I[i, i])
  ///
  /// In `-1...1`; `nil` when the runs have different tasks, or none.
  ///
  /// - Parameter fresh: I, the matrix of a run with a model for every task.
  public func learningGain(over fresh: AccuracyMatrix) -> Double? {
    guard fresh.taskCount == taskCount else { return nil }
    return mean(over: taskCount, of: 0..<taskCount) {
      difference(learned(on: $0), fresh.learned(on: $0))
    }
  }
}
