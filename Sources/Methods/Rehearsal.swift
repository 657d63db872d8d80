import Settings

/// Examples of finished tasks that come back at every step.
public struct Rehearsal: Sendable, Hashable {
  /// Examples of a step, drawn from the memory of all nodes; `nil` for as many as the step has of
  /// its own.
  public var batch: Int?
  /// What they are of the step's loss, 0…1; `nil` if every example counts alike, new or old.
  public var share: Double?
  /// Whether a step takes of the memory what it would on the average if new and kept examples were
  /// one set, rounded up; then ``batch`` is the most that it takes.
  public var isPooled: Bool

  /// - Parameters:
  ///   - batch: Examples of a step; `nil` for as many as it has of its own.
  ///   - share: Of the step's loss; `nil` if every example counts alike.
  ///   - isPooled: Whether new and kept examples are as if they were one set.
  public init(batch: Int? = nil, share: Double? = nil, isPooled: Bool = false) {
    self.batch = batch
    self.share = share
    self.isPooled = isPooled
  }

  /// `replay-batch` and `share`.
  static let keys: [Key<Rehearsal>] = [
    .count(
      "replay-batch", \.batch, orWord: "batch",
      "Examples of finished tasks at each step over all workers together; batch: as many as the "
        + "step has new ones."),
    .limit(
      "share", \.share, orWord: "counted", .fraction,
      "What they are of the step's loss; counted: every example counts alike, new or old."),
  ]
}
