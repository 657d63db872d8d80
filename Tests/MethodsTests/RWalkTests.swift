import Consolidation
import Methods
import Tensors
import Testing

/// A step of one weight: its gradient, and where it goes.
private typealias Step = (gradient: Float, next: Float)

/// Walks of some weights at once.
private struct Walk {
  var path: RiemannianWalk
  var weights: Vector

  init(from start: [Float], damping: Float = 0.5, window: Int = 2) {
    weights = Vector(start)
    path = RiemannianWalk(damping: damping, window: window).begun(at: [weights.view])
  }

  mutating func step(_ steps: [Step]) {
    let gradient = Vector(steps.map(\.gradient))
    let next = Vector(steps.map(\.next))
    path.beginStep()
    path.gather(
      0..<steps.count, gradient: gradient.base, scale: 1, weights: weights.base, next: next.base)
    weights = next
  }

  mutating func beginTask() { path = path.begun(at: [weights.view]) }

  var maxima: [Double] { path.maxima(at: weights.view) }
  func importance(scaledBy maxima: [Double]) -> [Float] {
    path.importance(at: weights.view, scaledBy: maxima).array
  }
}

@Suite struct `Riemannian walk` {
  @Test func `holds on to the latest task only`() {
    var method = RWalk()
    method.strength = 2
    let penalty = method.penalty
    #expect(penalty?.fold == FoldRule(decay: 0, anchor: .latest) && penalty?.strength == 2)
    #expect(penalty?.path is RiemannianWalk && penalty?.path?.readsSteps == true)
  }

  /// Δt = 2 and ε = 0.5.
  @Test func `of one weight, by hand`() {
    var walk = Walk(from: [1])
    walk.step([(gradient: 2, next: 0.5)])
    walk.step([(gradient: 1, next: 0.25)])
    // s = (2·0.5 + 1·0.25) / (0 + 0.5) = 2.5, F = 0.9/2 (4 + 1) = 2.25
    expect(walk.maxima, [2.25, 2.5])
    walk.step([(gradient: -1, next: 0.5)])
    // s += 0.25 / (2.25·0.25² + 0.5), F = 0.1·2.25 + 0.9/2 (4 + 1 + 1)
    expect(walk.maxima, [2.925, 2.8902439])

    walk.beginTask()
    walk.step([(gradient: 4, next: 0)])
    // F = 0.1·2.925 + 0.9/2 · 16; s += 1/3 · 4·0.5 / (2.925·0.5² + 0.5)
    expect(walk.maxima, [7.4925, 3.4316999])
    #expect(walk.importance(scaledBy: walk.maxima) == [2])
    expect(walk.importance(scaledBy: [14.985, 34.316999]).map(Double.init), [0.6])
  }

  /// Tasks of one step from θ to θ − 1, which saves g and has the length F + ε.
  @Test func `adds scores up as the authors do, but for a factor`() {
    let savings: [[Float]] = [[1, 4, 2], [5, 0, 3], [1, 1, 7], [2, 6, 1]]
    var walk = Walk(from: [0, 0, 0], window: 100)
    var authors = [0.0, 0, 0]
    for (task, saving) in savings.enumerated() {
      if task > 0 { walk.beginTask() }
      let weights = walk.weights
      walk.step((0..<3).map { (gradient: saving[$0], next: weights[$0] - 1) })
      let fisher = earlierFisher(savings[..<task])
      for index in 0..<3 {
        let new = Double(saving[index]) / (fisher[index] + 0.5)
        authors[index] += (authors[index] + (task == 0 ? 2 * new : new)) / 2
      }
      let factor = authors[0] / Double(walk.importance(scaledBy: [0, 1])[0])
      expect(walk.importance(scaledBy: [0, 1]).map { factor * Double($0) }, authors)
    }
  }

  /// F of tasks of one step each, Δt = 100.
  private func earlierFisher(_ tasks: ArraySlice<[Float]>) -> [Double] {
    tasks.reduce([0, 0, 0]) { fisher, gradients in
      zip(fisher, gradients).map { 0.1 * $0 + 0.009 * Double($1 * $1) }
    }
  }

