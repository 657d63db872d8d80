/// What the roles know of the method: where importance comes from, and whose model it is.
public struct MethodPlan: Sendable, Hashable {
  public let importance: ImportanceSource
  /// Whether every stage begins with fresh weights: a model per task, of which only the stage's own
  /// column is measured and finished ones are carried over.
  public let startsAfresh: Bool

  /// Plain training if left out.
  public init(importance: ImportanceSource = .none, startsAfresh: Bool = false) {
    self.importance = importance
    self.startsAfresh = startsAfresh
  }
}

/// Where the importance Ω of a finished stage comes from.
public enum ImportanceSource: Sendable, Hashable {
  /// There is none: nothing is consolidated.
  case none
  /// Every worker pushes the sum over its own examples.
  case workers
  /// Every server gathers that of its shard while a stage is trained.
  case servers
  /// Every worker's latest comes anew with every push, and the workers' add up.
  case exchange
}
