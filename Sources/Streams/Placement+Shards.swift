import Tensors

extension Placement {
  static func placeShards(_ deal: Deal, perNode: Int) throws(DataError) -> [[[Example]]] {
    try deal.requireExamples()
    // Who gets the first shard, the second…, were all nodes to train the stage.
    var random = RandomStream(seed: deal.seed, purpose: .placementLaw)
    let takers = random.permutation(of: deal.nodeCount * perNode).map { $0 / perNode }
    return try deal.byStage { stage, owners in
      let sorted = deal.byClass(deal.inRandomOrder(stage)).flatMap { $0 }
      var place = [Int?](repeating: nil, count: deal.nodeCount)
      for (index, rank) in owners.enumerated() { place[rank] = index }
      let places = takers.compactMap { place[$0] }
      var hands = [[Example]](repeating: [], count: owners.count)
      for (place, shard) in zip(places, evenRanges(of: sorted.count, parts: places.count)) {
        hands[place] += sorted[shard]
      }
      return hands
    }
  }
}
