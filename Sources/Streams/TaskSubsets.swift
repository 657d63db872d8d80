import Tensors

/// Which images of one part of a data set belong to a task.
struct TaskSubsets: Sendable {
  enum Part: Sendable {
    case train, test
  }

  let images: ImageSet
  /// What the data set calls its classes, for messages.
  let labels: [Int]
  let part: Part
  /// Images a task, drawn by seed; `nil`: all.
  let limit: Int?
  let seed: UInt64

  /// Images of the task's classes, ascending.
  ///
  /// A smaller limit gives a subset of a larger one's images. Tasks draw independently of each
  /// other.
  ///
  /// - Parameter twin: All images of a task with equal classes, if they are at hand; used only
  ///   where there is no limit.
  /// - Throws: ``DataError`` when there are none, or fewer than the limit.
  func indices(
    of task: Int, _ name: String, _ classes: [Int], like twin: [Int]?
  ) throws(DataError) -> [Int] {
    if limit == nil, let twin { return twin }
    var isMember = [Bool](repeating: false, count: 256)
    for label in classes { isMember[label] = true }
    let all = images.labels.indices.filter { isMember[Int(images.labels[$0])] }
    let kind = part == .train ? "training" : "test"
    guard !all.isEmpty else {
      throw DataError(
        "task \(task + 1) (\(name)) has no \(kind) image of its classes "
          + "\(classes.map { labels[$0] }); leave them out of stream.classes")
    }
    guard let limit else { return all }
    guard limit <= all.count else {
      let key = part == .train ? "stream.examples-per-task" : "stream.test-examples-per-task"
      throw DataError(
        "task \(task + 1) (\(name)) has \(all.count) \(kind) images but \(key) is \(limit); lower "
          + "it or write all")
    }
    guard limit < all.count else { return all }
    var random = RandomStream(
      seed: seed, purpose: .subset, node: task, step: part == .train ? 0 : 1)
    return random.permutation(of: all.count).prefix(limit).sorted().map { all[$0] }
  }
}
