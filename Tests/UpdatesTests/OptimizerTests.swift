import Tensors
import Testing

@testable import Updates

/// One element, one rule, written down as in the papers.
struct DumbOptimizer {
  let specification: OptimizerSpecification
  var first: Float = 0
  var second: Float = 0
  var steps = 0

  mutating func step(_ weight: Float, _ gradient: Float) -> Float {
    let rate = specification.schedule.rate(atStep: steps, base: specification.rate)
    steps += 1
    switch specification.kind {
    case .sgd: return weight - rate * gradient
    case .momentum:
      first = specification.momentum * first + gradient
      return weight - rate * first
    case .nesterov:
      first = specification.momentum * first + gradient
      return weight - rate * (gradient + specification.momentum * first)
    case .adam:
      let (beta1, beta2) = (Double(specification.beta1), Double(specification.beta2))
      first = specification.beta1 * first + (1 - specification.beta1) * gradient
      second = specification.beta2 * second + (1 - specification.beta2) * gradient * gradient
      var (power1, power2) = (1.0, 1.0)
      for _ in 0..<steps {
        power1 *= beta1
        power2 *= beta2
      }
      let mean = Double(first) / (1 - power1)
      let square = Double(second) / (1 - power2)
      return weight - Float(Double(rate) * mean / (square.squareRoot() + 1e-8))
    }
  }
}

@Suite struct Optimizers {
  private static func specification(_ kind: OptimizerSpecification.Kind) -> OptimizerSpecification {
    OptimizerSpecification(kind: kind, rate: kind == .adam ? 0.05 : 0.02)
  }

  private static func run(
    _ optimizer: inout Optimizer, _ weights: Vector, _ direction: Vector, tiles: [Range<Int>]
  ) -> Vector {
    let next = Vector(count: weights.count)
    optimizer.beginStep()
    for tile in tiles {
      optimizer.step(
        tile, weights: weights.base + tile.lowerBound, direction: direction.base + tile.lowerBound,
        into: next.base + tile.lowerBound)
    }
    return next
  }

  @Test(arguments: OptimizerSpecification.Kind.allCases)
  func `does what the dumb rule does, element by element`(kind: OptimizerSpecification.Kind) {
    let count = 37
    var optimizer = Optimizer(Self.specification(kind), count: count)
    var dumb = Array(
      repeating: DumbOptimizer(specification: Self.specification(kind)), count: count)
    var random = RandomStream(seed: 3, purpose: .test)
    var weights = Vector((0..<count).map { _ in Float(random.normal()) })
    var expected = weights.array
    for _ in 0..<20 {
      let direction = Vector((0..<count).map { _ in Float(random.normal()) })
      weights = Self.run(&optimizer, weights, direction, tiles: [0..<count])
      for index in 0..<count {
        expected[index] = dumb[index].step(expected[index], direction[index])
      }
      for index in 0..<count { #expect(abs(weights[index] - expected[index]) < 2e-5) }
    }
  }

  @Test(arguments: OptimizerSpecification.Kind.allCases, [1, 7, 16, 33])
  func `gives the same bits however it is cut into tiles`(
    kind: OptimizerSpecification.Kind, size: Int
  ) {
    let count = 101
    var whole = Optimizer(Self.specification(kind), count: count)
    var cut = whole
    var random = RandomStream(seed: 4, purpose: .test)
    var (a, b) = (Vector(repeating: 1, count: count), Vector(repeating: 1, count: count))
    for _ in 0..<5 {
      let direction = Vector((0..<count).map { _ in Float(random.normal()) })
      a = Self.run(&whole, a, direction, tiles: [0..<count])
      b = Self.run(&cut, b, direction, tiles: (0..<count).pieces(of: size))
    }
    #expect(a.array == b.array)
  }

  @Test(arguments: OptimizerSpecification.Kind.allCases)
  func `comes down a parabola and along Rosenbrock's valley`(kind: OptimizerSpecification.Kind) {
    var optimizer = Optimizer(
      OptimizerSpecification(kind: kind, rate: kind == .adam ? 0.02 : 5e-4), count: 2)
    var weights = Vector([-1, 1])
    func loss(_ v: Vector) -> Float {
      (1 - v[0]) * (1 - v[0]) + 100 * (v[1] - v[0] * v[0]) * (v[1] - v[0] * v[0])
    }
    let start = loss(weights)
    for _ in 0..<4000 {
      let (x, y) = (weights[0], weights[1])
      let direction = Vector([-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)])
      weights = Self.run(&optimizer, weights, direction, tiles: [0..<2])
    }
    #expect(loss(weights) < 0.2 * start)
  }

