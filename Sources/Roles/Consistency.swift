/// When pushes are applied, and who waits for whom.
public struct Consistency: Sendable, Hashable, Codable {
  /// How many steps a worker may be ahead of the slowest that is still training: 0 is bulk
  /// synchronous (BSP), `nil` is asynchronous (ASP), anything between is stale synchronous.
  ///
  /// - Source: Ho et al. 2013, "More effective distributed ML via a stale synchronous parallel
  ///   parameter server", §2.
  public var bound: Int?
  /// BSP: how many of a step's pushes are not waited for; they are dropped when they come.
  ///
  /// - Source: Chen et al. 2016, "Revisiting distributed synchronous SGD", §3.
  public var backups: Int
  /// H ≥ 1: steps that a worker takes on its own before it pushes.
  public var localSteps: Int
  /// Whether a gradient that is τ versions old counts 1/(1 + τ).
  public var weighsStaleness: Bool

  /// The default is BSP.
  public init(
    bound: Int? = 0, backups: Int = 0, localSteps: Int = 1, weighsStaleness: Bool = false
  ) {
    precondition(bound ?? 0 >= 0 && backups >= 0 && localSteps >= 1)
    precondition(backups == 0 || bound == 0, "only BSP has pushes that are not waited for")
    self.bound = bound
    self.backups = backups
    self.localSteps = localSteps
    self.weighsStaleness = weighsStaleness
  }
}
