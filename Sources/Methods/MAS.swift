import Consolidation
import Models

/// Memory-aware synapses: holds weights by how much the network's output depends on them.
///
/// - Source: Aljundi et al. 2018, §4.1.
public struct MAS: Method {
  /// λ.
  public var strength: Double
  /// Examples of a task that the importance is estimated from; `nil` for all.
  public var examples: Int?
  public var accumulation: Accumulation

  /// Every field as it is documented.
  public init(
    strength: Double, examples: Int? = nil, accumulation: Accumulation = Accumulation()
  ) {
    self.strength = strength
    self.examples = examples
    self.accumulation = accumulation
  }

  /// As published importances add up and all pull to the latest anchor.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .estimated(OutputSensitivity(), examples: examples),
      fold: accumulation.rule(published: .latest))
  }
}