  @Test func `a copy keeps its own state`() {
    var original = Optimizer(OptimizerSpecification(kind: .momentum, rate: 1), count: 1)
    let copy = original
    let (zero, one) = (Vector([0]), Vector([1]))
    _ = Self.run(&original, zero, one, tiles: [0..<1])
    _ = Self.run(&original, zero, one, tiles: [0..<1])
    var fresh = copy
    // v = 1 after one step; the original's would be 0.9 · 1.9 + 1.
    #expect(Self.run(&fresh, zero, one, tiles: [0..<1])[0] == -1)
  }

  @Test func `forgets its state when reset`() {
    var optimizer = Optimizer(OptimizerSpecification(kind: .adam, rate: 0.1), count: 1)
    let first = Self.run(&optimizer, Vector([0]), Vector([2]), tiles: [0..<1])[0]
    _ = Self.run(&optimizer, Vector([0]), Vector([-5]), tiles: [0..<1])
    optimizer.reset()
    #expect(Self.run(&optimizer, Vector([0]), Vector([2]), tiles: [0..<1])[0] == first)
  }

  @Test func `schedules follow their formulas`() {
    #expect(RateSchedule.constant.rate(atStep: 99, base: 0.5) == 0.5)
    let step = RateSchedule.step(every: 10, factor: 0.1)
    #expect(step.rate(atStep: 9, base: 1) == 1)
    #expect(abs(step.rate(atStep: 25, base: 1) - 0.01) < 1e-8)
    let cosine = RateSchedule.cosine(steps: 100, floor: 0.2)
    #expect(cosine.rate(atStep: 0, base: 2) == 2)
    #expect(abs(cosine.rate(atStep: 50, base: 2) - 1.2) < 1e-6)
    #expect(abs(cosine.rate(atStep: 500, base: 2) - 0.4) < 1e-6)
    let milestones = RateSchedule.milestones([
      RateSchedule.Milestone(step: 3, factor: 2), RateSchedule.Milestone(step: 7, factor: 0.5),
    ])
    #expect(
      [0, 2, 3, 6, 7, 99].map { milestones.rate(atStep: $0, base: 4) } == [4, 4, 8, 8, 2, 2])
    #expect(RateSchedule.milestones([]).rate(atStep: 9, base: 4) == 4)
  }
}

@Suite struct `Weighted mean` {
  private func mean(_ gradients: [[Float]], _ counts: [Int]) -> [Float] {
    let vectors = gradients.map { Vector($0) }
    let result = Vector(repeating: 9, count: vectors[0].count)
    WeightedMean(exampleCounts: counts).write(
      vectors.map { UnsafePointer($0.base) }, to: result.base, count: result.count)
    return withExtendedLifetime(vectors) { result.array }
  }

  @Test func `weighs workers by their examples`() {
    #expect(mean([[1, 2], [4, 8]], [1, 3]) == [3.25, 6.5])
  }

  @Test func `one worker's mean is its gradient, bit for bit`() {
    let gradient: [Float] = [0.1, -0.3, 1e-38, 3]
    #expect(mean([gradient], [7]) == gradient)
    #expect(mean([[5, 5, 5, 5], gradient], [0, 7]) == gradient)
  }

  @Test func `nobody's mean is zero`() {
    #expect(mean([[1, 2]], [0]) == [0, 0])
  }
}
