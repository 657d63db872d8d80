import Testing

@testable import Streams

@Suite struct `Blurry boundaries` {
  /// Two classes a task, ten examples each, as a split stream has them.
  private let split = (0..<4).map { task in
    Stage(
      tasks: [task],
      examples: (0..<20).map { Example(task: task, index: task * 20 + $0) })
  }
  private func label(_ example: Example) -> Int { example.index / 10 }

  private func mix(
    _ disjoint: Double, _ mixture: Double, seed: UInt64 = 1
  ) throws -> [Stage] {
    try BoundaryKind.blurry(disjoint: disjoint, mixture: mixture).mix(
      split, seed: seed, label: label)
  }

  /// Examples of each class outside the stage of their task.
  private func moved(_ stages: [Stage]) -> [Int] {
    var moved = [Int](repeating: 0, count: 8)
    for (number, stage) in stages.enumerated() {
      for example in stage.examples where example.task != number { moved[label(example)] += 1 }
    }
    return moved
  }

  @Test(arguments: [(0.0, 0.0), (0, 0.3), (0.5, 0.5), (0.26, 1), (1, 1)], 0..<4 as Range<UInt64>)
  func `lose no example and move the shares asked for`(shares: (Double, Double), seed: UInt64)
    throws
  {
    let mixed = try mix(shares.0, shares.1, seed: seed)
    #expect(mixed.map(\.tasks) == split.map(\.tasks))
    #expect(inOrder(mixed.flatMap(\.examples)) == split.flatMap(\.examples))
    #expect(mixed.allSatisfy { $0.examples == inOrder($0.examples) })
    // Of eight classes; ten examples each.
    let keep = Int((8 * shares.0).rounded())
    let move = Int((10 * shares.1).rounded())
    let expected = (0..<8).map { $0 < keep ? 0 : move }
    #expect(moved(mixed).sorted() == expected.sorted())
  }

  @Test func `are hard when asked for, or where there is one stage`() throws {
    let hard = try BoundaryKind.hard.mix(split, seed: 1, label: label)
    #expect(hard.map(\.examples) == split.map(\.examples))
    let single = try BoundaryKind.blurry(disjoint: 0, mixture: 1).mix(
      [split[0]], seed: 1, label: label)
    #expect(single.map(\.examples) == [split[0].examples])
  }

  @Test func `move everything to the other of two stages`() throws {
    let mixed = try BoundaryKind.blurry(disjoint: 0, mixture: 1).mix(
      Array(split.prefix(2)), seed: 1, label: label)
    #expect(mixed.map(\.examples) == [split[1].examples, split[0].examples])
  }

  @Test func `tell the same class of different tasks apart`() throws {
    let toy = ToyStages(count: 3, size: 20, classCount: 2)
    let mixed = try BoundaryKind.blurry(disjoint: 0.5, mixture: 1).mix(
      toy.stages, seed: 1, label: toy.label)
    // Three of six pairs keep their ten examples.
    let kept = mixed.enumerated().reduce(0) { sum, stage in
      sum + stage.element.examples.count { $0.task == stage.offset }
    }
    #expect(kept == 30)
  }

  @Test func `choose classes and stages alike`() throws {
    var stays = [Int](repeating: 0, count: 8)
    var arrivals = [Int](repeating: 0, count: 4)
    for seed in 0..<400 as Range<UInt64> {
      let mixed = try mix(0.25, 0.5, seed: seed)
      for (label, count) in moved(mixed).enumerated() where count == 0 { stays[label] += 1 }
      for stage in 0..<4 { arrivals[stage] += mixed[stage].examples.count { $0.task == 0 } }
    }
    // 400 throws at ¼: standard deviation 8.7.
    for count in stays { #expect((56...144).contains(count)) }
    // Of 8,000 examples of task 0, about 3,000 move: 1,000 to each other stage.
    for stage in 1..<4 { #expect(abs(arrivals[stage] - 1000) < 150) }
    #expect(try mix(0.25, 0.5).map(\.examples) == mix(0.25, 0.5).map(\.examples))
  }

  @Test func `name shares out of range`() {
    #expect(throws: DataError("arrival.disjoint is 1.5; use a share from 0 to 1")) {
      try mix(1.5, 0)
    }
    #expect(throws: DataError("arrival.mixture is nan; use a share from 0 to 1")) {
      try mix(0, .nan)
    }
  }

  @Test func `are seen in the table by task and by stage`() throws {
    let stream = try TaskStream(
      specification(.split(.explicit([[0, 1], [2, 3]])), tasks: 2),
      data: try toySet(classCount: 4, perClass: 6), seed: 1)
    let stages = try BoundaryKind.blurry(disjoint: 0, mixture: 0.5).mix(
      stream.stages(joint: false), seed: 1
    ) { stream.data.train.label($0.index) }
    let table = PlacementTable(stages.map { [$0.examples] }, stream: stream)
    #expect(table.counts == [[[6, 0], [6, 0], [0, 6], [0, 6]]])
    #expect(table.byStage == [[[3, 3, 3, 3], [3, 3, 3, 3]]])
  }
}