  private func expect(
    _ values: [Double], _ expected: [Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(values.count == expected.count, sourceLocation: sourceLocation)
    for (value, target) in zip(values, expected) {
      #expect(abs(value - target) < 1e-6 * target, sourceLocation: sourceLocation)
    }
  }

  /// Up the slope counts nothing, and nor does a weight that stays.
  @Test func `counts only ways that lower the loss`() {
    var walk = Walk(from: [1, 1, 1])
    for _ in 0..<3 {
      let weights = walk.weights
      walk.step([
        (gradient: 1, next: weights[0]), (gradient: 1, next: weights[1] + 1),
        (gradient: 0, next: weights[2] - 1),
      ])
    }
    #expect(walk.maxima[1] == 0)
    #expect(walk.importance(scaledBy: walk.maxima) == [1, 1, 0])
  }

  @Test func `of nothing is nothing`() {
    let walk = Walk(from: [1, 2])
    #expect(walk.maxima == [0, 0])
    #expect(walk.importance(scaledBy: [0, 0]) == [0, 0])
  }

  /// Weights that go down random slopes, and what they come to if some shards have them.
  private func importance(
    seed: UInt64, shards: [Range<Int>], blockCount: Int = 1
  ) -> (importance: [Float], maxima: [Double]) {
    let count = 60
    var random = RandomStream(seed: seed, purpose: .test)
    func draw() -> Vector { Vector((0..<count).map { _ in Float(random.normal()) }) }
    var weights = draw()
    var paths = shards.map { shard in
      RiemannianWalk(damping: 0.01, window: 3).begun(at: [weights[shard]])
    }
    for step in 0..<17 {
      if step == 8 {
        for (index, shard) in shards.enumerated() {
          paths[index] = paths[index].begun(at: [weights[shard]])
        }
      }
      let (gradient, way) = (draw(), draw())
      let next = Vector((0..<count).map { weights[$0] + 0.1 * way[$0] })
      for (index, shard) in shards.enumerated() {
        paths[index].beginStep()
        for block in (0..<shard.count).pieces(of: (shard.count + blockCount - 1) / blockCount) {
          let first = shard.lowerBound + block.lowerBound
          paths[index].gather(
            block, gradient: gradient.base + first, scale: 0.5, weights: weights.base + first,
            next: next.base + first)
        }
      }
      weights = next
    }
    let maxima = zip(paths, shards).map { path, shard in path.maxima(at: weights[shard]) }
    let all = (0..<2).map { place in maxima.map { $0[place] }.max() ?? 0 }
    let importance = zip(paths, shards).flatMap { path, shard in
      path.importance(at: weights[shard], scaledBy: all).array
    }
    return (importance, all)
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `is the same for any shards and blocks`(seed: UInt64) {
    let whole = importance(seed: seed, shards: [0..<60])
    #expect(whole.importance.contains { $0 > 0 })
    for shards in [[0..<30, 30..<60], [0..<1, 1..<59, 59..<60], [0..<20, 20..<40, 40..<60]] {
      let parts = importance(seed: seed, shards: shards, blockCount: 4)
      #expect(parts.importance == whole.importance && parts.maxima == whole.maxima)
    }
  }

  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `has a largest scaled value of one in both parts`(seed: UInt64) {
    var walk = Walk(from: [0, 0, 0], damping: 0.001)
    var random = RandomStream(seed: seed, purpose: .test)
    for _ in 0..<7 {
      let weights = walk.weights
      walk.step(
        (0..<3).map { index in
          let gradient = Float(random.normal())
          return (gradient: gradient, next: weights[index] - 0.1 * gradient)
        })
    }
    #expect(walk.importance(scaledBy: [walk.maxima[0], 0]).max() == 1)
    #expect(walk.importance(scaledBy: [0, walk.maxima[1]]).max() == 1)
  }

  @Test func `a copy does not see what follows`() {
    var walk = Walk(from: [1])
    walk.step([(gradient: 2, next: 0.5)])
    let copy = walk
    for _ in 0..<5 { walk.step([(gradient: 3, next: walk.weights[0] - 1)]) }
    // F = 0.9/2 · 2², s = 2·0.5 / 0.5
    expect(copy.maxima, [1.8, 2])
    #expect(walk.maxima[0] > 1.8)
  }
}
