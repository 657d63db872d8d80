/// Who was given what: examples by node, task and class, and how unevenly.
public struct PlacementTable: Sendable, Hashable {
  /// `counts[node][task][class]`.
  public let counts: [[[Int]]]

  /// Counts the placed examples of all stages.
  ///
  /// - Parameter placed: By stage, by node.
  public init(_ placed: [[[Example]]], stream: TaskStream) {
    let nodeCount = placed.first?.count ?? 0
    var counts = Array(
      repeating: Array(
        repeating: Array(repeating: 0, count: stream.data.classCount), count: stream.tasks.count),
      count: nodeCount)
    for stage in placed {
      for (node, examples) in stage.enumerated() {
        for example in examples {
          counts[node][example.task][Int(stream.data.train.labels[example.index])] += 1
        }
      }
    }
    self.counts = counts
  }

  /// Mean over nodes of the total-variation distance between the node's label law and the global one:
  /// 0 when all nodes see the same mix, near 1 when each has classes of its own.
  public var spatialSkew: Double {
    let laws = counts.map { tasks in
      tasks.reduce(Array(repeating: 0, count: tasks.first?.count ?? 0)) { sum, row in
        zip(sum, row).map { $0 + $1 }
      }
    }
    let global = laws.reduce(Array(repeating: 0, count: laws.first?.count ?? 0)) { sum, law in
      zip(sum, law).map { $0 + $1 }
    }
    let total = Double(max(1, global.reduce(0, +)))
    let distances = laws.map { law in
      let own = Double(max(1, law.reduce(0, +)))
      return zip(law, global).reduce(0) {
        $0 + (Double($1.0) / own - Double($1.1) / total).magnitude
      } / 2
    }
    return distances.isEmpty ? 0 : distances.reduce(0, +) / Double(distances.count)
  }
}
