import Archives
import Consolidation
import Tensors
import Testing
import Updates

@Suite struct `An update by sums` {
  private func update(_ count: Int) -> ConsolidatedUpdate {
    ConsolidatedUpdate(
      rule: .sum, optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 0,
      form: .gradient, count: count)
  }

  @Test func `adds what workers push, whoever has how many examples`() {
    var update = update(3)
    update.begin()
    let pushes: [(values: [Float], count: Int)] = [
      ([1, 2, 3], 1), ([10, 20, 30], 500), ([7, 7, 7], 0),
    ]
    let contributions = pushes.map {
      Contribution(gradient: Vector($0.values).view, exampleCount: $0.count)
    }
    let next = update.apply(
      block: 0..<3, contributions, weights: Vector([100, 200, 300]).view)
    #expect(next.array == [111, 222, 333])
  }

  /// Whole numbers below 2²⁴, whose sum is exact; a barrier or none makes no difference.
  @Test(arguments: [1, 2, 3] as [UInt64])
  func `has the same bits in any order, together or one after another`(seed: UInt64) {
    var random = RandomStream(seed: seed, purpose: .test)
    let count = 5_000
    let pushes = (0..<6).map { _ in
      Vector((0..<count).map { _ in Float(random.index(below: 2_000_000)) })
    }
    func contribution(_ vector: Vector) -> Contribution {
      Contribution(gradient: vector.view, exampleCount: 3)
    }
    let start = Vector(repeating: 5, count: count)
    var together = update(count)
    together.begin()
    let all = together.apply(block: 0..<count, pushes.map(contribution), weights: start.view)
    var apart = update(count)
    var weights = start
    for vector in pushes.reversed() {
      apart.begin(share: 1 / 6)
      weights = apart.apply(block: 0..<count, [contribution(vector)], weights: weights.view)
    }
    #expect(weights.array == all.array)
    let dumb = (0..<count).map { place in pushes.reduce(5.0) { $0 + Double($1[place]) } }
    #expect(all.array.map(Double.init) == dumb)
  }
}
