import Tensors

extension Placement {
  static func placeClasses(_ partition: Partition, perNode: Int) throws(DataError) -> [[[Example]]]
  {
    try partition.requireExamples()
    var random = RandomStream(seed: partition.seed, purpose: .placementLaw)
    let classes = dealClasses(
      partition.classCount, nodeCount: partition.nodeCount, perNode: perNode, random: &random)
    return try partition.byStage { stage, owners in
      var hands = [[Example]](repeating: [], count: owners.count)
      for (label, pack) in partition.packsByClass(stage).enumerated() {
        let having = owners.indices.filter { classes[owners[$0]].contains(label) }
        let takers = having.isEmpty ? Array(owners.indices) : having
        for (place, part) in zip(takers, evenRanges(of: pack.count, parts: takers.count)) {
          hands[place] += pack[part]
        }
      }
      return hands
    }
  }

  /// Hands out shuffled packs of all classes in turns, one pack after the other; a node passes
  /// over a class that it has.
  ///
  /// - Returns: By node, different classes. Every class is on some node if there is room
  ///   for all.
  static func dealClasses(
    _ classCount: Int, nodeCount: Int, perNode: Int, random: inout RandomStream
  ) -> [[Int]] {
    precondition(perNode <= classCount, "a node has different classes")
    var classes = [[Int]](repeating: [], count: nodeCount)
    var pack: [Int] = []
    for _ in 0..<perNode {
      for node in 0..<nodeCount {
        if pack.allSatisfy(classes[node].contains) { pack += random.permutation(of: classCount) }
        guard let place = pack.firstIndex(where: { !classes[node].contains($0) }) else { continue }
        classes[node].append(pack.remove(at: place))
      }
    }
    return classes
  }
}
