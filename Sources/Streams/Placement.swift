/// Which node gets which examples of each stage.
///
/// What distinguishes the nodes (their share of a class, their classes) is drawn once for the run,
/// by seed, and holds in every stage, among the nodes that train it.
public enum Placement: Sendable, Hashable {
  /// A random equal split.
  case iid
  /// The examples of each class are shared out by a law of the class over the nodes,
  /// p ~ Dir(β, …, β).
  ///
  /// - beta: Above 0. Small: a class is on few nodes. Large: nearly `iid`.
  /// - minimum: Examples, over all stages, below which no node may be; laws are redrawn until none
  ///   is.
  /// - isBalanced: Whether a node that has its equal part of a stage gets no further class of it.
  /// - Source: Yurochkin et al. 2019; Li et al. 2022 (NIID-Bench).
  case dirichletByClass(beta: Double, minimum: Int, isBalanced: Bool)
  /// Nodes have equally many examples; each draws its labels from a law of its own over the
  /// classes, q ~ Dir(α·prior) with a uniform prior.
  ///
  /// - alpha: Above 0. Small: a node has few classes. Large: nearly `iid`.
  /// - Source: Hsu, Qi & Brown 2019.
  case dirichletByNode(alpha: Double)
  /// Each stage's examples in the order of their labels are cut into even shards, so many a node.
  /// The same nodes get the first, the second… shard of every stage.
  ///
  /// - Source: McMahan et al. 2017.
  case shards(Int)
  /// Each node has so many of the data set's classes; nodes that share a class share its examples
  /// evenly. A class that no node of a stage has is shared by all of them.
  case classesPerNode(Int)
  /// Nodes have the same mix of labels but differ in size, by a law q ~ Dir(β, …, β) over the
  /// nodes.
  ///
  /// - beta: Above 0. Small: a few nodes have nearly all.
  /// - minimum: Examples, over all stages, below which no node may be.
  /// - Source: Li et al. 2022 (NIID-Bench).
  case quantityDirichlet(beta: Double, minimum: Int)
  /// A random equal split; the nodes differ in the ``FeatureNoise`` they add.
  case featureNoise(sigma: Double)

  /// Places the examples of every stage at the nodes that train it: none is lost, none is on
  /// two nodes.
  ///
  /// - Parameters:
  ///   - owners: By stage, the ascending ranks of the nodes that train it. Where nobody does,
  ///     nobody gets its examples.
  ///   - nodeCount: ≥ 1.
  ///   - classCount: Classes of the data set, ≥ 1.
  ///   - label: Class of an example, in `0..<classCount`.
  /// - Returns: `placed[stage][node]`; empty where the node does not own the stage.
  /// - Throws: ``DataError`` when a setting is out of its range, when a stage has no example (under
  ///   `iid` and `featureNoise`: fewer than nodes), or when no draw gives every node its minimum.
  public func place(
    _ stages: [Stage], owners: [[Int]], nodeCount: Int, classCount: Int, seed: UInt64,
    label: (Example) -> Int
  ) throws(DataError) -> [[[Example]]] {
    try withoutActuallyEscaping(label) { (label) throws(DataError) in
      try place(
        Partition(
          stages: stages, owners: owners, nodeCount: nodeCount, classCount: classCount, seed: seed,
          label: label))
    }
  }

  private func place(_ partition: Partition) throws(DataError) -> [[[Example]]] {
    try validate(classCount: partition.classCount)
    switch self {
    case .iid, .featureNoise: return try Self.placeEvenly(partition)
    case .dirichletByClass(let beta, let minimum, let isBalanced):
      return try Self.placeByClass(partition, beta: beta, minimum: minimum, isBalanced: isBalanced)
    case .dirichletByNode(let alpha): return try Self.placeByNode(partition, alpha: alpha)
    case .shards(let count): return try Self.placeShards(partition, perNode: count)
    case .classesPerNode(let count): return try Self.placeClasses(partition, perNode: count)
    case .quantityDirichlet(let beta, let minimum):
      return try Self.placeByQuantity(partition, beta: beta, minimum: minimum)
    }
  }
}
