public import Tensors

/// Where the penalty is applied.
public enum PenaltySite: String, Sendable, Hashable, Codable, CaseIterable {
  /// By the servers, at the weights as they are when they are updated.
  case server
  /// By each worker at the weights it computes at, from a copy of U and θ̄ that it is sent.
  case worker
}

/// The penalty as a worker holds it that applies it itself: λ/2 Σ U (θ − θ̄)² over the whole
/// parameter vector, less the part that is its own.
public struct HeldPenalty: Sendable {
  /// A worker's own part of U, left out where others' knowledge alone is to hold it.
  public struct Own: Sendable {
    /// Ω of the worker, a mean over its examples.
    public let importance: Vector
    /// The weights at which Ω was estimated.
    public let anchor: Vector

    /// Both have the length of the parameter vector.
    public init(importance: Vector, anchor: Vector) {
      precondition(importance.count == anchor.count, "Ω and θ* have one length")
      self.importance = importance
      self.anchor = anchor
    }

    /// Ω as the mean that a sum over so many examples makes, ≥ 1. O(P).
    public init(sum: VectorView, exampleCount: Int, anchor: Vector) {
      precondition(exampleCount >= 1, "a mean is over examples")
      let importance = Vector(copying: sum)
      Kernels.scale(importance.base, by: 1 / Float(exampleCount), count: importance.count)
      self.init(importance: importance, anchor: anchor)
    }
  }

  /// U, consecutive blocks of the parameter vector.
  public let importance: [VectorView]
  /// θ̄ = V/U, in the same blocks.
  public let centre: [VectorView]
  /// What is left out of the sum, if anything.
  public let own: Own?

  /// - Parameter own: What is left out of the sum, if anything.
  public init(importance: [VectorView], centre: [VectorView], own: Own? = nil) {
    precondition(importance.map(\.count) == centre.map(\.count), "U and θ̄ have the same blocks")
    self.importance = importance
    self.centre = centre
    self.own = own
  }

  /// 1/(1 + cU): how far a gradient of one can move a weight that the penalty holds. O(count).
  ///
  /// - Parameters:
  ///   - importance: U.
  ///   - stiffness: c = ηλ ≥ 0.
  public static func mobility(importance: VectorView, stiffness: Float) -> Vector {
    let result = Vector(uninitialized: importance.count)
    for index in 0..<importance.count {
      result.base[index] = 1 / (1 + stiffness * importance.base[index])
    }
    return result
  }

  /// direction ← direction + λ(Uθ − V), the worker's own part left out of U and V. O(P).
  public func addGradient(
    strength: Float, weights: UnsafePointer<Float>, to direction: UnsafeMutablePointer<Float>
  ) {
    guard own != nil else {
      forEachBlock { offset, u, centre, count in
        let (theta, target) = (weights + offset, direction + offset)
        for index in 0..<count {
          target[index] += strength * (u[index] * (theta[index] - centre[index]))
        }
      }
      return
    }
    forEachRest { index, u, v in
      direction[index] += strength * (u * weights[index] - v)
    }
  }

  /// θ ← (θ + sV)/(1 + sU) with the worker's own part left out of U and V. O(P).
  ///
  /// - Parameter step: s = ηλ.
  public func applyProximal(step: Float, to weights: UnsafeMutablePointer<Float>) {
    forEachRest { index, u, v in
      weights[index] = (weights[index] + step * v) / (1 + step * u)
    }
  }

  /// By element: U and V without the worker's own; nothing where its own is all, or more by the
  /// rounding of a codec.
  private func forEachRest(_ body: (Int, Float, Float) -> Void) {
    forEachBlock { offset, u, centre, count in
      for index in 0..<count {
        var (rest, weightedAnchor) = (u[index], u[index] * centre[index])
        if let own {
          let omega = own.importance.base[offset + index]
          weightedAnchor =
            rest > omega ? weightedAnchor - omega * own.anchor.base[offset + index] : 0
          rest = max(rest - omega, 0)
        }
        body(offset + index, rest, weightedAnchor)
      }
    }
  }

  private func forEachBlock(
    _ body: (Int, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void
  ) {
    var offset = 0
    for (u, centre) in zip(importance, centre) {
      body(offset, u.base, centre.base, u.count)
      offset += u.count
    }
  }
}
