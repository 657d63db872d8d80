public import Settings

/// All tasks at once: the upper bound of what one model can learn (multi-task learning).
public struct Joint: Method {
  public static let name = "joint"
  public static let keys: [Key<Joint>] = []

  /// It has no settings.
  public init() {}

  /// All tasks are one.
  public var schedule: Schedule { .joint }
  /// As a word.
  public var title: String { "Joint" }
}
