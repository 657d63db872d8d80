/// How the importance of a newly finished key joins what is already held.
public struct FoldRule: Sendable, Hashable, Codable {
  /// Where old importance pulls the weights to.
  public enum Anchor: String, Sendable, Hashable, Codable, CaseIterable {
    /// Each key keeps its own anchor: V ← γV + Ωθ*.
    case own
    /// All importance is centred anew at the latest anchor: V ← Uθ*. Published online EWC, SI and
    /// MAS do this (Schwarz et al. 2018, §3.2; Zenke et al. 2017, §3; Aljundi et al. 2018, §4).
    case latest
  }

  /// γ in 0…1 of U ← γU + Ω, applied once, when a key is folded. 1 keeps all keys in full.
  public var decay: Float
  public var anchor: Anchor

  /// - Parameters:
  ///   - decay: γ in 0…1; 1 for separate penalties.
  ///   - anchor: Where old importance pulls to.
  public init(decay: Float = 1, anchor: Anchor = .own) {
    precondition((0...1).contains(decay), "γ lies in 0…1")
    self.decay = decay
    self.anchor = anchor
  }
}

/// How the penalty enters a step.
public enum PenaltyForm: String, Sendable, Hashable, Codable, CaseIterable {
  /// Its gradient is added to the loss gradient: the literature's form; diverges where ηλU > 2.
  case gradient
  /// θ ← (θ' + ηλV)/(1 + ηλU) after the optimiser's own step θ': stable for every λ.
  case proximal
}
