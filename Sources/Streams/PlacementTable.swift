/// Who was given what: how many training examples of each class in each task a node has.
public struct PlacementTable: Sendable, Hashable {
  /// `counts[node][class][task]`: an example counts for the task whose view of it is shown.
  public let counts: [[[Int]]]
  /// `byStage[node][stage][class]`: the same examples by when they are trained. Task and stage
  /// differ where boundaries are blurry or all tasks are trained as one.
  public let byStage: [[[Int]]]

  /// Counts the placed examples of all stages.
  ///
  /// - Parameter placed: By stage, by node.
  public init(_ placed: [[[Example]]], stream: TaskStream) {
    func zeros(_ nodes: Int, _ rows: Int, _ columns: Int) -> [[[Int]]] {
      let row = Array(repeating: 0, count: columns)
      return Array(repeating: Array(repeating: row, count: rows), count: nodes)
    }
    let nodeCount = placed.map(\.count).max() ?? 0
    let classCount = stream.data.classCount
    var counts = zeros(nodeCount, classCount, stream.tasks.count)
    var byStage = zeros(nodeCount, placed.count, classCount)
    for (stage, nodes) in placed.enumerated() {
      for (node, examples) in nodes.enumerated() {
        for example in examples {
          let label = stream.data.train.label(example.index)
          counts[node][label][example.task] += 1
          byStage[node][stage][label] += 1
        }
      }
    }
    self.counts = counts
    self.byStage = byStage
  }
}
