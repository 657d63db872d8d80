public import Consolidation
public import Settings
public import Tensors

/// Riemannian walk: holds weights by the Fisher information, and by how much of the loss their way
/// through the tasks has taken against the length of that way.
///
/// - Source: Chaudhry et al. 2018, §4, with the constants of the code behind the results of
///   Chaudhry et al. 2019, whose denominator has no ½ either. That code differs from the paper in
///   two points which change little: it sums squares over the task instead of the window, and lets
///   scores of early tasks grow at every boundary instead of halving them.
public struct RWalk: Method {
  public static let name = "rwalk"
  public static let keys: [Key<RWalk>] = [
    .strength(\.strength),
    Key.number(
      "damping", \.damping, .positive, "epsilon of -g delta / (F delta^2 + epsilon)."
    ).bound,
  ]

  /// λ: twice that of the authors' code, whose penalty has no ½.
  public var strength = 1.0
  /// ε > 0.
  public var damping = 0.001

  /// As the authors' code has it.
  public init() {}

  /// What is held now replaces what was held before.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .gathered(RiemannianWalk(damping: Float(damping))),
      fold: FoldRule(decay: 0, anchor: .latest))
  }

  /// As its authors write it.
  public var title: String { "RWalk" }
}

/// The importance of Riemannian walk: F/max F + s/max s, the maxima taken over all shards.
///
/// Steps are looked at in windows of Δt. At the end of each, with the task's own gradients g
/// and Δθ the way from the window's beginning to its end,
///
///     s ← s + max(0, −Σ g·(θ' − θ)) / (F Δθ² + ε)
///     F ← (1 − α) F + α mean g²
///
/// At a boundary s becomes its mean with the s of the tasks before. Memory is that of six vectors
/// of the shard.
public struct RiemannianWalk: ScaledPathImportance {
  /// α: what the newest mean of g² counts against those before it.
  private static let share: Float = 0.9

  private let damping: Float
  /// Δt ≥ 1.
  private let window: Int
  private var fisher = Vector(count: 0)
  /// s of this task.
  private var score = Vector(count: 0)
  /// s of the tasks before; `nil` in the first.
  private var earlierScore: Vector?
  /// Σ g² of the open window.
  private var squares = Vector(count: 0)
  /// −Σ g·(θ' − θ) of the open window.
  private var descent = Vector(count: 0)
  /// θ at the beginning of the open window.
  private var start = Vector(count: 0)
  /// Steps in the open window but the one that is under way.
  private var stepCount = 0
  /// Whether the step that is under way has told its gradient.
  private var hasGathered = false
  /// Whether the step that is under way opens a window.
  private var opensWindow = false

  /// - Parameters:
  ///   - damping: ε > 0, keeps s finite where a weight did not move.
  ///   - window: Δt ≥ 1.
  public init(damping: Float, window: Int = 10) {
    precondition(damping > 0 && window >= 1, "ε is positive, and a window has a step")
    self.damping = damping
    self.window = window
  }

  /// It is made of steps.
  public var readsSteps: Bool { true }

  /// Begins with s = 0; F goes on from where it was.
  public func begun(at weights: [VectorView]) -> RiemannianWalk {
    var walk = RiemannianWalk(damping: damping, window: window)
    walk.start = Vector(joining: weights)
    let count = walk.start.count
    walk.score = Vector(count: count)
    walk.squares = Vector(count: count)
    walk.descent = Vector(count: count)
    if score.count == 0 {
      walk.fisher = Vector(count: count)
    } else {
      let (fisher, score) = finished(at: walk.start.view)
      (walk.fisher, walk.earlierScore) = (fisher, score)
    }
    return walk
  }

  /// Gives what changes memory of its own.
  public mutating func beginStep() {
    Self.own(&fisher)
    Self.own(&score)
    Self.own(&squares)
    Self.own(&descent)
    Self.own(&start)
    if hasGathered { stepCount += 1 }
    hasGathered = false
    opensWindow = stepCount == window
    if opensWindow { stepCount = 0 }
  }

  private static func own(_ vector: inout Vector) {
    if !isKnownUniquelyReferenced(&vector) { vector = Vector(copying: vector.view) }
  }

  /// Closes the window before, if it is full, and adds the step to the open one.
  public mutating func gather(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>
  ) {
    hasGathered = true
    let (sum, way) = (squares.base + range.lowerBound, descent.base + range.lowerBound)
    if opensWindow {
      close(
        range, steps: window, at: weights, fisher: fisher.base + range.lowerBound,
        score: score.base + range.lowerBound)
      sum.update(repeating: 0, count: range.count)
      way.update(repeating: 0, count: range.count)
      (start.base + range.lowerBound).update(from: weights, count: range.count)
    }
    for index in 0..<range.count {
      let g = scale * gradient[index]
      sum[index] += g * g
      way[index] -= g * (next[index] - weights[index])
    }
  }

  /// Enters the open window into F and s; pointers address the first element of the range.
  private func close(
    _ range: Range<Int>, steps: Int, at weights: UnsafePointer<Float>,
    fisher: UnsafeMutablePointer<Float>, score: UnsafeMutablePointer<Float>
  ) {
    let (sum, descent) = (squares.base + range.lowerBound, descent.base + range.lowerBound)
    let start = start.base + range.lowerBound
    let (rest, share) = (1 - Self.share, Self.share / Float(steps))
    for index in 0..<range.count {
      let (f, way) = (fisher[index], weights[index] - start[index])
      score[index] += max(0, descent[index]) / (f * way * way + damping)
      fisher[index] = rest * f + share * sum[index]
    }
  }

  /// F and s as they are if the task ends here, its last window however short.
  private func finished(at weights: VectorView) -> (fisher: Vector, score: Vector) {
    precondition(weights.count == score.count, "the weights fill the shard")
    let (f, s) = (Vector(copying: fisher.view), Vector(copying: score.view))
    let steps = stepCount + (hasGathered ? 1 : 0)
    if steps > 0 {
      close(0..<s.count, steps: steps, at: weights.base, fisher: f.base, score: s.base)
    }
    if let earlierScore {
      for index in 0..<s.count { s.base[index] = (earlierScore.base[index] + s.base[index]) / 2 }
    }
    return (f, s)
  }

  /// max F and max s of the shard. O(count).
  public func maxima(at weights: VectorView) -> [Double] {
    let (f, s) = finished(at: weights)
    return [f, s].map { vector in
      var largest: Float = 0
      for index in 0..<vector.count { largest = max(largest, vector.base[index]) }
      return Double(largest)
    }
  }

  /// F/max F + s/max s, without a term whose maximum is 0. O(count).
  ///
  /// - Parameters:
  ///   - weights: θ of the whole shard.
  ///   - maxima: The larger ones of all shards' ``maxima(at:)``.
  public func importance(at weights: VectorView, scaledBy maxima: [Double]) -> Vector {
    let (f, s) = finished(at: weights)
    let result = Vector(count: s.count)
    for (vector, largest) in zip([f, s], maxima) where largest > 0 {
      let largest = Float(largest)
      for index in 0..<result.count { result.base[index] += vector.base[index] / largest }
    }
    return result
  }
}
