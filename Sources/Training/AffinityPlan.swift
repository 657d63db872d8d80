/// What of the affinity between tasks, or between nodes, is to be measured, and how.
public struct AffinityPlan: Sendable, Hashable {
  /// Between what.
  public enum Members: String, Sendable, Hashable, CaseIterable {
    /// The tasks of the stream.
    case tasks
    /// The workers, each by what it has of all tasks.
    case nodes
  }

  /// A way to measure how much learning one helps another.
  public enum Estimator: String, Sendable, Hashable, CaseIterable {
    /// The cosine of the two gradients at the same weights.
    case gram
    /// The share by which a step on the one lowers the loss of the other.
    case lookahead
    /// How well features that the one makes serve a linear probe for the other.
    case probe
  }

  /// Which estimators; each gives a matrix.
  public var estimators: [Estimator]
  /// Between what.
  public var members: Members
  /// Steps of training on all members at once, and for a probe on each alone, ≥ 1.
  public var stepCount: Int
  /// Every so many steps gradients are compared, 1…``stepCount``.
  public var sampleEvery: Int
  /// Examples of each member in a sample, and that a probe is fitted to and judged by, ≥ 1.
  public var exampleCount: Int
  /// η of a look-ahead.
  public var rate: Double

  /// - Parameters:
  ///   - estimators: Each gives a matrix.
  ///   - members: Between what.
  ///   - stepCount: Steps of training on all members at once, and for a probe on each alone, ≥ 1.
  ///   - sampleEvery: Steps from one sample to the next, 1…`stepCount`.
  ///   - exampleCount: Examples of each member in a sample, ≥ 1.
  ///   - rate: η of a look-ahead.
  public init(
    _ estimators: [Estimator] = [.gram], among members: Members = .tasks, stepCount: Int = 100,
    sampleEvery: Int = 10, exampleCount: Int = 256, rate: Double = 0.01
  ) {
    precondition((1...max(1, stepCount)).contains(sampleEvery) && exampleCount >= 1)
    self.estimators = estimators
    self.members = members
    self.stepCount = stepCount
    self.sampleEvery = sampleEvery
    self.exampleCount = exampleCount
    self.rate = rate
  }

  /// Samples that a mean is of.
  public var sampleCount: Int { stepCount / sampleEvery }

  /// Whether gradients are compared.
  var wantsGradients: Bool { estimators.contains { $0 != .probe } }
  /// Whether features are.
  var wantsFeatures: Bool { estimators.contains(.probe) }

  /// Training steps of all networks.
  ///
  /// - Parameter members: How many of them there are.
  func workCount(of members: Int) -> Int {
    ((wantsGradients ? 1 : 0) + (wantsFeatures ? members : 0)) * stepCount
  }
}
