public import Models
public import Settings

/// An autoassociative memory of examples with their classes, by Hebb's rule: workers push the outer
/// products of their patterns, servers add them up, and one step of recall from an example's values
/// gives its class.
///
/// Neither the model nor the optimiser of an experiment takes part in it.
///
/// - Source: Hopfield 1982, "Neural networks and physical systems with emergent collective
///   computational abilities".
public struct Associative: Method {
  public static let name = "associative"
  public static let keys: [Key<Associative>] = []

  /// It has no settings.
  public init() {}

  /// A memory of patterns.
  public var learner: (any LocalRule)? { PatternMemoryRule() }

  /// As words.
  public var title: String { "Associative memory" }
}
