import Tensors

/// Which node gets which of a stage's examples.
public enum Placement: Sendable, Hashable {
  /// A random equal split.
  case iid

  /// Deals the examples of a stage: none is lost, none is on two nodes.
  ///
  /// - Parameters:
  ///   - stage: 0-based stage, for the draw and for errors.
  ///   - nodeCount: ≥ 1.
  /// - Throws: ``DataError`` when there are more nodes than examples.
  public func deal(
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
