import Tensors
import Testing
import Updates

@testable import Consolidation

private func vector(_ seed: UInt64, _ count: Int, positive: Bool = false) -> Vector {
  var random = RandomStream(seed: seed, purpose: .test)
  return Vector(
    (0..<count).map { _ in positive ? random.uniform() : Float(random.normal()) })
}

private func gradient(_ penalty: FoldedPenalty, at weights: Vector) -> [Float] {
  let direction = Vector(count: weights.count)
  penalty.addGradient(0..<weights.count, weights: weights.base, to: direction.base)
  return direction.array
}

@Suite struct `Folded penalty` {
  @Test func `has the gradient computed by hand`() {
    var penalty = FoldedPenalty(strength: 2, count: 2)
    penalty.fold(
      importance: Vector([1, 3]).view, anchor: Vector([1, 0.5]).view, rule: FoldRule())
    // 2 · (1 · 2 − 1 · 1) and 2 · (3 · 1 − 3 · 0.5)
    #expect(gradient(penalty, at: Vector([2, 1])) == [2, 3])
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `equals the explicit sum of one penalty per task`(seed: UInt64) {
    let count = 50
    var penalty = FoldedPenalty(strength: 3, count: count)
    var terms: [(Vector, Vector)] = []
    for task in 0..<4 {
      let omega = vector(seed * 10 + UInt64(task), count, positive: true)
      let anchor = vector(seed * 10 + UInt64(task) + 500, count)
      terms.append((omega, anchor))
      penalty.fold(importance: omega.view, anchor: anchor.view, rule: FoldRule())
    }
    let weights = vector(seed + 9_000, count)
    let folded = gradient(penalty, at: weights)
    for index in 0..<count {
      let explicit = terms.reduce(0.0) {
        $0 + 3 * Double($1.0[index]) * (Double(weights[index]) - Double($1.1[index]))
      }
      #expect(abs(Double(folded[index]) - explicit) < 1e-4)
    }
  }

  @Test func `finite differences of the explicit penalty confirm it`() {
    let omega: [Double] = [0.5, 2, 0]
    let anchor: [Double] = [1, -1, 4]
    func value(_ weights: [Double]) -> Double {
      0.7 / 2
        * (0..<3).reduce(0.0) { sum, index in
          let gap = weights[index] - anchor[index]
          return sum + omega[index] * gap * gap
        }
    }
    var penalty = FoldedPenalty(strength: 0.7, count: 3)
    penalty.fold(
      importance: Vector(omega.map { Float($0) }).view,
      anchor: Vector(anchor.map { Float($0) }).view, rule: FoldRule())
    let weights = [0.3, 0.4, 0.5]
    let found = gradient(penalty, at: Vector(weights.map { Float($0) }))
    for index in 0..<3 {
      var (up, down) = (weights, weights)
      up[index] += 1e-5
      down[index] -= 1e-5
      #expect(abs((value(up) - value(down)) / 2e-5 - Double(found[index])) < 1e-4)
    }
  }

  @Test func `decay counts once and the latest anchor replaces the others`() {
    var own = FoldedPenalty(strength: 1, count: 1)
    var latest = FoldedPenalty(strength: 1, count: 1)
    for (omega, anchor) in [(Float(4), Float(1)), (2, 3)] {
      own.fold(
        importance: Vector([omega]).view, anchor: Vector([anchor]).view,
        rule: FoldRule(decay: 0.5, anchor: .own))
      latest.fold(
        importance: Vector([omega]).view, anchor: Vector([anchor]).view,
        rule: FoldRule(decay: 0.5, anchor: .latest))
    }
    // U = 0.5 · 4 + 2; V = 0.5 · 4 · 1 + 2 · 3 or U · 3.
    #expect(own.importance?.array == [4] && own.weightedAnchor?.array == [8])
    #expect(latest.importance?.array == [4] && latest.weightedAnchor?.array == [12])
  }

  @Test(arguments: 0..<5 as Range<UInt64>)
  func `vanishes exactly at the anchor of a single task`(seed: UInt64) {
    let (omega, anchor) = (vector(seed, 64, positive: true), vector(seed + 1, 64))
    var penalty = FoldedPenalty(strength: 1e6, count: 64)
    penalty.fold(importance: omega.view, anchor: anchor.view, rule: FoldRule())
    #expect(gradient(penalty, at: anchor).allSatisfy { $0 == 0 })
  }

  @Test func `the proximal step is the minimiser of its problem`() {
    var penalty = FoldedPenalty(strength: 5, count: 1)
    penalty.fold(importance: Vector([3]).view, anchor: Vector([2]).view, rule: FoldRule())
    let next = Vector([-1])
    penalty.applyProximal(0..<1, rate: 0.1, to: next.base)
    // argmin ½(x + 1)² + 0.1 · 5/2 · 3 (x − 2)²: x + 1 + 1.5 (x − 2) = 0, x = 0.8
    #expect(abs(next[0] - 0.8) < 1e-6)
    for other: Float in [0.7, 0.79, 0.81, 0.9] {
      func cost(_ x: Float) -> Float { 0.5 * (x + 1) * (x + 1) + 0.75 * (x - 2) * (x - 2) }
      #expect(cost(next[0]) < cost(other))
    }
  }

  @Test func `the proximal form stays where the explicit one diverges`() {
    func distance(_ form: PenaltyForm) -> Float {
      var update = ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 1e4, form: form,
        count: 1)
      update.fold(importance: Vector([1]).view, anchor: Vector([0]).view, rule: FoldRule())
      var weights = Vector([1]).view
      for _ in 0..<20 {
        update.begin()
        weights =
          update.apply(
            block: 0..<1, [Contribution(gradient: Vector([0]).view, exampleCount: 1)],
            weights: weights
          ).view
      }
      return weights[0].magnitude
    }
    #expect(distance(.proximal) < 1e-6)
    #expect(!(distance(.gradient) < 1e6))
  }

