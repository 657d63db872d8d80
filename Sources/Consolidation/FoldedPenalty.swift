public import Archives
public import Tensors

/// The sum of all quadratic penalties λ/2 Σ_q Σ_i Ω_q,i (θ_i − θ*_q,i)² of a shard, folded exactly
/// into two vectors U = Σ Ω_q and V = Σ Ω_q θ*_q. Its gradient is λ(Uθ − V); memory is 2P for any
/// number of stages.
public struct FoldedPenalty: Sendable {
  /// λ ≥ 0.
  public let strength: Float
  /// How workers' sums become Ω.
  public let rule: ImportanceRule
  private var u: Vector?
  private var v: Vector?
  /// U and V of the stages that are closed.
  private var base: (u: Vector, v: Vector)?
  /// In the order of their first estimate; the first is open, or nothing waits for it.
  private var terms: [StageTerm] = []
  private let count: Int

  /// A penalty with nothing folded yet.
  ///
  /// - Parameters:
  ///   - strength: λ ≥ 0. With 0 every step is bit-identical to one without a penalty.
  ///   - rule: How workers' sums become Ω.
  ///   - count: Elements of the shard.
  public init(strength: Float, rule: ImportanceRule = .mean, count: Int) {
    precondition(strength >= 0 && strength.isFinite, "λ is a finite number, at least 0")
    self.strength = strength
    self.rule = rule
    self.count = count
  }

  /// Whether it changes a step at all.
  public var isActive: Bool { strength > 0 && u != nil }

  /// U, or `nil` before the first fold.
  public var importance: VectorView? { u?.view }

  /// V, or `nil` before the first fold.
  public var weightedAnchor: VectorView? { v?.view }

  /// Vectors of the shard's length that it holds: U and V, those of closed stages where they are
  /// others, and what workers have told of open ones.
  var keptVectorCount: Int {
    let folded = Set([u, v, base?.u, base?.v].compactMap { $0.map(ObjectIdentifier.init) })
    return folded.count + terms.reduce(0) { $0 + $1.vectorCount }
  }

  /// Folds a finished stage that has one importance and one anchor. O(`count`).
  ///
  /// - Parameters:
  ///   - importance: Ω ≥ 0, a mean over examples.
  ///   - anchor: θ*, the weights at which Ω was estimated.
  public mutating func fold(importance: VectorView, anchor: VectorView, rule: FoldRule) {
    precondition(importance.count == count && anchor.count == count, "Ω and θ* fill the shard")
    precondition(self.rule == .mean, "Ω itself is no sum of derivatives")
    // Stages that are folded at once need no name: none is open under this one.
    let estimate = ImportanceEstimate(
      worker: nil, sum: [importance], exampleCount: 1, anchor: anchor)
    do {
      try enter([estimate], of: -1, rule: rule)
    } catch {
      preconditionFailure("an importance is finite and not negative: \(error)")
    }
    close(stage: -1, rule: rule)
  }

  /// Enters what workers found about a stage, or replaces what they said of it before. The stages
  /// add up; within a stage the workers' importances are averaged by examples.
  ///
  /// O(open stages · `count`); memory is 2P for every estimate until its stage is closed.
  ///
  /// - Throws: ``ImportanceError``, and then nothing has changed.
  public mutating func enter(
    _ estimates: [ImportanceEstimate], of stage: Int, rule: FoldRule
  ) throws(ImportanceError) {
    try enter([(stage, estimates)], rule: rule)
  }

  /// Enters estimates of several stages and folds all anew once.
  ///
  /// - Throws: ``ImportanceError``, and then nothing has changed.
  public mutating func enter(
    _ groups: [(stage: Int, estimates: [ImportanceEstimate])], rule: FoldRule
  ) throws(ImportanceError) {
    guard let last = groups.last(where: { !$0.estimates.isEmpty })?.estimates.last else { return }
    var terms = terms
    for (stage, estimates) in groups where !estimates.isEmpty {
      precondition(estimates.allSatisfy { $0.anchor.count == count }, "θ* fills the shard")
      if let index = terms.firstIndex(where: { $0.stage == stage && !$0.isClosed }) {
        try terms[index].enter(estimates)
      } else {
        var term = StageTerm(stage: stage, count: count, rule: self.rule)
        try term.enter(estimates)
        terms.append(term)
      }
    }
    self.terms = terms
    refold(latest: last.anchor, rule)
  }

  /// Closes a stage: no worker will say anything about it any more. O(1), or O(`count`) when its
  /// estimates can be forgotten.
  public mutating func close(stage: Int, rule: FoldRule) {
    for index in terms.indices where terms[index].stage == stage { terms[index].close() }
    while let term = terms.first, term.isClosed {
      base = Self.join(base, term, rule)
      terms.removeFirst()
    }
    // When nothing is open both are the same sum, to the bit, and need not be held twice.
    guard terms.isEmpty, let base else { return }
    u = base.u
    if rule.anchor != .latest { v = base.v }
  }

