import Tensors

extension Placement {
  static func placeByQuantity(
    _ partition: Partition, beta: Double, minimum: Int
  ) throws(DataError) -> [[[Example]]] {
    try partition.requireExamples()
    let groups = partition.stages.indices.map { [partition.inRandomOrder($0)] }
    return try partition.cut(groups, minimum: minimum) { attempt in
      var random = RandomStream(seed: partition.seed, purpose: .placementLaw, step: attempt)
      let law = DirichletLaw(concentration: beta, count: partition.nodeCount, random: &random)
      return zip(groups, partition.owners).map { groups, owners in
        groups.map { ranges(of: $0.count, shares: law.shares(among: owners)) }
      }
    }
  }
}
