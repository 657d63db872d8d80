import Tensors

extension Placement {
  static func placeClasses(_ partition: Partition, perNode: Int) throws(DataError) -> [[[Example]]]
  {
    try partition.requireExamples()
    var random = RandomStream(seed: partition.seed, purpose: .placementLaw)
    let classes = assignClasses(
      partition.classCount, nodeCount: partition.nodeCount, perNode: perNode, random: &random)
    return try partition.byStage { stage, owners in
      var parts = [[Example]](repeating: [], count: owners.count)
      for (label, examples) in partition.shuffledByClass(stage).enumerated() {
        let having = owners.indices.filter { classes[owners[$0]].contains(label) }
        let receivers = having.isEmpty ? Array(owners.indices) : having
        let ranges = evenRanges(of: examples.count, parts: receivers.count)
        for (owner, range) in zip(receivers, ranges) { parts[owner] += examples[range] }
      }
      return parts
    }
  }

  /// Assigns all classes in turns, in one random order after the other; a node passes over a class
  /// that it has.
  ///
  /// - Returns: By node, different classes. Every class is on some node if there is room
  ///   for all.
  static func assignClasses(
    _ classCount: Int, nodeCount: Int, perNode: Int, random: inout RandomStream
  ) -> [[Int]] {
    precondition(perNode <= classCount, "a node has different classes")
    var classes = [[Int]](repeating: [], count: nodeCount)
    // What is left of the orders so far.
    var queue: [Int] = []
    for _ in 0..<perNode {
      for node in 0..<nodeCount {
        if queue.allSatisfy(classes[node].contains) { queue += random.permutation(of: classCount) }
        guard let index = queue.firstIndex(where: { !classes[node].contains($0) }) else { continue }
        classes[node].append(queue.remove(at: index))
      }
    }
    return classes
  }
}