  private mutating func refold(latest anchor: VectorView, _ rule: FoldRule) {
    var sum = base
    for term in terms { sum = Self.join(sum, term, rule) }
    guard let sum else { return }
    u = sum.u
    guard rule.anchor == .latest else {
      v = sum.v
      return
    }
    let centred = Vector(uninitialized: count)
    for index in 0..<count {
      centred.base[index] = sum.u.base[index] * anchor.base[index]
    }
    v = centred
  }

  /// U ← γU + Ω, V ← γV + Ωθ*, in fresh vectors: a copy of this value keeps what it had.
  private static func join(
    _ sum: (u: Vector, v: Vector)?, _ term: StageTerm, _ rule: FoldRule
  ) -> (u: Vector, v: Vector) {
    guard let sum else { return (term.importance, term.weightedAnchor) }
    let count = term.importance.count
    let (u, v) = (Vector(uninitialized: count), Vector(uninitialized: count))
    let (oldU, oldV) = (sum.u.base, sum.v.base)
    let (newU, newV) = (term.importance.base, term.weightedAnchor.base)
    let decay = rule.decay
    for index in 0..<count { u.base[index] = decay * oldU[index] + newU[index] }
    for index in 0..<count { v.base[index] = decay * oldV[index] + newV[index] }
    return (u, v)
  }

  /// direction ← direction + sλ(Uθ − V) on a tile; pointers address its first element.
  ///
  /// - Parameter scale: s, the steps that the update stands for.
  public func addGradient(
    _ range: Range<Int>, weights: UnsafePointer<Float>, scale: Float = 1,
    to direction: UnsafeMutablePointer<Float>
  ) {
    guard isActive, let importance, let weightedAnchor else { return }
    let (u, v) = (importance.base + range.lowerBound, weightedAnchor.base + range.lowerBound)
    let strength = scale * strength
    for index in 0..<range.count {
      direction[index] += strength * (u[index] * weights[index] - v[index])
    }
  }

  /// θ̄ = V/U of some elements of the shard, where the penalty pulls to. O(range).
  ///
  /// - Parameter weights: θ of these elements. Where V was folded from these very weights, and
  ///   where U and V are 0, θ̄ is them to the bit.
  /// - Returns: `nil` before the first fold.
  public func centre(_ range: Range<Int>, held weights: VectorView) -> Vector? {
    guard let importance, let weightedAnchor else { return nil }
    let (u, v) = (importance.base + range.lowerBound, weightedAnchor.base + range.lowerBound)
    let result = Vector(uninitialized: range.count)
    for index in 0..<range.count {
      let held = weights.base[index]
      result.base[index] = u[index] * held == v[index] ? held : v[index] / u[index]
    }
    return result
  }

  /// θ ← (θ + ηλV)/(1 + ηλU) on a tile: the exact minimiser of ½‖x − θ‖² + ηλ/2 Σ Ω(x − θ*)².
  public func applyProximal(
    _ range: Range<Int>, rate: Float, to next: UnsafeMutablePointer<Float>
  ) {
    guard isActive, let importance, let weightedAnchor else { return }
    let (u, v) = (importance.base + range.lowerBound, weightedAnchor.base + range.lowerBound)
    let step = rate * strength
    for index in 0..<range.count {
      next[index] = (next[index] + step * v[index]) / (1 + step * u[index])
    }
  }
}

extension FoldedPenalty: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["strength", "rule", "count"]

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("u", u?.view)
    archive.put("v", v?.view)
    archive.put("base", base.map { [$0.u.view, $0.v.view] } ?? [])
    archive.put("stages", terms.map(\.stage))
    archive.put("terms", states: terms)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    u = try vector("u", &reader)
    v = try vector("v", &reader)
    let sums = try reader.take("base", as: [VectorView].self)
    guard sums.isEmpty || sums.map(\.count) == [count, count] else {
      throw reader.error("is of other weights")
    }
    base = sums.isEmpty ? nil : (Vector(copying: sums[0]), Vector(copying: sums[1]))
    terms = try reader.take("stages", as: [Int].self).map {
      StageTerm(stage: $0, count: count, rule: rule)
    }
    try reader.take("terms", into: &terms)
  }

  private func vector(
    _ name: StaticString, _ reader: inout ArchiveReader
  ) throws(ArchiveError) -> Vector? {
    guard let view = try reader.take(name, as: VectorView?.self) else { return nil }
    guard view.count == count else { throw reader.error("is of other weights") }
    return Vector(copying: view)
  }
}
