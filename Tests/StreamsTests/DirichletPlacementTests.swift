import Testing

@testable import Streams

@Suite struct `Dirichlet placement by class` {
  private func sizes(_ ranges: [[Range<Int>]]) -> [[Int]] { ranges.map { $0.map(\.count) } }

  @Test func `cuts each class by its law among the owners`() {
    // 1 : 1 : 2 and 3 : 1 : 0, written as powers of e to the logarithms.
    let far = -1e6
    let laws = [
      DirichletLaw(logWeights: [0, 0, 0.693_147_180_559_945_3]),
      DirichletLaw(logWeights: [1.098_612_288_668_109_8, 0, far]),
    ]
    func cut(_ owners: [Int]) -> [[Int]] {
      sizes(Placement.shareOut([8, 12], by: laws, among: owners, isBalanced: false))
    }
    #expect(cut([0, 1, 2]) == [[2, 2, 4], [9, 3, 0]])
    #expect(cut([1, 2]) == [[3, 5], [12, 0]])  // 8 · ⅓ = 2.67
    #expect(cut([2]) == [[8], [12]])
  }

  @Test func `gives a full node no further class when balanced`() {
    let first = DirichletLaw(logWeights: [0, -1e6])
    func cut(_ counts: [Int], _ isBalanced: Bool) -> [[Int]] {
      sizes(
        Placement.shareOut(
          counts, by: counts.map { _ in first }, among: [0, 1], isBalanced: isBalanced))
    }
    #expect(cut([4, 4], false) == [[4, 0], [4, 0]])
    #expect(cut([4, 4], true) == [[4, 0], [0, 4]])
    // 3 of 8 is not yet half; 6 is.
    #expect(cut([3, 3, 2, 0], true) == [[3, 0], [3, 0], [0, 2], [0, 0]])
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `keeps a class on its node through all stages when beta is small`(seed: UInt64) throws {
    let toy = ToyStages(count: 3, size: 60, classCount: 6)
    let placed = try toy.place(
      .dirichletByClass(beta: 1e-6, minimum: 0, isBalanced: false), nodeCount: 4, seed: seed)
    let histograms = placed.map { $0.map(toy.histogram) }
    for label in 0..<6 { #expect(histograms[0].count { $0[label] == 10 } == 1) }
    #expect(histograms[1] == histograms[0] && histograms[2] == histograms[0])
  }

  @Test func `is nearly even when beta is large`() throws {
    let toy = ToyStages(count: 2, size: 14, classCount: 2)
    for nodes in try toy.place(
      .dirichletByClass(beta: 1e12, minimum: 0, isBalanced: false), nodeCount: 3)
    {
      // Seven of each class, cut at 2.33 and 4.67.
      #expect(nodes.map(toy.histogram) == [[2, 2], [3, 3], [2, 2]])
    }
  }

  @Test func `has the mean and the variance of the law`() throws {
    let toy = ToyStages(count: 1, size: 100, classCount: 1)
    let shares = try (0..<600).map { seed in
      try toy.place(
        .dirichletByClass(beta: 0.5, minimum: 0, isBalanced: false), nodeCount: 4,
        seed: UInt64(seed)
      )[0].map { Double($0.count) / 100 }
    }
    let expected = 0.25 * 0.75 / 3
    for node in 0..<4 {
      let (mean, variance) = moments(shares.map { $0[node] })
      #expect(abs(mean - 0.25) < 5 * (expected / 600).squareRoot())
      #expect(abs(variance - expected) < 0.015)
    }
  }

  @Test(arguments: [false, true])
  func `redraws until every owner has the minimum`(isBalanced: Bool) throws {
    let toy = ToyStages(count: 2, size: 60, classCount: 10)
    for seed in 0..<10 as Range<UInt64> {
      // Node 3 owns nothing, so it needs nothing.
      let owners = [[0, 1, 2], [1, 2]]
      let placed = try toy.place(
        .dirichletByClass(beta: 0.3, minimum: 12, isBalanced: isBalanced), nodeCount: 4,
        owners: owners, seed: seed)
      let sizes = (0..<4).map { node in placed.reduce(0) { $0 + $1[node].count } }
      #expect(sizes[..<3].allSatisfy { $0 >= 12 } && sizes[3] == 0)
    }
  }

  @Test(arguments: [41, 38]) func `names a minimum out of reach`(minimum: Int) {
    // Two classes, each on one node, for three nodes.
    let toy = ToyStages(count: 2, size: 60, classCount: 2)
    #expect(
      throws: DataError(
        "no draw in 1000 gives each of 3 workers placement.minimum, \(minimum), of 120 examples; "
          + "lower placement.minimum or raise placement.beta")
    ) {
      try toy.place(
        .dirichletByClass(beta: 1e-4, minimum: minimum, isBalanced: false), nodeCount: 3)
    }
  }
}

@Suite struct `Dirichlet placement by node` {
  @Test(arguments: 0..<12 as Range<UInt64>)
  func `fills hands in turns from what is left`(seed: UInt64) throws {
    let toy = ToyStages(count: 1, size: 6, classCount: 2)
    let nodes = try toy.place(.dirichletByNode(alpha: 1e-6), nodeCount: 2, seed: seed)[0]
    let labels = nodes.map { $0.map(toy.label) }
    let favourites = labels.map { $0[0] }
    if favourites[0] == favourites[1] {
      // The third turn takes the last of the class that both want.
      let (first, other) = (favourites[0], 1 - favourites[0])
      #expect(labels == [[first, first, other], [first, other, other]])
    } else {
      #expect(labels == favourites.map { [$0, $0, $0] })
    }
  }

