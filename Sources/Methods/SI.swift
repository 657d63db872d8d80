import Consolidation
public import Settings

/// Synaptic intelligence: holds weights by how much their way through a task has lowered its loss.
///
/// - Source: Zenke, Poole & Ganguli 2017, §3.
public struct SI: Method {
  public static let name = "si"
  public static let keys: [Key<SI>] =
    [.strength(\.strength)] + Accumulation.keys.map { $0.of(\.accumulation) }
    + [
      Key.number("damping", \.damping, .positive, "xi of omega / (Delta^2 + xi).").bound
    ]

  /// λ: twice the paper's c. The default is the best of a grid by decades on the default
  /// experiment; at 100 ACC is 74.7 there and 58.5 on Split MNIST, where nothing gives 62.9 and
  /// 52.4.
  public var strength = 300.0
  public var accumulation = Accumulation()
  /// ξ > 0.
  public var damping = 0.1

  /// As published.
  public init() {}

  /// As published importances add up and all pull to the latest anchor.
  public var penalty: QuadraticPenalty? {
    QuadraticPenalty(
      strength: strength,
      importance: .gathered(SynapticIntelligence(damping: Float(damping))),
      fold: accumulation.rule(published: .latest))
  }
}
