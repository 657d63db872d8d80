/// Examples of which a worker has computed a gradient, by what it was for. One that is computed
/// again counts again.
public struct ExampleCounts: Sendable, Codable, Hashable {
  /// In the gradients of its steps: new ones, kept ones that came back, and made ones.
  public var trained = 0
  /// In its references: gradients of what is kept of finished stages, beside that of a step.
  public var referred = 0
  /// In its estimates of an importance.
  public var weighed = 0

  /// None yet.
  public init() {}

  /// Whether a run can have so many.
  var isPossible: Bool {
    [trained, referred, weighed].allSatisfy((0...PlanLimits.exampleCount).contains)
  }
}
