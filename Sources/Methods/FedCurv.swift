import Consolidation
public import Settings

/// Federated curvature: workers send the Fisher information of their own examples with every push,
/// and each is held by what the others have sent.
///
/// - Source: Shoham et al. 2019, §3.
public struct FedCurv: Method {
  public static let name = "fedcurv"
  public static let keys: [Key<FedCurv>] =
    [.strength(\.strength)] + Accumulation.keys.map { $0.of(\.accumulation) }
    + FisherEstimate.keys.map { $0.of(\.fisher) } + [.examples(\.examples)]

  /// λ. The default is the best of a grid by decades on the default experiment, with local steps.
  public var strength = 10_000.0
  public var accumulation = Accumulation()
  /// Which Fisher information workers estimate.
  public var fisher = FisherEstimate()
  /// Examples of a task that it is estimated from; `nil` for all.
  public var examples: Int?

  /// As published, with the exact Fisher information of all examples.
  public init() {}

  /// Each worker's newest importance replaces its earlier one; the workers' add up.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .exchanged(fisher.information, examples: examples),
      fold: accumulation.rule(published: .latest))
  }

  /// As its authors write it.
  public var title: String { "FedCurv" }
}
