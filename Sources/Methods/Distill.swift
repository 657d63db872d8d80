public import Settings

/// Knowledge distillation: the network learns what finished ones answer, which says more of an
/// example than its label. It is not against forgetting, but it takes what was learned elsewhere
/// into a network that may be smaller.
///
/// - Source: Hinton, Vinyals & Dean 2015, "Distilling the knowledge in a neural network", §2.
public struct Distill: Method {
  public static let name = "distill"
  public static let keys: [Key<Distill>] = Teaching.keys.map { $0.of(\.taught) }

  /// Who teaches, and how much that counts.
  public var taught = Teaching()

  /// Of no run.
  public init() {}

  /// Nothing if it would not count.
  public var teaching: Teaching? { taught.runs.isEmpty || taught.share == 0 ? nil : taught }

  /// As a word.
  public var title: String { "Distillation" }
}
