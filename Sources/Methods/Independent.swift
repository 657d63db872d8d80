/// A model for every task: nothing is forgotten and nothing is transferred.
public struct Independent: Method {
  /// It has no settings.
  public init() {}

  /// Every task begins with fresh weights.
  public var schedule: Schedule { .independent }
}
