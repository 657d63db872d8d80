public import Models

/// What the roles know of the method: where importance comes from, which references are pushed, and
/// whose model it is.
public struct MethodPlan: Sendable, Hashable {
  public let importance: ImportanceSource
  public let references: ReferencePlan
  /// Whether every stage begins with fresh weights: a model per task, of which only the stage's own
  /// column is measured and finished ones are carried over.
  public let startsAfresh: Bool
  /// How scores become answers, if not by the highest: what is fitted at every boundary.
  public let readout: (any Readout)?

  /// Plain training if left out.
  public init(
    importance: ImportanceSource = .none, references: ReferencePlan = .none,
    startsAfresh: Bool = false, readout: (any Readout)? = nil
  ) {
    self.readout = readout
    self.importance = importance
    self.references = references
    self.startsAfresh = startsAfresh
  }
}

extension MethodPlan {
  public static func == (left: MethodPlan, right: MethodPlan) -> Bool {
    left.importance == right.importance && left.references == right.references
      && left.startsAfresh == right.startsAfresh
      && left.readout.map { AnyHashable($0) } == right.readout.map { AnyHashable($0) }
  }

  /// Hashes all of it.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(importance)
    hasher.combine(references)
    hasher.combine(startsAfresh)
    hasher.combine(readout.map { AnyHashable($0) })
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

/// Which references a push has beside the gradient: mean gradients, at the same weights, of what
/// workers keep of finished stages.
public enum ReferencePlan: Sendable, Hashable {
  case none
  /// One, of what is kept of all finished stages together.
  case joint
  /// One of each finished stage, in the order of the stream.
  case perStage

  /// By reference: the finished stages that it is made from. Reference k is part k + 1 of a push,
  /// whose part 0 is the gradient.
  ///
  /// - Parameter finished: Stages that somebody has finished, ascending.
  public func memories(of finished: [Int]) -> [[Int]] {
    switch self {
    case .none: []
    case .joint: finished.isEmpty ? [] : [finished]
    case .perStage: finished.map { [$0] }
    }
  }
}
