extension PlacementTable {
  /// How differently the nodes' labels are distributed: 0 when all have the same mix, near 1 when
  /// each of many has classes of its own.
  ///
  /// The mean over nodes of the total-variation distance ½ Σ_c |p_node(c) − p(c)| between a node's
  /// label law and that of all examples together, over all tasks. A node without examples has no
  /// law and is left out.
  public var spatialSkew: Double {
    let byNode = counts.map { classes in classes.map { $0.reduce(0, +) } }
      .filter { $0.contains { $0 > 0 } }
    guard let first = byNode.first else { return 0 }
    let all = first.indices.map { label in byNode.reduce(0) { $0 + $1[label] } }
    let distances = byNode.map { Self.distance($0, all) }
    return distances.reduce(0, +) / Double(distances.count)
  }

  /// Total-variation distance between the laws that two histograms describe.
  private static func distance(_ first: [Int], _ second: [Int]) -> Double {
    let (a, b) = (Double(first.reduce(0, +)), Double(second.reduce(0, +)))
    return zip(first, second).reduce(0) { $0 + (Double($1.0) / a - Double($1.1) / b).magnitude } / 2
  }
}
