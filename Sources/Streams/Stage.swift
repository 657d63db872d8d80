/// A training example of a stream, as one task shows it.
public struct Example: Sendable, Hashable {
  /// 0-based task.
  public let task: Int
  /// Index of the example in the training part of the data set.
  public let index: Int
}

/// What is trained between two boundaries: usually one task, for joint training all of them.
public struct Stage: Sendable {
  /// 0-based tasks that it stands for. Where boundaries are blurry it has examples of others too.
  public let tasks: [Int]
  public let examples: [Example]

  /// Its tasks and its examples as they are.
  public init(tasks: [Int], examples: [Example]) {
    self.tasks = tasks
    self.examples = examples
  }
}

extension TaskStream {
  /// One stage a task, or all tasks in one.
  public func stages(joint: Bool) -> [Stage] {
    let single = tasks.indices.map { task in
      Stage(
        tasks: [task],
        examples: tasks[task].trainIndices.map { Example(task: task, index: $0) })
    }
    return joint
      ? [Stage(tasks: Array(tasks.indices), examples: single.flatMap(\.examples))] : single
  }
}
