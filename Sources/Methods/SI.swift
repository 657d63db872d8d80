import Consolidation

/// Synaptic intelligence: holds weights by how much their way through a task has lowered its loss.
///
/// - Source: Zenke, Poole & Ganguli 2017, §3.
public struct SI: Method {
  /// λ: twice the paper's c.
  public var strength: Double
  /// ξ > 0.
  public var damping: Double
  public var accumulation: Accumulation

  /// Every field as it is documented.
  public init(
    strength: Double, damping: Double = 0.1, accumulation: Accumulation = Accumulation()
  ) {
    self.strength = strength
    self.damping = damping
    self.accumulation = accumulation
  }

  /// As published importances add up and all pull to the latest anchor.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength,
      importance: .gathered(SynapticIntelligence(damping: Float(damping))),
      fold: accumulation.rule(published: .latest))
  }
}
