/// Which optimiser a server runs, with its constants. All formulas are those of PyTorch.
public struct OptimizerSpecification: Sendable, Hashable, Codable {
  /// The update rule. g is the direction, θ the weights, η the rate.
  public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// θ ← θ − ηg
    case sgd
    /// v ← μv + g; θ ← θ − ηv
    case momentum
    /// v ← μv + g; θ ← θ − η(g + μv). Source: Sutskever et al. 2013, in PyTorch's form.
    case nesterov
    /// θ ← θ − η m̂ / (√v̂ + ε). Source: Kingma & Ba 2015, algorithm 1.
    case adam
  }

  /// The update rule.
  public var kind: Kind
  /// η > 0.
  public var rate: Float
  /// μ in 0..<1; momentum and nesterov.
  public var momentum: Float
  /// β₁ in 0..<1; adam.
  public var beta1: Float
  /// β₂ in 0..<1; adam.
  public var beta2: Float
  /// ε > 0; adam.
  public var epsilon: Float
  public var schedule: RateSchedule

  /// The defaults are PyTorch's.
  public init(
    kind: Kind, rate: Float, momentum: Float = 0.9, beta1: Float = 0.9, beta2: Float = 0.999,
    epsilon: Float = 1e-8, schedule: RateSchedule = .constant
  ) {
    self.kind = kind
    self.rate = rate
    self.momentum = momentum
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.schedule = schedule
  }
}
