import Testing

@testable import Streams

@Suite struct `Placement of examples` {
  private let examples = (0..<103).map { Example(task: $0 % 2, index: $0) }

  @Test(arguments: 1...7, 0..<3 as Range<UInt64>)
  func `loses no example and gives none twice`(nodeCount: Int, seed: UInt64) throws {
    let dealt = try Placement.splitEvenly(examples, stage: 2, nodeCount: nodeCount, seed: seed)
    #expect(dealt.count == nodeCount)
    #expect(dealt.flatMap { $0 }.sorted { $0.index < $1.index } == examples)
    let sizes = dealt.map(\.count)
    #expect(sizes == sizes.sorted(by: >) && sizes[0] - sizes[nodeCount - 1] <= 1)
  }

  @Test func `depends on seed and stage alone`() throws {
    func deal(stage: Int, seed: UInt64) throws -> [[Example]] {
      try Placement.splitEvenly(examples, stage: stage, nodeCount: 3, seed: seed)
    }
    #expect(try deal(stage: 0, seed: 1) == deal(stage: 0, seed: 1))
    #expect(try deal(stage: 0, seed: 1) != deal(stage: 1, seed: 1))
    #expect(try deal(stage: 0, seed: 1) != deal(stage: 0, seed: 2))
    // Whatever the number of nodes, they deal from the same shuffled pack.
    #expect(
      try deal(stage: 0, seed: 1).flatMap { $0 }
        == Placement.splitEvenly(examples, stage: 0, nodeCount: 5, seed: 1).flatMap { $0 })
  }

  @Test func `gives one example each when there are as many nodes`() throws {
    let dealt = try Placement.splitEvenly(
      Array(examples.prefix(4)), stage: 0, nodeCount: 4, seed: 1)
    #expect(dealt.map(\.count) == [1, 1, 1, 1])
  }

  @Test func `refuses more nodes than examples`() {
    #expect(
      throws: DataError(
        "task 3 has 4 training examples for 5 workers; lower cluster.workers or raise "
          + "stream.examples-per-task")
    ) {
      try Placement.splitEvenly(Array(examples.prefix(4)), stage: 2, nodeCount: 5, seed: 1)
    }
  }
}

@Suite struct `Placement table` {
  private func stream() throws -> TaskStream {
    try TaskStream(
      specification(.split(.explicit([[0, 1], [2, 3]])), tasks: 2),
      data: try toySet(classCount: 4, perClass: 6), seed: 1)
  }

  @Test func `counts what each node has of each class in each task`() throws {
    // Images 0…3 are of classes 0…3, images 4 and 5 of classes 0 and 1.
    let placed = [
      [[Example(task: 0, index: 0), Example(task: 0, index: 4)], [Example(task: 0, index: 1)]],
      [[Example(task: 1, index: 2)], [Example(task: 1, index: 3), Example(task: 1, index: 7)]],
    ]
    let table = PlacementTable(placed, stream: try stream())
    #expect(
      table.counts == [
        [[2, 0], [0, 0], [0, 1], [0, 0]], [[0, 0], [1, 0], [0, 0], [0, 2]],
      ])
    // Node laws (2/3, 0, 1/3, 0) and (0, 1/3, 0, 2/3), all together (1/3, 1/6, 1/6, 1/3): both ½.
    #expect(abs(table.spatialSkew - 0.5) < 1e-12)
  }

  @Test func `counts the same class in several tasks apart`() throws {
    let stream = try TaskStream(
      specification(.permuted, tasks: 2, .domain), data: try toySet(classCount: 2), seed: 1)
    let table = PlacementTable(
      [
        [[Example(task: 0, index: 0)]], [[Example(task: 1, index: 0), Example(task: 1, index: 1)]],
      ],
      stream: stream)
    #expect(table.counts == [[[1, 1], [0, 1]]])
  }

  @Test func `sums up to the examples of the stream`() throws {
    let stream = try stream()
    let placed = try stream.stages(joint: false).enumerated().map { index, stage in
      try Placement.splitEvenly(stage.examples, stage: index, nodeCount: 3, seed: 5)
    }
    let table = PlacementTable(placed, stream: stream)
    for label in 0..<4 {
      let sum = (0..<2).map { task in table.counts.reduce(0) { $0 + $1[label][task] } }
      #expect(sum == (label < 2 ? [6, 0] : [0, 6]))
    }
    #expect(table.spatialSkew >= 0 && table.spatialSkew < 0.5)
  }

  @Test func `has no skew for one node, for equal nodes and for nobody`() throws {
    let stream = try stream()
    let all = stream.stages(joint: false).map { [$0.examples] }
    #expect(PlacementTable(all, stream: stream).spatialSkew == 0)
    // Class 0 and 1, then class 0 and 1 again.
    let equal = [
      [[0, 1], [4, 5]].map { places in places.map { Example(task: 0, index: $0) } }
    ]
    #expect(PlacementTable(equal, stream: stream).spatialSkew == 0)
    #expect(PlacementTable([], stream: stream).spatialSkew == 0)
  }

  @Test func `leaves a node without examples out of the skew`() throws {
    let placed = [
      [[Example(task: 0, index: 0)], [], [Example(task: 0, index: 1)]]
    ]
    #expect(abs(PlacementTable(placed, stream: try stream()).spatialSkew - 0.5) < 1e-12)
  }
}