  @Test(arguments: [FoldRule.Anchor.own, .latest])
  func `stages entered together are stages entered one after another`(
    anchor: FoldRule.Anchor
  ) throws {
    let count = 20
    let rule = FoldRule(decay: 0.5, anchor: anchor)
    let groups = (0..<3).map { stage in
      let salt = UInt64(stage)
      let estimates = [0, 1].map { worker in
        ImportanceEstimate(
          worker: worker, sum: [vector(10 + salt + UInt64(worker), count, positive: true).view],
          exampleCount: 1 + stage, anchor: vector(50 + salt, count).view)
      }
      return (stage: stage, estimates: estimates)
    }
    var (together, apart) = (
      FoldedPenalty(strength: 2, count: count), FoldedPenalty(strength: 2, count: count)
    )
    try together.enter(groups + [(stage: 9, estimates: [])], rule: rule)
    for group in groups { try apart.enter(group.estimates, of: group.stage, rule: rule) }
    let weights = vector(99, count)
    let before = gradient(together, at: weights)
    #expect(before == gradient(apart, at: weights) && before.contains { $0 != 0 })
    // One that is none changes nothing, whatever came with it.
    let negative = ImportanceEstimate(
      worker: 4, sum: [Vector(repeating: -1, count: count).view], exampleCount: 1,
      anchor: weights.view)
    #expect(throws: ImportanceError.negative(worker: 4)) {
      try together.enter([(0, groups[2].estimates), (7, [negative])], rule: rule)
    }
    #expect(gradient(together, at: weights) == before)
  }

  @Test func `a copy keeps what it had`() {
    var penalty = FoldedPenalty(strength: 1, count: 1)
    penalty.fold(importance: Vector([1]).view, anchor: Vector([1]).view, rule: FoldRule())
    let copy = penalty
    penalty.fold(importance: Vector([9]).view, anchor: Vector([9]).view, rule: FoldRule())
    #expect(copy.importance?.array == [1])
  }
}

