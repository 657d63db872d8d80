import Consolidation
import Models
public import Settings

/// Memory-aware synapses: holds weights by how much the network's output depends on them.
///
/// - Source: Aljundi et al. 2018, §4.1.
public struct MAS: Method {
  public static let name = "mas"
  public static let keys: [Key<MAS>] =
    [.strength(\.strength)] + Accumulation.keys.map { $0.of(\.accumulation) }
    + [.examples(\.examples)]

  /// λ. The default is the best of a grid by decades on the default experiment: ACC 80.6 there and
  /// 64.0 on Split MNIST, where nothing gives 62.9 and 52.4.
  public var strength = 1.0
  public var accumulation = Accumulation()
  /// Examples of a task that the importance is estimated from; `nil` for all.
  public var examples: Int?

  /// As published.
  public init() {}

  /// As published importances add up and all pull to the latest anchor.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength, importance: .estimated(OutputSensitivity(), examples: examples),
      fold: accumulation.rule(published: .latest))
  }
}
