import Testing

@testable import Streams

/// What holds for every kind of placement.
@Suite struct `Every placement` {
  static let kinds: [Placement] = [
    .iid, .featureNoise(sigma: 0.1), .dirichletByClass(beta: 0.001, minimum: 0, isBalanced: false),
    .dirichletByClass(beta: 0.5, minimum: 1, isBalanced: false),
    .dirichletByClass(beta: 0.1, minimum: 0, isBalanced: true),
    .dirichletByNode(alpha: 0.001), .dirichletByNode(alpha: 10), .shards(1), .shards(3),
    .shards(100), .classesPerNode(1), .classesPerNode(4),
    .quantityDirichlet(beta: 0.001, minimum: 0), .quantityDirichlet(beta: 1, minimum: 2),
  ]

  /// All train all; stage t only at node t mod N; only some train each; one stage is nobody's.
  private static func ownerships(_ nodeCount: Int) -> [[[Int]]] {
    [
      (0..<4).map { _ in Array(0..<nodeCount) }, (0..<4).map { [$0 % nodeCount] },
      (0..<4).map { stage in (0..<nodeCount).filter { ($0 + stage) % 3 != 1 || $0 == 0 } },
      [Array(0..<nodeCount), [], [nodeCount - 1], [0]],
    ]
  }

  @Test(arguments: kinds, [1, 2, 5, 7])
  func `loses no example and gives none twice`(placement: Placement, nodeCount: Int) throws {
    let toy = ToyStages(count: 4, size: 62, classCount: 6)
    for (owners, seed) in zip(Self.ownerships(nodeCount), 1...4 as ClosedRange<UInt64>) {
      let placed = try toy.place(placement, nodeCount: nodeCount, owners: owners, seed: seed)
      #expect(placed.count == 4)
      for (stage, nodes) in placed.enumerated() {
        #expect(nodes.count == nodeCount)
        let wanted = owners[stage].isEmpty ? [] : toy.stages[stage].examples
        #expect(inOrder(nodes.flatMap { $0 }) == wanted)
        for node in 0..<nodeCount where !owners[stage].contains(node) {
          #expect(nodes[node].isEmpty, "node \(node) does not own stage \(stage)")
        }
      }
    }
  }

  @Test(arguments: kinds)
  func `depends on the seed and on nothing else`(placement: Placement) throws {
    let toy = ToyStages(count: 3, size: 60, classCount: 6)
    let first = try toy.place(placement, nodeCount: 4, seed: 1)
    #expect(try toy.place(placement, nodeCount: 4, seed: 1) == first)
    #expect(try toy.place(placement, nodeCount: 4, seed: 2) != first)
    // A stage is dealt the same whether or not there are others behind it.
    let alone = ToyStages(count: 1, size: 60, classCount: 6)
    let isRedrawn = if case .quantityDirichlet(_, 2) = placement { true } else { false }
    if !isRedrawn { #expect(try alone.place(placement, nodeCount: 4, seed: 1)[0] == first[0]) }
  }

  @Test(arguments: kinds) func `gives one node everything`(placement: Placement) throws {
    let toy = ToyStages(count: 2, size: 20, classCount: 5)
    #expect(
      try toy.place(placement, nodeCount: 1).map { inOrder($0[0]) } == toy.stages.map(\.examples))
  }

  @Test(arguments: kinds) func `refuses a stage without examples`(placement: Placement) {
    let full = ToyStages(count: 1, size: 20, classCount: 5)
    let stages = full.stages + [Stage(tasks: [1], examples: [])]
    let isEven = placement == .iid || placement == .featureNoise(sigma: 0.1)
    #expect(
      throws: DataError(
        isEven
          ? "task 2 has 0 training examples for 2 workers; lower cluster.workers or raise "
            + "stream.examples-per-task"
          : "task 2 has no training examples; lower arrival.mixture or raise "
            + "stream.examples-per-task")
    ) {
      try placement.place(
        stages, owners: [[0, 1], [0, 1]], nodeCount: 2, classCount: 5, seed: 1, label: full.label)
    }
  }

  @Test(arguments: kinds.filter { $0 != .iid && $0 != .featureNoise(sigma: 0.1) })
  func `may leave nodes without examples`(placement: Placement) throws {
    guard placement.asksForNothing else { return }
    let toy = ToyStages(count: 1, size: 3, classCount: 5)
    let placed = try toy.place(placement, nodeCount: 8)
    #expect(inOrder(placed[0].flatMap { $0 }) == toy.stages[0].examples)
    #expect(placed[0].contains([]))
  }

  @Test(arguments: 0..<3 as Range<UInt64>)
  func `that is even gives the bits it always gave`(seed: UInt64) throws {
    let toy = ToyStages(count: 3, size: 41, classCount: 4)
    for placement in [Placement.iid, .featureNoise(sigma: 1)] {
      let placed = try toy.place(placement, nodeCount: 3, seed: seed)
      for (stage, nodes) in placed.enumerated() {
        #expect(
          try nodes
            == Placement.splitEvenly(
              toy.stages[stage].examples, stage: stage, nodeCount: 3, seed: seed))
      }
    }
  }

  @Test(
    arguments: zip(
      [
        Placement.dirichletByClass(beta: 0, minimum: 0, isBalanced: false),
        .dirichletByClass(beta: 1, minimum: -1, isBalanced: true),
        .dirichletByNode(alpha: -2), .dirichletByNode(alpha: .infinity), .shards(0), .shards(65537),
        .classesPerNode(0), .classesPerNode(6), .quantityDirichlet(beta: .nan, minimum: 0),
        .quantityDirichlet(beta: 1, minimum: -3), .featureNoise(sigma: -0.5),
      ],
      [
        "placement.beta is 0.0; use a finite number above 0",
        "placement.minimum is -1; use 0 or more examples",
        "placement.alpha is -2.0; use a finite number above 0",
        "placement.alpha is inf; use a finite number above 0",
        "placement.shards is 0; use 1 to 65536 shards a worker",
        "placement.shards is 65537; use 1 to 65536 shards a worker",
        "placement.classes is 0; use 1 to 5, the classes of the data set",
        "placement.classes is 6; use 1 to 5, the classes of the data set",
        "placement.beta is nan; use a finite number above 0",
        "placement.minimum is -3; use 0 or more examples",
        "placement.sigma is -0.5; use a finite number, 0 or more",
      ]))
  func `names a setting out of its range`(placement: Placement, sentence: String) {
    let toy = ToyStages(count: 2, size: 20, classCount: 5)
    #expect(throws: DataError(sentence)) { try toy.place(placement, nodeCount: 2) }
  }
}

extension Placement {
  /// Whether no node needs any examples.
  fileprivate var asksForNothing: Bool {
    switch self {
    case .dirichletByClass(_, let minimum, _), .quantityDirichlet(_, let minimum): minimum == 0
    default: true
    }
  }
}