@Suite struct `Importance mean` {
  @Test(arguments: [1, 2, 3, 7])
  func `does not depend on how examples are dealt to workers`(workers: Int) throws {
    let examples = (0..<21).map { vector(UInt64($0), 8, positive: true) }
    var mean = ImportanceMean(count: 8)
    for (worker, range) in evenRanges(of: 21, parts: workers).enumerated().reversed() {
      let sum = Vector(count: 8)
      for index in range { Kernels.add(examples[index].base, to: sum.base, count: 8) }
      try mean.enter(worker: worker, sum: [sum[0..<5], sum[5..<8]], exampleCount: range.count)
    }
    let result = try mean.mean()
    for index in 0..<8 {
      let expected = examples.reduce(0.0) { $0 + Double($1[index]) } / 21
      #expect(abs(Double(result[index]) - expected) < 1e-6)
    }
  }

  @Test func `refuses what cannot be an importance, naming the worker`() throws {
    var mean = ImportanceMean(count: 2)
    #expect(throws: ImportanceError.noExamples) { try mean.mean() }
    #expect(throws: ImportanceError.wrongCount(worker: 1, expected: 2, got: 1)) {
      try mean.enter(worker: 1, sum: [Vector([1]).view], exampleCount: 1)
    }
    #expect(throws: ImportanceError.negative(worker: 2)) {
      try mean.enter(worker: 2, sum: [Vector([1, -1]).view], exampleCount: 1)
    }
    #expect(throws: ImportanceError.notFinite(worker: 3)) {
      try mean.enter(worker: 3, sum: [Vector([1, .nan]).view], exampleCount: 1)
    }
    try mean.enter(worker: 0, sum: [Vector([1, 2]).view], exampleCount: 1)
    #expect(throws: ImportanceError.repeated(worker: 0)) {
      try mean.enter(worker: 0, sum: [Vector([1, 2]).view], exampleCount: 1)
    }
  }
}

@Suite struct `Path integral` {
  @Test func `is the loss that a weight's way has saved`() {
    // Loss ½ a θ², plain steps: ω → ½ a (θ₀² − θ_T²) as steps get small.
    var update = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 1e-3), strength: 0, form: .gradient,
      gathers: SynapticIntelligence(damping: 0.1), count: 2)
    var weights = Vector([2, -1]).view
    update.beginPath(of: 0, at: [weights])
    for _ in 0..<400 {
      update.begin()
      let gradient = Vector([3 * weights[0], 0])
      weights =
        update.apply(
          block: 0..<2, [Contribution(gradient: gradient.view, exampleCount: 4)],
          weights: weights
        ).view
    }
    let omega = update.gatheredImportance(of: 0, at: weights)
    let saved = 1.5 * (4 - weights[0] * weights[0])
    let way = weights[0] - 2
    #expect(abs((omega?[0] ?? 0) - saved / (way * way + 0.1)) < 0.02)
    #expect(omega?[1] == 0)
  }

  @Test func `leaves the penalty's own gradient out`() {
    // No task gradient at all: whatever the penalty does, nothing is saved.
    var update = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 1, form: .gradient,
      gathers: SynapticIntelligence(damping: 0.1), count: 1)
    update.fold(importance: Vector([1]).view, anchor: Vector([0]).view, rule: FoldRule())
    var weights = Vector([1]).view
    update.beginPath(of: 0, at: [weights])
    for _ in 0..<10 {
      update.begin()
      weights =
        update.apply(
          block: 0..<1, [Contribution(gradient: Vector([0]).view, exampleCount: 1)],
          weights: weights
        ).view
    }
    #expect(weights[0] < 0.5)
    #expect(update.gatheredImportance(of: 0, at: weights)?[0] == 0)
  }
}

