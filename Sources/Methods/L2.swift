import Consolidation

/// Holds every weight alike. As published it holds on to the latest weights only.
///
/// - Source: the baseline of Kirkpatrick et al. 2017; as in the code of Hsu et al. 2018.
public struct L2: Method {
  /// λ.
  public var strength: Double
  public var accumulation: Accumulation

  /// Every field as it is documented.
  public init(strength: Double, accumulation: Accumulation = Accumulation()) {
    self.strength = strength
    self.accumulation = accumulation
  }

  /// Ω = 1 everywhere, which replaces the one before if the anchor is as published.
  public var penalty: QuadraticPenalty? {
    var fold = accumulation.rule(published: .latest)
    if accumulation.anchor == .published { fold.decay = 0 }
    return QuadraticPenalty(
      strength: strength, importance: .gathered(UniformImportance()), fold: fold)
  }
}
