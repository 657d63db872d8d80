import Tensors

/// Which examples of one part of a data set belong to a task.
struct TaskSubsets: Sendable {
  enum Part: Sendable {
    case train, test
  }

  let part: any Examples
  /// What the data set calls its classes, for messages.
  let names: [String]
  let kind: Part
  /// Examples a task, drawn by seed; `nil`: all.
  let limit: Int?
  let seed: UInt64
  /// Classes of which no example belongs to a task.
  var without: Set<Int> = []

  /// Examples of the task's classes, ascending.
  ///
  /// A smaller limit gives a subset of a larger one's examples. Tasks draw independently of each
  /// other.
  ///
  /// - Parameters:
  ///   - section: The section that they are in; `nil` for any.
  ///   - twin: All examples of a task with equal classes and section, if they are at hand; used
  ///     only where there is no limit.
  /// - Throws: ``DataError`` when there are none, or fewer than the limit.
  func indices(
    of task: Int, _ name: String, _ classes: [Int], section: Int? = nil, like twin: [Int]?
  ) throws(DataError) -> [Int] {
    if limit == nil, let twin { return twin }
    var isMember = [Bool](repeating: false, count: names.count)
    for label in classes where !without.contains(label) { isMember[label] = true }
    let sections = part.sections
    let all = part.labels.indices.filter { index in
      isMember[Int(part.labels[index])] && (section == nil || Int(sections[index]) == section)
    }
    let words = kind == .train ? "training" : "test"
    guard !all.isEmpty else {
      if classes.allSatisfy(without.contains) {
        throw DataError(
          "task \(task + 1) (\(name)) is left without an example by data.training-without; train "
            + "some of its classes")
      }
      if let section {
        throw DataError(
          "task \(task + 1) (\(name)) has no \(words) example in section \(section); leave it out "
            + "of stream.sections")
      }
      throw DataError(
        "task \(task + 1) (\(name)) has no \(words) example of its classes "
          + "\(classes.map { names[$0] }.joined(separator: ", ")); leave them out of "
          + "stream.classes")
    }
    guard let limit else { return all }
    guard limit <= all.count else {
      let key = kind == .train ? "stream.examples-per-task" : "stream.test-examples-per-task"
      throw DataError(
        "task \(task + 1) (\(name)) has \(all.count) \(words) examples but \(key) is \(limit); "
          + "lower it or write all")
    }
    guard limit < all.count else { return all }
    var random = RandomStream(
      seed: seed, purpose: .subset, node: task, step: kind == .train ? 0 : 1)
    return random.permutation(of: all.count).prefix(limit).sorted().map { all[$0] }
  }
}
