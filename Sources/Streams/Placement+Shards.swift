import Tensors

extension Placement {
  static func placeShards(_ partition: Partition, perNode: Int) throws(DataError) -> [[[Example]]] {
    try partition.requireExamples()
    // Who gets the first shard, the second…, were all nodes to train the stage.
    var random = RandomStream(seed: partition.seed, purpose: .placementLaw)
    let takers = random.permutation(of: partition.nodeCount * perNode).map { $0 / perNode }
    return try partition.byStage { stage, owners in
      let sorted = partition.byClass(partition.inRandomOrder(stage)).flatMap { $0 }
      var place = [Int?](repeating: nil, count: partition.nodeCount)
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
