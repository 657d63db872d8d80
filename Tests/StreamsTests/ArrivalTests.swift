import Streams
import Testing

@Suite struct `Task order` {
  private func sequences(
    _ order: TaskOrder, _ stages: Int, _ nodes: Int, seed: UInt64 = 1
  ) throws -> [[Int]] {
    try order.sequences(stageCount: stages, nodeCount: nodes, seed: seed)
  }

  @Test func `is the stream's for all when shared`() throws {
    #expect(try sequences(.shared, 3, 2) == [[0, 1, 2], [0, 1, 2]])
  }

  @Test func `begins later from node to node when rotated`() throws {
    #expect(
      try sequences(.rotated(by: 2), 5, 3) == [
        [0, 1, 2, 3, 4], [2, 3, 4, 0, 1], [4, 0, 1, 2, 3],
      ])
    #expect(try sequences(.rotated(by: -1), 3, 2) == [[0, 1, 2], [2, 0, 1]])
    #expect(try sequences(.rotated(by: .max), 3, 1) == [[0, 1, 2]])
    #expect(try sequences(.rotated(by: 0), 2, 2) == sequences(.shared, 2, 2))
  }

  @Test func `is drawn for each node when permuted`() throws {
    let drawn = try sequences(.permuted, 8, 6)
    #expect(drawn.allSatisfy { $0.sorted() == Array(0..<8) })
    #expect(Set(drawn).count == 6)
    #expect(try sequences(.permuted, 8, 6) == drawn)
    #expect(try sequences(.permuted, 8, 6, seed: 2) != drawn)
    #expect(try sequences(.permuted, 8, 3) == Array(drawn.prefix(3)))
    // Every stage comes first equally often: 400 throws at ¼, standard deviation 8.7.
    let firsts = try sequences(.permuted, 4, 400).map { $0[0] }
    for stage in 0..<4 { #expect((56...144).contains(firsts.count { $0 == stage })) }
  }

  @Test func `brings a stage to one node only when owned`() throws {
    #expect(try sequences(.owned, 5, 2) == [[0, 2, 4], [1, 3]])
    #expect(
      throws: DataError(
        "arrival.order owned leaves 2 of 5 workers without any of 3 tasks; lower cluster.workers "
          + "or use another arrival.order")
    ) { try sequences(.owned, 3, 5) }
  }

  @Test func `is as listed`() throws {
    #expect(try sequences(.lists([[1], [2, 0, 1]]), 3, 2) == [[1], [2, 0, 1]])
  }

  @Test(
    arguments: zip(
      [
        [[0, 1, 2]], [[0, 1, 3], [2]], [[0, -1], [2]], [[0, 1, 0], [2]], [[0], [1, 0]],
        [[0, 1, 2], []],
      ],
      [
        "arrival.lists has 1 lists for 2 workers; give one a worker",
        "arrival.lists gives worker 0 task 3; the stream has tasks 0 to 2",
        "arrival.lists gives worker 0 task -1; the stream has tasks 0 to 2",
        "arrival.lists gives worker 0 task 0 twice; list it once",
        "arrival.lists gives task 2 to no worker; list it at one",
        "arrival.lists has no task for worker 1; give it one",
      ]))
  func `names lists that do not fit`(lists: [[Int]], sentence: String) {
    #expect(throws: DataError(sentence)) { try sequences(.lists(lists), 3, 2) }
  }

  @Test func `tells who trains each stage`() {
    #expect(
      TaskOrder.owners(of: [[2, 0], [0, 1], [0]], stageCount: 4) == [[0, 1, 2], [1], [0], []])
  }
}

@Suite struct `Onset of nodes` {
  @Test func `is at once or so many steps apart`() throws {
    #expect(try Onset.sync.startSteps(nodeCount: 3, seed: 1) == [0, 0, 0])
    #expect(try Onset.offset(steps: 7).startSteps(nodeCount: 4, seed: 1) == [0, 7, 14, 21])
  }

  @Test func `is a Poisson process when drawn`() throws {
    let onset = Onset.poisson(rate: 0.02)
    let starts = try onset.startSteps(nodeCount: 4001, seed: 1)
    #expect(starts[0] == 0 && starts == starts.sorted())
    #expect(try onset.startSteps(nodeCount: 10, seed: 1) == Array(starts.prefix(10)))
    #expect(try onset.startSteps(nodeCount: 10, seed: 2) != Array(starts.prefix(10)))
    let gaps = zip(starts, starts.dropFirst()).map { Double($1 - $0) }
    let mean = gaps.reduce(0, +) / 4000
    let square = gaps.reduce(0) { $0 + $1 * $1 } / 4000
    // Exponential of mean 50: standard error 0.8, mean square 5,000 of standard error 177.
    #expect(abs(mean - 50) < 4)
    #expect(abs(square - 5000) < 900)
  }

  @Test func `names numbers out of range`() {
    #expect(throws: DataError("arrival.offset is -1; use 0 to 1000000000 steps")) {
      try Onset.offset(steps: -1).startSteps(nodeCount: 2, seed: 1)
    }
    #expect(throws: DataError.self) {
      try Onset.offset(steps: .max).startSteps(nodeCount: 2, seed: 1)
    }
    #expect(throws: DataError("arrival.rate is 0.0; use workers per step, 1e-09 or more")) {
      try Onset.poisson(rate: 0).startSteps(nodeCount: 2, seed: 1)
    }
    #expect(throws: DataError.self) {
      try Onset.poisson(rate: .nan).startSteps(nodeCount: 2, seed: 1)
    }
  }

  @Test func `may be as late as its limits allow`() throws {
    #expect(try Onset.poisson(rate: 1e-9).startSteps(nodeCount: 99, seed: 1)[98] > 0)
    #expect(
      try Onset.offset(steps: 1_000_000_000).startSteps(nodeCount: 99, seed: 1)[98]
        == 98_000_000_000)
  }
}