@Suite struct `Consolidated update` {
  @Test(arguments: [PenaltyForm.gradient, .proximal], OptimizerSpecification.Kind.allCases)
  func `gives the same bits in one shard or several`(
    form: PenaltyForm, kind: OptimizerSpecification.Kind
  ) {
    let count = 5_000
    let (omega, anchor, start) = (
      vector(1, count, positive: true), vector(2, count), vector(3, count)
    )
    func run(_ shards: [Range<Int>]) -> [Float] {
      shards.flatMap { shard -> [Float] in
        var update = ConsolidatedUpdate(
          optimizer: OptimizerSpecification(kind: kind, rate: 0.01), strength: 2, form: form,
          gathers: SynapticIntelligence(damping: 0.1), count: shard.count)
        update.fold(importance: omega[shard], anchor: anchor[shard], rule: FoldRule())
        var weights = Vector(copying: start[shard]).view
        update.beginPath(of: 0, at: [weights])
        for step in 0..<3 {
          let gradients = (0..<2).map { vector(UInt64(10 + 2 * step + $0), count)[shard] }
          update.begin()
          weights =
            update.apply(
              block: 0..<shard.count,
              zip(gradients, [3, 5]).map { Contribution(gradient: $0, exampleCount: $1) },
              weights: weights
            ).view
        }
        return weights.array
      }
    }
    #expect(run([0..<count]) == run([0..<1, 1..<2_049, 2_049..<count]))
  }

  @Test(arguments: OptimizerSpecification.Kind.allCases)
  func `strength 0 changes no bit`(kind: OptimizerSpecification.Kind) {
    func run(folding: Bool) -> [Float] {
      var update = ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: kind, rate: 0.01), strength: 0, form: .gradient,
        count: 64)
      if folding {
        update.fold(
          importance: vector(1, 64, positive: true).view, anchor: vector(2, 64).view,
          rule: FoldRule())
      }
      var weights = vector(3, 64).view
      for step in 0..<5 {
        update.begin()
        weights =
          update.apply(
            block: 0..<64,
            [Contribution(gradient: vector(UInt64(step + 20), 64).view, exampleCount: 1)],
            weights: weights
          ).view
      }
      return weights.array
    }
    #expect(run(folding: true) == run(folding: false))
  }
}

@Suite struct `Penalty diagnostics` {
  @Test func `count, sum and bound what is there`() {
    var penalty = FoldedPenalty(strength: 10, count: 4)
    penalty.fold(
      importance: Vector([0, 0.1, 1, 4]).view, anchor: Vector([0, 0, 0, 0]).view,
      rule: FoldRule())
    let found = PenaltyDiagnostics(penalty, at: Vector([1, 1, 1, 1]).view, rate: 0.1)
    // ηλU = 0, 0.1, 1, 4
    #expect(found.divergingCount == 1 && abs(found.curvatureMaximum - 4) < 1e-6)
    #expect(abs(found.foldedSum - 5.1) < 1e-6)
    #expect(abs(found.squaredGradientNorm - (1 + 100 + 1600)) < 1e-3)
    #expect(found.curvatureQuantile(0.25) == 0)
    #expect((0.1...0.1 * 2.squareRoot()).contains(found.curvatureQuantile(0.5)))
    #expect(found.histogram.reduce(0, +) == 4)
  }

  @Test func `two shards together are the whole`() {
    let (omega, anchor) = (vector(1, 100, positive: true), vector(2, 100))
    let weights = vector(3, 100)
    func measure(_ range: Range<Int>) -> PenaltyDiagnostics {
      var penalty = FoldedPenalty(strength: 3, count: range.count)
      penalty.fold(importance: omega[range], anchor: anchor[range], rule: FoldRule())
      return PenaltyDiagnostics(penalty, at: weights[range], rate: 0.5)
    }
    let (whole, parts) = (measure(0..<100), measure(0..<33).merging(measure(33..<100)))
    #expect(whole.histogram == parts.histogram && whole.divergingCount == parts.divergingCount)
    #expect(abs(whole.squaredGradientNorm - parts.squaredGradientNorm) < 1e-6)
    #expect(whole.curvatureMaximum == parts.curvatureMaximum)
  }

  @Test(arguments: [1e-13, 1e-12, 0.003, 0.7, 1, 1.5, 2, 3, 1e11])
  func `a value lies under the edge of its bin`(value: Double) {
    let bin = PenaltyDiagnostics.bin(of: value)
    #expect(bin == 0 || value <= PenaltyDiagnostics.edge(of: bin))
    #expect(bin <= 1 || value >= PenaltyDiagnostics.edge(of: bin) / 2.0.squareRoot() * 0.999)
  }
}
