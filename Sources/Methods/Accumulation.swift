import Consolidation

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

  /// Every field as it is documented.
  public init(mode: Mode = .separate, decay: Double = 1, anchor: Anchor = .published) {
    self.mode = mode
    self.decay = decay
    self.anchor = anchor
  }

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
