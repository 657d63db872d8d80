import Consolidation
public import Models
public import Settings
public import Tensors

/// Sliced Cramér preservation: holds weights by how much the mean of the network's outputs over a
/// task's examples depends on them, so that the outputs' distribution stays. It needs no labels.
///
/// - Source: Kolouri et al. 2020, §3.
public struct SCP: Method {
  public static let name = "scp"
  public static let keys: [Key<SCP>] = [
    .strength(\.strength),
    .number(
      "retention", \.retention, .belowOne,
      "What is held of Gamma with every task: Gamma <- retention Gamma + (1 - retention) new."),
    .examples(\.examples),
  ]

  /// λ.
  public var strength = 1000.0
  /// α in 0..<1: what is held of Γ with every task that follows, Γ ← αΓ + (1 − α)Γ_new.
  public var retention = 0.9
  /// Examples of a task that Γ is estimated from; `nil` for all.
  public var examples: Int?

  /// A strength that held in a short run on permuted MNIST.
  public init() {}

  /// All is held to the latest anchor.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength,
      importance: .estimated(
        MeanOutputSensitivity(share: Float(1 - retention)), examples: examples),
      fold: FoldRule(decay: Float(retention), anchor: .latest))
  }
}

/// The derivatives of the K active outputs, of which Γ = E (∂(ξ·z̄)/∂θ)² is made, with z̄ the mean
/// output over examples and ξ uniform on the unit sphere.
///
/// Since E ξξᵀ = I/K, that is Γ = 1/K Σ_k (∂z̄_k/∂θ)²: no direction needs to be drawn. The square is
/// taken of the derivative of a mean, so that the workers' sums of ∂z_k/∂θ are added up first, one
/// vector for each k.
public struct MeanOutputSensitivity: ImportanceEstimator, Hashable {
  /// What Γ is multiplied by.
  private let share: Float

  /// - Parameter share: What Γ is multiplied by: 1 − α where it is blended with what was held.
  public init(share: Float = 1) {
    precondition(share >= 0, "a share is not negative")
    self.share = share
  }

  /// K: a vector for each active unit.
  public func derivativeCount(active: Int) -> Int? { active }

  /// Adds every example's ∂z_k/∂θ √(share/K); draws nothing.
  ///
  /// - Parameter sum: K times `network.layout.count` elements, one k after another.
  /// - Complexity: A way up and K ways down for each example.
  public func add(
    _ batch: Batch, of network: any Network, at weights: UnsafePointer<Float>,
    to sum: UnsafeMutablePointer<Float>, using workspace: Workspace, draws: inout RandomStream
  ) {
    for examples in (0..<batch.count).pieces(of: Self.blockSize) {
      let pass = Pass(network, batch, examples, at: weights, using: workspace)
      _ = network.forward(pass)
      let rows = Vector(uninitialized: examples.count * pass.units.count)
      for part in 0..<(batch.active[examples].map(\.count).max() ?? 0) {
        rows.base.update(repeating: 0, count: rows.count)
        for (index, example) in examples.enumerated() where part < batch.active[example].count {
          let active = batch.active[example]
          let unit = active.lowerBound + part - pass.units.lowerBound
          rows[index * pass.units.count + unit] = (share / Float(active.count)).squareRoot()
        }
        network.addGradient(of: rows.base, in: pass, to: sum + part * network.layout.count)
      }
    }
  }

  /// Examples that go through the network together.
  private static let blockSize = 128
}
