public import Tensors

/// The sum of all quadratic penalties λ/2 Σ_q Σ_i Ω_q,i (θ_i − θ*_q,i)² of a shard, folded exactly
/// into two vectors U = Σ Ω_q and V = Σ Ω_q θ*_q. Its gradient is λ(Uθ − V); memory is 2P for any
/// number of keys.
public struct FoldedPenalty: Sendable {
  /// λ ≥ 0.
  public let strength: Float
  private(set) var folded: Vector?
  private(set) var pull: Vector?
  private let count: Int

  /// A penalty with nothing folded yet.
  ///
  /// - Parameters:
  ///   - strength: λ ≥ 0. With 0 every step is bit-identical to one without a penalty.
  ///   - count: Elements of the shard.
  public init(strength: Float, count: Int) {
    precondition(strength >= 0 && strength.isFinite, "λ is a finite number, at least 0")
    self.strength = strength
    self.count = count
  }

  /// Whether it changes a step at all.
  public var isActive: Bool { strength > 0 && folded != nil }

  /// U, or `nil` before the first fold.
  public var importance: VectorView? { folded?.view }

  /// V, or `nil` before the first fold.
  public var weightedAnchor: VectorView? { pull?.view }

  /// Folds a finished key. O(`count`).
  ///
  /// - Parameters:
  ///   - importance: Ω ≥ 0, a mean over examples.
  ///   - anchor: θ*, the weights at which Ω was estimated.
  public mutating func fold(importance: VectorView, anchor: VectorView, rule: FoldRule) {
    precondition(importance.count == count && anchor.count == count, "Ω and θ* fill the shard")
    // Fresh vectors: a copy of this value keeps what it had.
    let newU = Vector(uninitialized: count)
    let newV = Vector(uninitialized: count)
    for index in 0..<count {
      let oldU = folded.map { rule.decay * $0.base[index] } ?? 0
      newU.base[index] = folded == nil ? importance.base[index] : oldU + importance.base[index]
    }
    for index in 0..<count {
      switch (rule.anchor, pull) {
      case (.latest, _): newV.base[index] = newU.base[index] * anchor.base[index]
      case (.own, nil): newV.base[index] = importance.base[index] * anchor.base[index]
      case (.own, let old?):
        newV.base[index] =
          rule.decay * old.base[index] + importance.base[index] * anchor.base[index]
      }
    }
    folded = newU
    pull = newV
  }

  /// direction ← direction + λ(Uθ − V) on a tile; pointers address its first element.
  public func addGradient(
    _ range: Range<Int>, weights: UnsafePointer<Float>, to direction: UnsafeMutablePointer<Float>
  ) {
    guard isActive, let folded, let pull else { return }
    let (u, v) = (folded.base + range.lowerBound, pull.base + range.lowerBound)
    let strength = strength
    for index in 0..<range.count {
      direction[index] += strength * (u[index] * weights[index] - v[index])
    }
  }

  /// θ ← (θ + ηλV)/(1 + ηλU) on a tile: the exact minimiser of ½‖x − θ‖² + ηλ/2 Σ Ω(x − θ*)².
  public func applyProximal(
    _ range: Range<Int>, rate: Float, to next: UnsafeMutablePointer<Float>
  ) {
    guard isActive, let folded, let pull else { return }
    let (u, v) = (folded.base + range.lowerBound, pull.base + range.lowerBound)
    let step = rate * strength
    for index in 0..<range.count {
      next[index] = (next[index] + step * v[index]) / (1 + step * u[index])
    }
  }
}