  @Test func `gives all owners equally much, by the same laws in every stage`() throws {
    let toy = ToyStages(count: 3, size: 101, classCount: 10)
    let placed = try toy.place(
      .dirichletByNode(alpha: 1e-5), nodeCount: 4, owners: [[0, 1, 2, 3], [1, 3], [0, 1, 2, 3]])
    #expect(
      placed.map { $0.map(\.count) } == [[26, 25, 25, 25], [0, 51, 0, 50], [26, 25, 25, 25]])
    for node in 0..<4 {
      #expect(toy.label(placed[0][node][0]) == toy.label(placed[2][node][0]))
    }
  }

  @Test func `has the mean and the variance of the law`() throws {
    let toy = ToyStages(count: 1, size: 200, classCount: 4)
    // The first ten of a hand: no class can have run out by then.
    let shares = try (0..<500).map { seed in
      let nodes = try toy.place(.dirichletByNode(alpha: 1), nodeCount: 2, seed: UInt64(seed))[0]
      return toy.histogram(Array(nodes[1].prefix(10))).map { Double($0) / 10 }
    }
    // Ten draws by a Dirichlet law of total concentration 1.
    let expected = 0.25 * 0.75 * (1 + 9.0 / 2) / 10
    for label in 0..<4 {
      let (mean, variance) = moments(shares.map { $0[label] })
      #expect(abs(mean - 0.25) < 5 * (expected / 500).squareRoot())
      #expect(abs(variance - expected) < 0.02)
    }
  }
}

@Suite struct `Quantity placement` {
  @Test func `cuts one shuffled order`() throws {
    let toy = ToyStages(count: 2, size: 20, classCount: 4)
    // 20 cut at 6.67 and 13.33.
    let placed = try toy.place(.quantityDirichlet(beta: 1e12, minimum: 0), nodeCount: 3)
    #expect(placed.map { $0.map(\.count) } == [[7, 6, 7], [7, 6, 7]])
    let even = try toy.place(.iid, nodeCount: 3)
    #expect(placed.map { $0.flatMap { $0 } } == even.map { $0.flatMap { $0 } })
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `keeps the sizes through all stages, renormalised among the owners`(seed: UInt64) throws {
    let toy = ToyStages(count: 3, size: 1000, classCount: 4)
    let placed = try toy.place(
      .quantityDirichlet(beta: 2, minimum: 0), nodeCount: 3,
      owners: [[0, 1, 2], [0, 2], [0, 1, 2]],
      seed: seed)
    let sizes = placed.map { $0.map { Double($0.count) } }
    #expect(sizes[2] == sizes[0])
    #expect(abs(sizes[1][0] - 1000 * sizes[0][0] / (sizes[0][0] + sizes[0][2])) < 3)
  }

  @Test func `has the mean and the variance of the law`() throws {
    let toy = ToyStages(count: 1, size: 100, classCount: 1)
    let shares = try (0..<600).map { seed in
      try toy.place(.quantityDirichlet(beta: 1, minimum: 0), nodeCount: 3, seed: UInt64(seed))[0]
        .map { Double($0.count) / 100 }
    }
    let expected = 2.0 / 9 / 4
    for node in 0..<3 {
      let (mean, variance) = moments(shares.map { $0[node] })
      #expect(abs(mean - 1.0 / 3) < 5 * (expected / 600).squareRoot())
      #expect(abs(variance - expected) < 0.015)
    }
  }

  @Test func `redraws until every node has the minimum`() throws {
    let toy = ToyStages(count: 2, size: 50, classCount: 5)
    for seed in 0..<10 as Range<UInt64> {
      let placed = try toy.place(
        .quantityDirichlet(beta: 0.3, minimum: 15), nodeCount: 3, seed: seed)
      for node in 0..<3 { #expect(placed.reduce(0) { $0 + $1[node].count } >= 15) }
    }
    #expect(throws: DataError.self) {
      try toy.place(.quantityDirichlet(beta: 0.3, minimum: 34), nodeCount: 3)
    }
  }
}
