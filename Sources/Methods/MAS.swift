import Consolidation
import Models
public import Settings

/// Memory-aware synapses: holds weights by how much the network's output depends on them.
///
/// - Source: Aljundi et al. 2018, §4.1; local: §4.3.
public struct MAS: Method {
  public static let name = "mas"
  public static let keys: [Key<MAS>] =
    [.strength(\.strength)] + Accumulation.keys.map { $0.of(\.accumulation) }
    + [
      .examples(\.examples),
      .choice(
        "importance", \.form,
        "For the network's output | for the output of each weight's own layer, which is the "
          + "correlation of what is on both its sides."),
    ]

  /// Whose output a weight is important for.
  public enum Form: String, Sendable, Hashable, CaseIterable {
    /// The network's.
    case global
    /// The weight's own layer's.
    case local
  }

  /// λ. The default is the best of a grid by decades on the default experiment: ACC 80.6 there and
  /// 64.0 on Split MNIST, where nothing gives 62.9 and 52.4.
  public var strength = 1.0
  public var accumulation = Accumulation()
  /// Examples of a task that the importance is estimated from; `nil` for all.
  public var examples: Int?
  /// Whose output a weight is important for.
  public var form = Form.global

  /// As published.
  public init() {}

  /// As published importances add up and all pull to the latest anchor.
  public var penalty: QuadraticPenalty? {
    let estimator: any ImportanceEstimator =
      form == .local ? LocalSensitivity() : OutputSensitivity()
    return QuadraticPenalty(
      strength: strength, importance: .estimated(estimator, examples: examples),
      fold: accumulation.rule(published: .latest))
  }

  /// The local form is known as one of its own.
  public var label: String { form == .local ? "local mas" : Self.name }
  /// The local form is known as one of its own.
  public var title: String { form == .local ? "Local MAS" : "MAS" }
}
