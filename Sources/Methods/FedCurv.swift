import Consolidation
public import Models

/// Federated curvature: workers send the Fisher information of their own examples with every push,
/// and each is held by what the others have sent.
///
/// - Source: Shoham et al. 2019, §3.
public struct FedCurv: Method {
  /// λ.
  public var strength: Double
  /// Which Fisher information workers estimate.
  public var fisher: FisherInformation
  /// Examples of a task that it is estimated from; `nil` for all.
  public var examples: Int?
  public var accumulation: Accumulation

  /// Every field as it is documented.
  public init(
    strength: Double, fisher: FisherInformation = .exact, examples: Int? = nil,
    accumulation: Accumulation = Accumulation()
  ) {
    self.strength = strength
    self.fisher = fisher
    self.examples = examples
    self.accumulation = accumulation
  }

  /// Each worker's newest importance replaces its earlier one; the workers' add up.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .exchanged(fisher, examples: examples),
      fold: accumulation.rule(published: .latest))
  }
}
