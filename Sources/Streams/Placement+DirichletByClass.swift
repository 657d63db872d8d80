import Tensors

extension Placement {
  static func placeByClass(
    _ partition: Partition, beta: Double, minimum: Int, isBalanced: Bool
  ) throws(DataError) -> [[[Example]]] {
    try partition.requireExamples()
    let groups = partition.stages.indices.map(partition.shuffledByClass)
    let sizes = groups.map { $0.map(\.count) }
    return try partition.cut(groups, minimum: minimum) { attempt in
      let laws = (0..<partition.classCount).map { label in
        var random = RandomStream(
          seed: partition.seed, purpose: .placementLaw, node: label, step: attempt)
        return DirichletLaw(concentration: beta, count: partition.nodeCount, random: &random)
      }
      return zip(sizes, partition.owners).map {
        shareOut($0, by: laws, among: $1, isBalanced: isBalanced)
      }
    }
  }

  /// Each owner's part of each class of a stage, the classes in order.
  ///
  /// - Parameters:
  ///   - sizes: Examples by class.
  ///   - laws: By class, over all nodes.
  static func shareOut(
    _ sizes: [Int], by laws: [DirichletLaw], among owners: [Int], isBalanced: Bool
  ) -> [[Range<Int>]] {
    let total = sizes.reduce(0, +)
    var held = [Int](repeating: 0, count: owners.count)
    return zip(sizes, laws).map { size, law in
      let free = owners.indices.filter { !isBalanced || held[$0] * owners.count < total }
      // All are full only when nothing is left.
      let receivers = free.isEmpty ? Array(owners.indices) : free
      let parts = ranges(of: size, shares: law.shares(among: receivers.map { owners[$0] }))
      var all = [Range<Int>](repeating: 0..<0, count: owners.count)
      for (owner, part) in zip(receivers, parts) {
        all[owner] = part
        held[owner] += part.count
      }
      return all
    }
  }
}
