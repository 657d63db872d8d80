public import Models
public import Settings

/// Hebb's rule with a unit for each class: workers push sums and counts of their examples, servers
/// add them up, and an example has the class whose mean is nearest. One pass is enough, and as the
/// sums do not depend on what comes when and where, nothing is forgotten.
///
/// Neither the model nor the optimiser of an experiment takes part in it.
///
/// - Source: Hebb 1949, "The organization of behavior", ch. 4.
public struct Hebb: Method {
  public static let name = "hebb"
  public static let keys: [Key<Hebb>] = [
    .choice(
      "scores", \.scores,
      "The class of an example is that whose mean is nearest, or that whose sum it correlates with "
        + "most: Hebb's rule by itself, which favours common and bright classes.")
  ]

  /// How a class is found by the sums.
  public var scores = ClassSums.Scores.distance

  /// By the nearest mean.
  public init() {}

  /// A sum for each output unit.
  public var learner: (any LocalRule)? { ClassSumRule(scores: scores) }

  /// As a name.
  public var title: String { "Hebb" }
}
