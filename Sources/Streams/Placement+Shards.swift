import Tensors

extension Placement {
  static func placeShards(_ partition: Partition, perNode: Int) throws(DataError) -> [[[Example]]] {
    try partition.requireExamples()
    // Who gets the first shard, the second…, were all nodes to train the stage.
    var random = RandomStream(seed: partition.seed, purpose: .placementLaw)
    let receivers = random.permutation(of: partition.nodeCount * perNode).map { $0 / perNode }
    return try partition.byStage { stage, owners in
      let sorted = partition.byClass(partition.inRandomOrder(stage)).flatMap { $0 }
      var ownerIndex = [Int?](repeating: nil, count: partition.nodeCount)
      for (index, rank) in owners.enumerated() { ownerIndex[rank] = index }
      let indices = receivers.compactMap { ownerIndex[$0] }
      var parts = [[Example]](repeating: [], count: owners.count)
      for (index, shard) in zip(indices, evenRanges(of: sorted.count, parts: indices.count)) {
        parts[index] += sorted[shard]
      }
      return parts
    }
  }
}
