/// When importance is estimated, and by whom.
public enum BoundaryPolicy: Sendable, Hashable, Codable {
  /// By all together, when the coordinator closes a phase.
  case globalBoundary
  /// By each worker at the end of each stage of its own sequence.
  case workerBoundary
  /// By each worker at the end of each stage, and provisionally every so many steps within a stage.
  case every(steps: Int)
  /// Not at all.
  case never

  /// Whether all workers meet at the end of each stage.
  public var isGlobal: Bool { self == .globalBoundary }
}
