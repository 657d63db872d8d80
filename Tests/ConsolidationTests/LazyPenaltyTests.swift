import Tensors
import Testing
import Updates

@testable import Consolidation

private let count = 3000

/// A gradient of which only a few values are not zero.
private func sparse(_ seed: UInt64, step: Int, density: Double = 0.02) -> Vector {
  var random = RandomStream(seed: seed, purpose: .test, step: step)
  return Vector(
    (0..<count).map { _ in
      let value = Float(random.normal())
      return Double(random.uniform()) < density ? value : 0
    })
}

private func update(_ form: PenaltyForm, isLazy: Bool, gathers: (any PathImportance)? = nil)
  -> ConsolidatedUpdate
{
  var update = ConsolidatedUpdate(
    optimizer: OptimizerSpecification(kind: .sgd, rate: 0.05), strength: 4, form: form,
    gathers: gathers, isLazy: isLazy, count: count)
  fold(into: &update, seed: 900)
  return update
}

private func fold(into update: inout ConsolidatedUpdate, seed: UInt64) {
  var random = RandomStream(seed: seed, purpose: .test)
  // Four of them make at most ηλU = 1; a third of the places have none.
  let omega = Vector((0..<count).map { $0 % 3 == 0 ? 0 : 1.2 * random.uniform() })
  let anchor = Vector((0..<count).map { _ in Float(random.normal()) })
  update.fold(importance: omega.view, anchor: anchor.view, rule: FoldRule())
}

private func step(
  _ update: inout ConsolidatedUpdate, _ weights: Vector, _ gradient: Vector
) -> Vector {
  update.begin()
  return update.apply(
    block: 0..<count, [Contribution(gradient: gradient.view, exampleCount: 1)],
    weights: weights.view)
}

private func distance(_ a: Vector, _ b: Vector) -> Float {
  zip(a.array, b.array).map { ($0 - $1).magnitude }.max() ?? 0
}

@Suite struct `Lazy penalty` {
  @Test(arguments: PenaltyForm.allCases, 1..<4 as Range<UInt64>)
  func `ends where the eager one ends`(form: PenaltyForm, seed: UInt64) {
    var (lazy, eager) = (update(form, isLazy: true), update(form, isLazy: false))
    var (a, b) = (sparse(seed, step: 100, density: 1), sparse(seed, step: 100, density: 1))
    for round in 0..<3 {
      for number in 0..<40 {
        let gradient = sparse(seed, step: 40 * round + number)
        a = step(&lazy, a, gradient)
        b = step(&eager, b, gradient)
      }
      #expect(distance(a, b) > 0.01)
      a = lazy.settle(a.view, block: 0..<count)
      lazy.finishSettling()
      #expect(distance(a, b) < 2e-5)
      #expect(!lazy.mustSettle(before: nil))
      fold(into: &lazy, seed: 901 + UInt64(round))
      fold(into: &eager, seed: 901 + UInt64(round))
    }
  }

  @Test(arguments: PenaltyForm.allCases)
  func `changes only what a gradient touches`(form: PenaltyForm) {
    var lazy = update(form, isLazy: true)
    let weights = sparse(3, step: 100, density: 1)
    let gradient = sparse(3, step: 0)
    let next = step(&lazy, weights, gradient)
    for index in 0..<count where gradient[index] == 0 { #expect(next[index] == weights[index]) }
  }

  @Test func `has the closed form computed by hand`() {
    var lazy = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 0.5), strength: 2, form: .proximal,
      isLazy: true, count: 1)
    lazy.fold(importance: Vector([1]).view, anchor: Vector([3]).view, rule: FoldRule())
    var weights = Vector([11])
    for _ in 0..<3 {
      lazy.begin()
      weights = lazy.apply(
        block: 0..<1, [Contribution(gradient: Vector([0]).view, exampleCount: 1)],
        weights: weights.view)
    }
    #expect(weights.array == [11])
    // ηλU = 1: three halvings of the way to 3.
    #expect(lazy.settle(weights.view, block: 0..<1).array == [4])
  }

  @Test func `without anything folded is the plain step`() {
    var (lazy, plain) = (
      ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 4, form: .gradient,
        isLazy: true, count: count),
      ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 4, form: .gradient,
        count: count)
    )
    let weights = sparse(5, step: 100, density: 1)
    let gradient = sparse(5, step: 1)
    #expect(step(&lazy, weights, gradient).array == step(&plain, weights, gradient).array)
    #expect(!lazy.mustSettle(before: nil))
  }

  @Test func `asks to be settled before steps of another size`() {
    var lazy = update(.proximal, isLazy: true)
    _ = step(&lazy, sparse(1, step: 9, density: 1), sparse(1, step: 1))
    #expect(!lazy.mustSettle(before: 1) && lazy.mustSettle(before: 2))
    #expect(lazy.mustSettle(before: nil))
  }
}

@Suite struct `Penalty at a worker` {
  private func folded(keys: Int) -> (FoldedPenalty, HeldPenalty) {
    var penalty = FoldedPenalty(strength: 3, count: count)
    for key in 0..<keys {
      penalty.fold(
        importance: Vector(sparse(UInt64(key), step: 50, density: 1).array.map { $0 * $0 }).view,
        anchor: sparse(UInt64(key), step: 51, density: 1).view, rule: FoldRule())
    }
    let (u, v) = (penalty.importance!, penalty.weightedAnchor!)
    let centre = Vector((0..<count).map { v.base[$0] / u.base[$0] })
    let cut = [0..<1000, 1000..<count]
    return (
      penalty,
      HeldPenalty(
        importance: cut.map { Vector(Array(u.array[$0])).view }, centre: cut.map { centre[$0] })
    )
  }

  @Test(arguments: [1, 3])
  func `has the gradient and the proximal step of the servers' penalty`(keys: Int) {
    let (penalty, held) = folded(keys: keys)
    let weights = sparse(7, step: 3, density: 1)
    let (a, b) = (Vector(count: count), Vector(count: count))
    penalty.addGradient(0..<count, weights: weights.base, to: a.base)
    held.addGradient(strength: 3, weights: weights.base, to: b.base)
    for index in 0..<count { #expect(abs(a[index] - b[index]) <= 1e-4 * (1 + abs(a[index]))) }
    let (c, d) = (Vector(copying: weights.view), Vector(copying: weights.view))
    penalty.applyProximal(0..<count, rate: 0.1, to: c.base)
    held.applyProximal(step: 0.1 * 3, to: d.base)
    #expect(distance(c, d) < 1e-5)
  }

  @Test func `leaves its own part out`() {
    let (one, other) = (
      HeldPenalty.Own(importance: Vector([1, 0.5]), anchor: Vector([2, 2])), Vector([3, 1.5])
    )
    // U = 1 + 3 and 0.5 + 1.5; the other's anchor is 4.
    let centre = Vector([(1 * 2 + 3 * 4) / 4, (0.5 * 2 + 1.5 * 4) / 2])
    let held = HeldPenalty(importance: [Vector([4, 2]).view], centre: [centre.view], own: one)
    let direction = Vector(count: 2)
    let weights = Vector([5, 5])
    held.addGradient(strength: 2, weights: weights.base, to: direction.base)
    #expect(zip(direction.array, other.array).allSatisfy { abs($0 - 2 * $1) < 1e-5 })
    held.applyProximal(step: 1, to: weights.base)
    // (5 + 3 · 4)/(1 + 3) and (5 + 1.5 · 4)/2.5
    #expect(abs(weights[0] - 4.25) < 1e-5 && abs(weights[1] - 4.4) < 1e-5)
  }
}
