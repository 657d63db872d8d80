import Tensors

extension Placement {
  static func placeEvenly(_ partition: Partition) throws(DataError) -> [[[Example]]] {
    try partition.byStage { (stage, owners) throws(DataError) in
      try splitEvenly(
        partition.stages[stage].examples, stage: stage, nodeCount: owners.count,
        seed: partition.seed)
    }
  }

  /// A random equal split of one stage among all nodes, as `iid` has it: none is lost, none is on
  /// two nodes.
  ///
  /// - Parameters:
  ///   - stage: 0-based stage, for the draw and for errors.
  ///   - nodeCount: ≥ 1.
  /// - Throws: ``DataError`` when there are more nodes than examples.
  static func splitEvenly(
    _ examples: [Example], stage: Int, nodeCount: Int, seed: UInt64
  ) throws(DataError) -> [[Example]] {
    guard examples.count >= nodeCount else {
      throw DataError(
        "task \(stage + 1) has \(examples.count) training examples for \(nodeCount) workers; lower "
          + "cluster.workers or raise stream.examples-per-task")
    }
    var random = RandomStream(seed: seed, purpose: .placement, node: stage)
    let order = random.permutation(of: examples.count)
    return evenRanges(of: examples.count, parts: nodeCount).map { range in
      range.map { examples[order[$0]] }
    }
  }
}
