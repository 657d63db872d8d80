public import Archives
public import Consolidation
public import Settings
public import Tensors

/// Riemannian walk: holds weights by the Fisher information, and by how much of the loss their way
/// through the tasks has taken against the length of that way.
///
/// - Source: Chaudhry et al. 2018, §4, in the form of the code behind the results of Chaudhry et
///   al. 2019. It differs from the paper: the denominator has no ½; squares are summed over the
///   task, not the window, so that F is no estimate from the last few batches; and
///   s ← s + (s + s_new)/2 where the paper has s ← (s + s_new)/2, by which a task's score is halved
///   with every one that follows. With the paper's two an ACC on their 17 permutations varies from
///   78 to 85 by seed, with theirs from 85 to 87.
public struct RWalk: Method {
  public static let name = "rwalk"
  public static let keys: [Key<RWalk>] = [
    .strength(\.strength),
    Key.number(
      "damping", \.damping, .positive, "epsilon of -g delta / (F delta^2 + epsilon)."
    ).bound,
  ]

  /// λ: twice that of the authors' code, whose penalty has no ½. The default is theirs for permuted
  /// MNIST.
  public var strength = 2.0
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
///     F ← (1 − α) F + α/Δt Σ g²
///
/// where Σ g² begins with the task and Σ g·(θ' − θ) with the window.
/// Scores of all tasks add up, with weights 1, 1/3 and from there on 2/3 of the one before: that is
/// s ← s + (s + s_new)/2, first task doubled, but for a factor that max s takes out. Memory is that
/// of six vectors of the shard.
public struct RiemannianWalk: ScaledPathImportance {
  /// α: what the newest Σ g² counts against those before it.
  private static let share: Float = 0.9

  private let damping: Float
  /// Δt ≥ 1.
  private let window: Int
  private var fisher = Vector(count: 0)
  /// s of this task.
  private var score = Vector(count: 0)
  /// s of the tasks before.
  private var earlierScore = Vector(count: 0)
  /// What s of this task counts against those before.
  private var weight: Float = 1
  /// Σ g² of the task.
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

  /// F, s, s of earlier tasks, Σ g², the open window's descent and its beginning; none before the
  /// first task.
  public var vectorCount: Int { score.count > 0 ? 6 : 0 }

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
    guard score.count > 0 else {
      walk.fisher = Vector(count: count)
      walk.earlierScore = Vector(count: count)
      return walk
    }
    (walk.fisher, walk.earlierScore) = finished(at: walk.start.view)
    walk.weight = weight == 1 ? 1 / 3 : weight * 2 / 3
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
        range, at: weights, fisher: fisher.base + range.lowerBound,
        score: score.base + range.lowerBound)
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
    _ range: Range<Int>, at weights: UnsafePointer<Float>, fisher: UnsafeMutablePointer<Float>,
    score: UnsafeMutablePointer<Float>
  ) {
    let (sum, descent) = (squares.base + range.lowerBound, descent.base + range.lowerBound)
    let start = start.base + range.lowerBound
    let (rest, share) = (1 - Self.share, Self.share / Float(window))
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
    if stepCount > 0 || hasGathered {
      close(0..<s.count, at: weights.base, fisher: f.base, score: s.base)
    }
    for index in 0..<s.count {
      s.base[index] = earlierScore.base[index] + weight * s.base[index]
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

extension RiemannianWalk {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved = ["damping", "window"]

  /// Whether F is of so many weights, or has not begun.
  public func fits(_ count: Int) -> Bool { fisher.count == count || fisher.count == 0 }

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("fisher", fisher.view)
    archive.put("score", score.view)
    archive.put("earlierScore", earlierScore.view)
    archive.put("weight", weight)
    archive.put("squares", squares.view)
    archive.put("descent", descent.view)
    archive.put("start", start.view)
    archive.put("stepCount", stepCount)
    archive.put("hasGathered", hasGathered)
    archive.put("opensWindow", opensWindow)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let fisher = try reader.take("fisher", as: VectorView.self)
    let count = fisher.count
    self.fisher = Vector(copying: fisher)
    score = try reader.take("score", count: count)
    earlierScore = try reader.take("earlierScore", count: count)
    weight = try reader.take("weight")
    squares = try reader.take("squares", count: count)
    descent = try reader.take("descent", count: count)
    start = try reader.take("start", count: count)
    stepCount = try reader.take("stepCount")
    hasGathered = try reader.take("hasGathered")
    opensWindow = try reader.take("opensWindow")
  }
}
