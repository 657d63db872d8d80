import Tensors
import Testing

@testable import Consolidation

@Suite struct `Sums that are squared once they are added` {
  private func mean(_ parts: [(sum: [Float], count: Int)]) throws -> [Float] {
    var mean = ImportanceMean(count: 2, rule: .squaredMeans(count: 2))
    for (worker, part) in parts.enumerated() {
      try mean.enter(worker: worker, sum: [Vector(part.sum).view], exampleCount: part.count)
    }
    return try mean.mean().array
  }

  @Test func `are squares of the means over all workers' examples`() throws {
    // Part 0: [4, −2] + [0, 2] over 4 examples; part 1: [−8, 1] + [4, 3].
    #expect(try mean([([4, -2, -8, 1], 1), ([0, 2, 4, 3], 3)]) == [1 + 1, 0 + 1])
  }

  @Test func `do not depend on how examples fall to workers`() throws {
    #expect(try mean([([4, 0, -4, 4], 4)]) == mean([([3, -1, -1, 3], 1), ([1, 1, -3, 1], 3)]))
  }

  @Test func `must be as many as there are parts, and finite`() {
    var mean = ImportanceMean(count: 2, rule: .squaredMeans(count: 2))
    let short = Vector([1, 2]).view
    #expect(throws: ImportanceError.wrongCount(worker: 0, expected: 4, got: 2)) {
      try mean.enter(worker: 0, sum: [short], exampleCount: 1)
    }
    #expect(throws: ImportanceError.notFinite(worker: 0)) {
      try mean.enter(worker: 0, sum: [short, Vector([1, .nan]).view], exampleCount: 1)
    }
  }

  @Test func `of workers with anchors of their own pull to the anchors' mean`() throws {
    var penalty = FoldedPenalty(strength: 1, rule: .squaredMeans(count: 1), count: 1)
    let estimates = [(2, 1, 4), (6, 3, 8)].enumerated().map { worker, found in
      ImportanceEstimate(
        worker: worker, sum: [Vector([Float(found.0)]).view], exampleCount: found.1,
        anchor: Vector([Float(found.2)]).view)
    }
    try penalty.enter(estimates, of: 0, rule: FoldRule())
    // ((2 + 6) / 4)² · (4 + 3 · 8) / 4
    #expect(penalty.importance?.array == [4] && penalty.weightedAnchor?.array == [28])
  }
}

@Suite struct `The centre of a penalty` {
  @Test func `is V/U, and the weights at hand to the bit where V was folded from them`() {
    var penalty = FoldedPenalty(strength: 1, count: 4)
    #expect(penalty.centre(0..<4, held: Vector(count: 4).view) == nil)
    let anchor: [Float] = [0.1, 0.7, -3, 5]
    penalty.fold(
      importance: Vector([3, 0, 2, 4]).view, anchor: Vector(anchor).view, rule: FoldRule())
    let held = penalty.centre(0..<4, held: Vector(anchor).view)
    #expect(held?.array == anchor)
    // Of nothing that holds it a weight is its own centre.
    let others = penalty.centre(1..<4, held: Vector([9, 9, 9]).view)
    #expect(others?.array == [9, -3, 5])
  }

  @Test func `is hard to leave for a gradient where the penalty is stiff`() {
    let found = HeldPenalty.mobility(importance: Vector([0, 1, 3]).view, stiffness: 2)
    #expect(found.array == [1, 1 / 3, 1 / 7])
  }
}
