extension Partition {
  /// Redraws after which a minimum counts as out of reach.
  private static let attemptLimit = 1000

  /// Cuts groups of examples among the owners of their stage, redrawing until every node that owns
  /// a stage has at least `minimum` examples over all its stages together.
  ///
  /// - Parameters:
  ///   - groups: `groups[stage][group]`.
  ///   - ranges: What a drawing gives: `ranges[stage][group][index]`, each owner's part of
  ///     each group, by its index among the stage's owners. Called with 0, 1, 2, …
  /// - Returns: `placed[stage][node]`.
  /// - Throws: ``DataError`` when 1,000 drawings leave a node short.
  func cut(
    _ groups: [[[Example]]], minimum: Int, into ranges: (_ attempt: Int) -> [[[Range<Int>]]]
  ) throws(DataError) -> [[[Example]]] {
    var isOwner = [Bool](repeating: false, count: nodeCount)
    for rank in owners.joined() { isOwner[rank] = true }
    let exampleCount = stages.indices.filter { !owners[$0].isEmpty }
      .reduce(0) { $0 + stages[$1].examples.count }
    let ownerCount = isOwner.count { $0 }
    // More than there are is out of reach without any drawing.
    let limit = ownerCount > 0 && minimum > exampleCount / ownerCount ? 0 : Self.attemptLimit
    for attempt in 0..<limit {
      let ranges = ranges(attempt)
      let sizes = nodeSizes(ranges)
      guard zip(isOwner, sizes).allSatisfy({ !$0 || $1 >= minimum }) else { continue }
      return try byStage { stage, owners in
        owners.indices.map { index in
          zip(groups[stage], ranges[stage]).flatMap { group, parts in group[parts[index]] }
        }
      }
    }
    throw DataError(
      "no draw in \(Self.attemptLimit) gives each of \(ownerCount) workers placement.minimum, "
        + "\(minimum), of \(exampleCount) examples; lower placement.minimum or raise placement.beta"
    )
  }

  /// Examples of every node, over all stages.
  private func nodeSizes(_ ranges: [[[Range<Int>]]]) -> [Int] {
    var sizes = [Int](repeating: 0, count: nodeCount)
    for (ranks, groups) in zip(owners, ranges) {
      for parts in groups {
        for (rank, part) in zip(ranks, parts) { sizes[rank] += part.count }
      }
    }
    return sizes
  }
}
