public import Tensors

/// The importance of synaptic intelligence: how much each weight's way through a task lowered the
/// task's loss, measured where gradients and updates are known anyway, at the server.
///
/// - Source: Zenke, Poole & Ganguli 2017, "Continual learning through synaptic intelligence", §3.
public struct PathIntegral: Sendable {
  private let damping: Float
  private var integral: Vector
  private var start: Vector

  /// - Parameters:
  ///   - count: Elements of the shard.
  ///   - damping: ξ > 0, keeps Ω finite where a weight did not move.
  public init(count: Int, damping: Float) {
    precondition(damping > 0, "ξ is positive")
    self.damping = damping
    integral = Vector(count: count)
    start = Vector(count: count)
  }

  /// Begins a task at the given weights.
  public mutating func begin(at weights: [VectorView]) {
    integral = Vector(count: integral.count)
    start = Vector(uninitialized: start.count)
    var offset = 0
    for block in weights {
      start.replace(from: offset, with: block)
      offset += block.count
    }
    precondition(offset == start.count, "the blocks fill the shard")
  }

  /// Makes sure that a copy of this value does not see what follows. Call once before a step's
  /// tiles.
  mutating func beginStep() {
    if !isKnownUniquelyReferenced(&integral) { integral = Vector(copying: integral.view) }
  }

  /// ω ← ω − g · (θ' − θ) on a tile; pointers address its first element.
  ///
  /// - Parameters:
  ///   - gradient: The task's gradient, the penalty left out: otherwise it would reinforce itself.
  ///   - scale: 1, or one over the steps whose gradients were added up.
  ///   - weights: θ before the step.
  ///   - next: θ' after it.
  mutating func integrate(
    _ range: Range<Int>, gradient: UnsafePointer<Float>, scale: Float = 1,
    weights: UnsafePointer<Float>, next: UnsafePointer<Float>
  ) {
    let omega = integral.base + range.lowerBound
    for index in 0..<range.count {
      omega[index] -= scale * gradient[index] * (next[index] - weights[index])
    }
  }

  /// Ω = max(ω, 0) / (Δ² + ξ) with Δ = θ − θ_start. O(count).
  public func importance(at weights: VectorView) -> Vector {
    precondition(weights.count == integral.count, "the weights fill the shard")
    let result = Vector(uninitialized: integral.count)
    for index in 0..<integral.count {
      let way = weights.base[index] - start.base[index]
      result.base[index] = max(integral.base[index], 0) / (way * way + damping)
    }
    return result
  }
}
