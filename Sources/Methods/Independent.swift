public import Settings

/// A model for every task: nothing is forgotten and nothing is transferred.
public struct Independent: Method {
  public static let name = "independent"
  public static let keys: [Key<Independent>] = []

  /// It has no settings.
  public init() {}

  /// Every task begins with fresh weights.
  public var schedule: Schedule { .independent }
  /// As a word.
  public var title: String { "Independent" }
}
