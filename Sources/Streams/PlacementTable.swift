/// Who was given what: how many training examples of each class in each task a node has.
public struct PlacementTable: Sendable, Hashable {
  /// `counts[node][class][task]`.
  public let counts: [[[Int]]]

  /// Counts the placed examples of all stages.
  ///
  /// - Parameter placed: By stage, by node.
  public init(_ placed: [[[Example]]], stream: TaskStream) {
    let row = Array(repeating: 0, count: stream.tasks.count)
    let node = Array(repeating: row, count: stream.data.classCount)
    var counts = Array(repeating: node, count: placed.map(\.count).max() ?? 0)
    for stage in placed {
      for (node, examples) in stage.enumerated() {
        for example in examples {
          counts[node][Int(stream.data.train.labels[example.index])][example.task] += 1
        }
      }
    }
    self.counts = counts
  }
}
