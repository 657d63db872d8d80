public import Models
public import Settings

/// Winner takes all: the prototype that is nearest to an example learns it, and all others do not.
/// Workers push the sums of what each prototype has won and its votes for classes, and servers add
/// them up. Every task has prototypes of its own, which only examples that are near to them move.
///
/// Neither the model nor the optimiser of an experiment takes part in it.
///
/// - Source: Rumelhart & Zipser 1985, "Feature discovery by competitive learning".
public struct Competitive: Method {
  public static let name = "competitive"
  public static let keys: [Key<Competitive>] = [
    .integer(
      "units", \.units, 1...1_000_000,
      "Prototypes, dealt evenly to the tasks; each starts as one of the first examples of its task."
    )
  ]

  /// K ≥ 1.
  public var units = 100

  /// A hundred prototypes.
  public init() {}

  /// Prototypes that vote.
  public var learner: (any LocalRule)? { PrototypeRule(units: units) }

  /// As words.
  public var title: String { "Competitive learning" }
}
