extension Experiment.Cluster {
  /// What is done so that a run survives the loss of processes.
  public struct Recovery: Sendable, Hashable {
    /// Steps of a worker between two cuts; `nil`: as the clock says.
    public var everySteps: Int?
    /// Seconds between two cuts where they are not counted in steps; `nil`: there are none.
    public var everySeconds: Double? = 10
    /// How many times a run goes on after it has lost processes.
    public var restarts = 10
  }
}
