public import Tensors
public import Updates

/// A server's whole step, in the order of the equation:
///
///     g  = mean over workers' gradients
///     g' = g + λ(Uθ − V)                    penalty form `gradient`
///     θ' = optimise(θ, g')
///     θ' = (θ' + ηλV) / (1 + ηλU)           penalty form `proximal`
///     ω  = ω − g(θ' − θ)                    path integral of SI
///
/// It goes tile by tile, so that the chain costs one pass over memory, and block by block, so that
/// a block can leave while the next is computed. Old weights are read, new ones written to fresh
/// memory.
public struct ConsolidatedUpdate: Sendable {
  /// Floats in a tile: a few of them fit the first-level cache.
  static let tileCount = 2_048

  /// The optimiser with its state.
  public private(set) var optimizer: Optimizer
  /// What finished stages hold on to.
  public private(set) var penalty: FoldedPenalty
  /// How the penalty enters the step.
  public let form: PenaltyForm
  private var path: PathIntegral?
  private let count: Int

  /// - Parameters:
  ///   - optimizer: Rule and constants.
  ///   - strength: λ ≥ 0.
  ///   - form: How the penalty enters.
  ///   - pathDamping: ξ > 0 to keep the path integral of SI; `nil` for other methods.
  ///   - count: Elements of the shard.
  public init(
    optimizer: OptimizerSpecification, strength: Float, form: PenaltyForm, pathDamping: Float?,
    count: Int
  ) {
    self.optimizer = Optimizer(optimizer, count: count)
    penalty = FoldedPenalty(strength: strength, count: count)
    self.form = form
    path = pathDamping.map { PathIntegral(count: count, damping: $0) }
    self.count = count
  }

  /// Begins a stage at the given weights.
  public mutating func beginStage(at weights: [VectorView]) { path?.begin(at: weights) }

  /// Forgets the optimiser's state.
  public mutating func resetOptimizer() { optimizer.reset() }

  /// Folds a finished key into the penalty.
  public mutating func fold(importance: VectorView, anchor: VectorView, rule: FoldRule) {
    penalty.fold(importance: importance, anchor: anchor, rule: rule)
  }

  /// Ω of the stage by its path integral; `nil` for methods without one.
  public func pathImportance(at weights: VectorView) -> Vector? {
    path?.importance(at: weights)
  }

  /// Begins a step. Call once before its blocks.
  public mutating func begin() {
    optimizer.beginStep()
    path?.beginStep()
  }

  /// The new weights of one block.
  ///
  /// - Parameters:
  ///   - block: Elements of the shard.
  ///   - gradients: This block of every worker's gradient, in worker order.
  ///   - exampleCounts: How many examples each stands for.
  ///   - weights: θ of the block before the step.
  public mutating func apply(
    block: Range<Int>, gradients: [VectorView], exampleCounts: [Int], weights: VectorView
  ) -> Vector {
    precondition(
      weights.count == block.count && gradients.allSatisfy { $0.count == block.count }
        && block.upperBound <= count, "gradients and weights fill the block")
    let mean = WeightedMean(exampleCounts: exampleCounts)
    let next = Vector(uninitialized: block.count)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * Self.tileCount) { scratch in
      guard let gradient = scratch.baseAddress else { return }
      let direction = gradient + Self.tileCount
      for tile in (0..<block.count).pieces(of: Self.tileCount) {
        let range = block.lowerBound + tile.lowerBound..<block.lowerBound + tile.upperBound
        let (old, new) = (weights.base + tile.lowerBound, next.base + tile.lowerBound)
        mean.write(gradients.map { $0.base + tile.lowerBound }, to: gradient, count: tile.count)
        if form == .gradient && penalty.isActive {
          direction.update(from: gradient, count: tile.count)
          penalty.addGradient(range, weights: old, to: direction)
          optimizer.step(range, weights: old, direction: direction, into: new)
        } else {
          optimizer.step(range, weights: old, direction: gradient, into: new)
        }
        if form == .proximal { penalty.applyProximal(range, rate: optimizer.rate, to: new) }
        path?.integrate(range, gradient: gradient, weights: old, next: new)
      }
    }
    return next
  }
}
