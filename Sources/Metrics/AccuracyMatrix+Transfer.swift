extension AccuracyMatrix {
  /// How good the performer is at the end on everything it was taught.
  ///
  ///     ACC = 1/T · Σ_i R[T, i]
  ///
  /// - Source: Lopez-Paz & Ranzato 2017, §2.
  public var averageAccuracy: Double? {
    mean(over: taskCount, of: 0..<taskCount) { final(on: $0) }
  }

  /// ``averageAccuracy``, under the name it has in a result.
  public var accuracy: Double? { averageAccuracy }

  /// How good the performer is on each task just after learning it.
  ///
  ///     learning accuracy = 1/T · Σ_i R[i, i]
  ///
  /// - Source: Riemer et al. 2019 (meta-experience replay).
  public var learningAccuracy: Double? {
    mean(over: taskCount, of: 0..<taskCount) { learned(on: $0) }
  }

  /// How much learning later tasks changed the accuracy on earlier ones.
  ///
  ///     BWT = 1/(T−1) · Σ_{i<T} (R[T, i] − R[i, i])
  ///
  /// A fraction in `-1...1`, negative when the performer forgets; `nil` for fewer than two tasks.
  ///
  /// - Source: Lopez-Paz & Ranzato 2017, §2, eq. 3.
  public var backwardTransfer: Double? {
    mean(over: taskCount - 1, of: earlierTasks) { difference(final(on: $0), learned(on: $0)) }
  }

  /// Backward transfer as the code published with the paper computes it: the same sum divided by T.
  ///
  ///     1/T · Σ_{i<T} (R[T, i] − R[i, i])
  ///
  /// Only to compare with numbers of others; `nil` for fewer than two tasks.
  public var backwardTransferOverT: Double? {
    mean(over: taskCount, of: earlierTasks) { difference(final(on: $0), learned(on: $0)) }
  }

  /// How much earlier tasks helped on a task before it was learned, against the untrained network.
  ///
  ///     FWT = 1/(T−1) · Σ_{i>1} (R[i−1, i] − R[0, i])
  ///
  /// A fraction in `-1...1`; `nil` for fewer than two tasks.
  ///
  /// - Source: Lopez-Paz & Ranzato 2017, §2, eq. 4.
  public var forwardTransfer: Double? {
    mean(over: taskCount - 1, of: laterTasks) { head(on: $0) }
  }

  /// Forward transfer as the code published with the paper computes it: the same sum divided by T.
  ///
  ///     1/T · Σ_{i>1} (R[i−1, i] − R[0, i])
  ///
  /// Only to compare with numbers of others; `nil` for fewer than two tasks.
  public var forwardTransferOverT: Double? {
    mean(over: taskCount, of: laterTasks) { head(on: $0) }
  }

  /// How much worse the performer is on a new task than one that sees all tasks at once.
  ///
  ///     intransigence = 1/T · Σ_i (J[T, i] − R[i, i])
  ///
  /// J is the matrix of the joint run and only its last row counts; a joint run of one stage enters
  /// its accuracies there. In `-1...1`, large when the performer cannot learn; `nil` when the runs
  /// have different tasks.
  ///
  /// - Source: Chaudhry et al. 2018, §3, where J is trained on the tasks up to i only, and the
  ///   value of the last task is reported; this is the mean over tasks against one joint run.
  public func intransigence(joint: AccuracyMatrix) -> Double? {
    guard joint.taskCount == taskCount else { return nil }
    return mean(over: taskCount, of: 0..<taskCount) {
      difference(joint.final(on: $0), learned(on: $0))
    }
  }

  /// All tasks but the last.
  var earlierTasks: Range<Int> { (0..<taskCount).dropLast() }
  /// All tasks but the first.
  private var laterTasks: Range<Int> { (0..<taskCount).dropFirst() }

  /// R[T, i].
  func final(on column: Int) -> Double? { self[afterTask: taskCount, on: column] }

  /// R[i, i].
  func learned(on column: Int) -> Double? { self[afterTask: column + 1, on: column] }

  /// R[i−1, i] − R[0, i].
  private func head(on column: Int) -> Double? {
    difference(self[afterTask: column, on: column], self[afterTask: 0, on: column])
  }

  func difference(_ first: Double?, _ second: Double?) -> Double? {
    guard let first, let second else { return nil }
    return first - second
  }

  /// 1/`denominator` · Σ over `columns`; `nil` without columns or if one of the values is missing.
  func mean(
    over denominator: Int, of columns: Range<Int>, _ value: (Int) -> Double?
  ) -> Double? {
    guard !columns.isEmpty else { return nil }
    var sum = 0.0
    for column in columns {
      guard let value = value(column) else { return nil }
      sum += value
    }
    return sum / Double(denominator)
  }
}
