import Consolidation
public import Models

/// Elastic weight consolidation: holds weights by the Fisher information of finished tasks.
///
/// - Source: Kirkpatrick et al. 2017, eq. 3; online: Schwarz et al. 2018, §3.2.
public struct EWC: Method {
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

  /// As published every task pulls to its own anchor, and all to the latest in the online mode.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .estimated(fisher, examples: examples),
      fold: accumulation.rule(published: accumulation.mode == .separate ? .own : .latest))
  }
}
