/// All tasks at once: the upper bound of what one model can learn (multi-task learning).
public struct Joint: Method {
  /// It has no settings.
  public init() {}

  /// All tasks are one.
  public var schedule: Schedule { .joint }
}
