import Tensors

/// Several losses of the same parameters: of tasks, or of what each node has.
///
/// A loss that is asked for twice at the same weights is the same.
protocol LossFamily {
  /// How many losses there are.
  var lossCount: Int { get }
  /// Writes ∇L_i at some weights.
  ///
  /// - Parameter gradient: As long as the weights, overwritten.
  func writeGradient(of loss: Int, at weights: Vector, into gradient: Vector)
  /// L_i at some weights.
  func value(of loss: Int, at weights: Vector) -> Double
}

/// What the gradients of several losses at the same weights say of each other.
struct GradientAffinity<Losses: LossFamily> {
  private let losses: Losses
  private let weights: Vector
  private let gradients: [Vector]

  /// O(losses · P) floats.
  init(_ losses: Losses, at weights: Vector) {
    self.losses = losses
    self.weights = weights
    gradients = (0..<losses.lossCount).map { loss in
      let gradient = Vector(count: weights.count)
      losses.writeGradient(of: loss, at: weights, into: gradient)
      return gradient
    }
  }

  /// Whether all that was computed is finite.
  var isFinite: Bool { gradients.allSatisfy { Kernels.allFinite($0.base, count: $0.count) } }

  /// cos(g_i, g_j), −1…1: the Gram matrix of the gradients made as long as 1. It is symmetric and
  /// has 1 on its diagonal; 0 for a gradient without length.
  var cosines: [[Double]] {
    let count = weights.count
    let norms = gradients.map { Kernels.sumOfSquares($0.base, count: count).squareRoot() }
    var cosines = gradients.indices.map { row in gradients.indices.map { $0 == row ? 1.0 : 0 } }
    for row in gradients.indices {
      for column in 0..<row where norms[row] > 0 && norms[column] > 0 {
        let dot = Double(
          Kernels.dot(gradients[row].base, gradients[column].base, count: count))
        let cosine = min(1, max(-1, dot / norms[row] / norms[column]))
        cosines[row][column] = cosine
        cosines[column][row] = cosine
      }
    }
    return cosines
  }

  /// Z_ij = 1 − L_j(θ − η g_i) / L_j(θ): the share by which a plain step on loss i lowers loss j.
  /// To first order in η it is η g_i·g_j / L_j.
  ///
  /// - Source: Fifty et al. 2021, "Efficiently Identifying Task Groupings for Multi-Task Learning",
  ///   equation 1.
  /// - Parameter rate: η.
  func lookAheads(rate: Float) -> [[Double]] {
    let before = gradients.indices.map { losses.value(of: $0, at: weights) }
    return gradients.map { gradient in
      let ahead = Vector(copying: weights.view)
      Kernels.addScaled(gradient.base, by: -rate, to: ahead.base, count: ahead.count)
      return gradients.indices.map { other in
        before[other] > 0 ? 1 - losses.value(of: other, at: ahead) / before[other] : 0
      }
    }
  }
}
