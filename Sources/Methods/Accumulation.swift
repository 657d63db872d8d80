import Consolidation
public import Settings

/// How finished tasks add up, as far as that is the user's choice.
public struct Accumulation: Sendable, Hashable {
  /// Whether finished tasks keep penalties of their own.
  public enum Mode: String, Sendable, Hashable, CaseIterable {
    /// Every task counts in full.
    case separate
    /// Earlier tasks count γ times as much with every task that follows.
    case online
  }

  /// Where importance pulls to.
  public enum Anchor: String, Sendable, Hashable, CaseIterable {
    /// What the method's paper or code does.
    case published
    /// Every task to its own anchor.
    case own
    /// All to the latest anchor.
    case latest
  }

  /// Whether earlier tasks count less and less.
  public var mode: Mode
  /// γ in 0…1; counts in the online mode only.
  public var decay: Double
  public var anchor: Anchor

  /// - Parameters:
  ///   - mode: Whether earlier tasks count less and less.
  ///   - decay: γ in 0…1 of the online mode.
  ///   - anchor: Where importance pulls to.
  public init(mode: Mode = .separate, decay: Double = 1, anchor: Anchor = .published) {
    self.mode = mode
    self.decay = decay
    self.anchor = anchor
  }

  /// `mode`, `decay` and `anchor`.
  public static let keys: [Key<Accumulation>] = [
    .choice(
      "mode", \.mode, "A penalty for every task, or one that decays: U <- decay U + Omega."),
    .number("decay", \.decay, .fraction, "Of the online mode; 1 forgets nothing."),
    .choice(
      "anchor", \.anchor,
      "Each task's importance pulls to its own weights, or all to the latest; published: own "
        + "for separate EWC, latest for online EWC, MAS, SI and L2."),
  ]

  /// The rule of a method.
  ///
  /// - Parameter published: What its paper or code anchors to.
  func rule(published: FoldRule.Anchor) -> FoldRule {
    let anchor: FoldRule.Anchor =
      switch self.anchor {
      case .published: published
      case .own: .own
      case .latest: .latest
      }
    return FoldRule(decay: mode == .online ? Float(decay) : 1, anchor: anchor)
  }
}
