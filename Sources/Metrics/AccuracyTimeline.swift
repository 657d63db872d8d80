/// Accuracies of all tasks as they were measured in the course of a run, and which tasks nodes
/// had finished by then.
///
/// Where nodes learn tasks in different orders there is no "after the i-th task" for all. A task
/// counts as learned when the last node that has it has finished it; the rows of the matrix follow
/// the order in which that happened, and so do its columns when figures are derived.
///
/// The matrix and what follows from it are of boundaries alone. ``anytimeAccuracy`` and
/// ``minimumAccuracy`` are figures of the whole curve: measurements between boundaries make them
/// finer, as their definitions ask for.
public struct AccuracyTimeline: Sendable, Hashable {
  /// One measurement.
  public struct Entry: Sendable, Hashable {
    /// One fraction a task, `nil` where not evaluated.
    public let accuracies: [Double?]
    /// Tasks that some node finished at this measurement; a task is named once by each of its
    /// nodes.
    public let finished: [Int]

    /// - Parameters:
    ///   - accuracies: Of every task, 0…1; `nil` where it was not measured.
    ///   - finished: Tasks that some node finished at this measurement.
    public init(accuracies: [Double?], finished: [Int]) {
      self.accuracies = accuracies
      self.finished = finished
    }
  }

  /// In the order of measurement; the first is of the untrained network.
  public let entries: [Entry]
  /// By task: how many nodes have it.
  private let ownerCounts: [Int]

  /// - Parameters:
  ///   - entries: In the order of measurement.
  ///   - ownerCounts: By task: how many nodes have it, ≥ 1.
  public init(entries: [Entry], ownerCounts: [Int]) {
    self.entries = entries
    self.ownerCounts = ownerCounts
  }

  /// By task: the entry at which its last node finished it; `nil` if that has not happened.
  public var completions: [Int?] {
    var left = ownerCounts
    var completions = [Int?](repeating: nil, count: left.count)
    for (index, entry) in entries.enumerated() {
      for task in entry.finished {
        left[task] -= 1
        if left[task] == 0 { completions[task] = index }
      }
    }
    return completions
  }

  /// The tasks that were completed, in the order in which they were; of those completed at once the
  /// lower number first.
  public var completionOrder: [Int] {
    let completions = completions
    return completions.indices.filter { completions[$0] != nil }
      .sorted { (completions[$0]!, $0) < (completions[$1]!, $1) }
  }

  /// Row i is the measurement at which the i-th task was completed; columns by task.
  public var matrix: AccuracyMatrix {
    var matrix = AccuracyMatrix(taskCount: ownerCounts.count)
    if let first = entries.first { matrix.set(row: 0, to: first.accuracies) }
    let completions = completions
    for (place, task) in completionOrder.enumerated() {
      if let entry = completions[task] {
        matrix.set(row: place + 1, to: entries[entry].accuracies)
      }
    }
    return matrix
  }

  /// The matrix with its columns in the order of completion: the one whose diagonal is the accuracy
  /// on a task just learned. `nil` unless all tasks were completed.
  public var orderedMatrix: AccuracyMatrix? {
    let order = completionOrder
    guard order.count == ownerCounts.count else { return nil }
    return AccuracyMatrix(rows: matrix.rows.map { row in order.map { row[$0] } })
  }

  /// The mean, over all measurements since the first task was finished somewhere, of the mean
  /// accuracy on the tasks finished somewhere by then.
  ///
  /// - Source: average anytime accuracy, Caccia et al. 2022, §4, with tasks in place of examples.
  public var anytimeAccuracy: Double? {
    var isSeen = ownerCounts.map { _ in false }
    var means: [Double] = []
    for entry in entries {
      for task in entry.finished { isSeen[task] = true }
      let values = isSeen.indices.filter { isSeen[$0] }.map { entry.accuracies[$0] }
      guard !values.isEmpty else { continue }
      let known = values.compactMap { $0 }
      guard known.count == values.count else { return nil }
      means.append(known.reduce(0, +) / Double(known.count))
    }
    return means.isEmpty ? nil : means.reduce(0, +) / Double(means.count)
  }

  /// The mean over tasks of the lowest accuracy at any measurement after the task was completed;
  /// tasks that were completed with the last measurement are left out. Far below the final accuracy
  /// it tells of a stability gap.
  ///
  /// - Source: min-ACC, De Lange, van de Ven & Tuytelaars 2023, eq. 2.
  public var minimumAccuracy: Double? {
    let minima = completions.enumerated().compactMap { task, completion -> Double? in
      guard let completion else { return nil }
      return entries[(completion + 1)...].compactMap { $0.accuracies[task] }.min()
    }
    return minima.isEmpty ? nil : minima.reduce(0, +) / Double(minima.count)
  }
}
