import Streams
import Tensors
import Testing

@Suite struct `Batch schedule` {
  private func batches(_ schedule: BatchSchedule) -> [[Int]] {
    var schedule = schedule
    return (0..<schedule.stepCount).map { schedule.examples(at: $0) }
  }

  private func schedule(
    _ counts: [Int], _ shares: [Int], node: Int = 0, stage: Int = 0,
    _ length: BatchSchedule.Length, seed: UInt64 = 1
  ) -> BatchSchedule {
    BatchSchedule(
      exampleCounts: counts, batches: shares, node: node, stage: stage, length: length, seed: seed)
  }

  @Test(arguments: 1...5, [5, 7, 16, 200])
  func `gives every example of every node once an epoch`(
    nodeCount: Int, batch: Int
  ) {
    let counts = evenRanges(of: 103, parts: nodeCount).map(\.count)
    let shares = evenRanges(of: batch, parts: nodeCount).map(\.count)
    var stepCounts: Set<Int> = []
    for node in 0..<nodeCount {
      let schedule = schedule(counts, shares, node: node, .epochs(3), seed: UInt64(batch))
      let steps = batches(schedule)
      stepCounts.insert(schedule.stepCount)
      let perEpoch = schedule.stepCount / 3
      for epoch in 0..<3 {
        let epochSteps = steps[epoch * perEpoch..<(epoch + 1) * perEpoch]
        #expect(epochSteps.flatMap { $0 }.sorted() == Array(0..<counts[node]))
        #expect(epochSteps.allSatisfy { $0.count <= shares[node] })
      }
    }
    #expect(stepCounts.count == 1, "all nodes take as many steps")
  }

  @Test func `leaves the last batch short and later ones empty`() {
    let (counts, shares) = ([10, 5], [3, 2])
    // Node 0 needs ⌈10/3⌉ = 4 steps, node 1 ⌈5/2⌉ = 3.
    #expect(batches(schedule(counts, shares, node: 0, .epochs(1))).map(\.count) == [3, 3, 3, 1])
    #expect(
      batches(schedule(counts, shares, node: 1, .epochs(2))).map(\.count)
        == [2, 2, 1, 0, 2, 2, 1, 0])
  }

  @Test func `goes round the examples in full batches`() {
    let steps = batches(schedule([7], [3], .iterations(14)))
    #expect(steps.allSatisfy { $0.count == 3 })
    let all = steps.flatMap { $0 }
    for round in 0..<6 {
      #expect(all[round * 7..<(round + 1) * 7].sorted() == Array(0..<7), "round \(round)")
    }
  }

  @Test func `gives all examples where a batch could hold more`() {
    for step in batches(schedule([4, 4], [9, 9], node: 1, .iterations(5))) {
      #expect(step.sorted() == [0, 1, 2, 3])
    }
    #expect(
      batches(schedule([4, 4], [9, 9], .epochs(2))).map { $0.sorted() }
        == [[0, 1, 2, 3], [0, 1, 2, 3]])
  }

  @Test(arguments: [BatchSchedule.Length.epochs(4), .iterations(40)])
  func `gives a step the same batch in whatever order steps are asked for`(
    length: BatchSchedule.Length
  ) {
    let inOrder = batches(schedule([23, 20], [6, 5], node: 1, length))
    var other = schedule([23, 20], [6, 5], node: 1, length)
    for step in (0..<other.stepCount).reversed() {
      #expect(other.examples(at: step) == inOrder[step])
    }
  }

  @Test func `shuffles anew for each epoch, node, stage and seed`() {
    func order(node: Int = 0, stage: Int = 0, epoch: Int = 0, seed: UInt64 = 1) -> [Int] {
      var schedule = schedule(
        [30, 30], [30, 30], node: node, stage: stage, .epochs(2), seed: seed)
      return schedule.examples(at: epoch)
    }
    let orders = [
      order(), order(node: 1), order(stage: 1), order(epoch: 1), order(seed: 2),
    ]
    #expect(Set(orders).count == 5)
    #expect(order() == order())
    #expect(orders.allSatisfy { $0.sorted() == Array(0..<30) })
  }

  @Test func `has no steps where no length is asked for`() {
    #expect(schedule([3], [2], .epochs(0)).stepCount == 0)
    #expect(schedule([3], [2], .iterations(0)).stepCount == 0)
  }

  @Test(arguments: [BatchSchedule.Length.epochs(2), .iterations(6)])
  func `has empty batches for a node without examples`(length: BatchSchedule.Length) {
    // Node 1 needs ⌈5/2⌉ = 3 steps an epoch.
    let none = batches(schedule([0, 5], [3, 2], node: 0, length))
    #expect(none == Array(repeating: [], count: 6))
    let other = batches(schedule([0, 5], [3, 2], node: 1, length))
    #expect(other.count == 6)
    #expect(other == batches(schedule([1, 5], [3, 2], node: 1, length)))
    #expect(schedule([0, 0], [3, 2], .epochs(2)).stepCount == 0)
  }

  @Test func `has no step behind its end`() async {
    await #expect(processExitsWith: .failure) {
      var schedule = BatchSchedule(
        exampleCounts: [3], batches: [2], node: 0, stage: 0, length: .epochs(1), seed: 1)
      _ = schedule.examples(at: 2)
    }
  }
}
