import Tensors

extension Placement {
  static func placeByQuantity(
    _ deal: Deal, beta: Double, minimum: Int
  ) throws(DataError) -> [[[Example]]] {
    try deal.requireExamples()
    let packs = deal.stages.indices.map { [deal.inRandomOrder($0)] }
    return try deal.cut(packs, minimum: minimum) { attempt in
      var random = RandomStream(seed: deal.seed, purpose: .placementLaw, step: attempt)
      let law = DirichletLaw(concentration: beta, count: deal.nodeCount, random: &random)
      return zip(packs, deal.owners).map { packs, owners in
        packs.map { ranges(of: $0.count, shares: law.shares(among: owners)) }
      }
    }
  }
}
