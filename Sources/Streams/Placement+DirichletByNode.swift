import Tensors

extension Placement {
  static func placeByNode(_ partition: Partition, alpha: Double) throws(DataError) -> [[[Example]]]
  {
    try partition.requireExamples()
    let laws = (0..<partition.nodeCount).map { rank in
      var random = RandomStream(seed: partition.seed, purpose: .placementLaw, node: rank)
      return DirichletLaw(
        concentration: alpha / Double(partition.classCount), count: partition.classCount,
        random: &random)
    }
    return try partition.byStage { stage, owners in
      var random = RandomStream(seed: partition.seed, purpose: .placement, node: stage)
      return fill(partition.shuffledByClass(stage), by: owners.map { laws[$0] }, random: &random)
    }
  }

  /// Fills the nodes' equal parts in turns, each turn with an example of a class drawn from the
  /// node's law among the classes that are left.
  ///
  /// - Parameters:
  ///   - groups: Examples by class.
  ///   - laws: By owner, over the classes.
  private static func fill(
    _ groups: [[Example]], by laws: [DirichletLaw], random: inout RandomStream
  ) -> [[Example]] {
    var groups = groups
    var rest = groups.indices.filter { !groups[$0].isEmpty }
    var shares = laws.map { $0.shares(among: rest) }
    var parts = [[Example]](repeating: [], count: laws.count)
    for turn in 0..<groups.reduce(0, { $0 + $1.count }) {
      let owner = turn % laws.count
      let drawn = random.index(byShares: shares[owner])
      let label = rest[drawn]
      parts[owner].append(groups[label].removeLast())
      if groups[label].isEmpty {
        rest.remove(at: drawn)
        shares = laws.map { $0.shares(among: rest) }
      }
    }
    return parts
  }
}

extension RandomStream {
  /// An index drawn by shares of sum 1; never one of share 0.
  fileprivate mutating func index(byShares shares: [Double]) -> Int {
    var rest = uniform(in: 0...1)
    var last = 0
    for (index, share) in shares.enumerated() where share > 0 {
      if rest < share { return index }
      rest -= share
      last = index
    }
    return last
  }
}
