/// What a worker's steps of one stage did beside learning its labels: the evidence that a method's
/// slots are at work.
public struct StageActivity: Sendable, Codable, Hashable {
  /// 0-based stage of the stream.
  public let stage: Int
  /// Examples of finished stages that the worker computed.
  public var rehearsedCount = 0
  /// Examples that the worker computed and a generator made.
  public var generatedCount = 0
  /// How far the answers were from those that are held on to, at the stage's first step: a mean
  /// over the worker's examples (natural logarithm). `nil` where none are, or before that step.
  public var distanceAtStart: Double?
  /// How far they were at the last step so far.
  public var distance: Double?

  /// Nothing yet.
  public init(stage: Int) { self.stage = stage }

  /// Adds what later steps of the stage did.
  public mutating func add(_ later: StageActivity) {
    rehearsedCount += later.rehearsedCount
    generatedCount += later.generatedCount
    distanceAtStart = distanceAtStart ?? later.distanceAtStart
    distance = later.distance ?? distance
  }

  /// Whether it can be of a run with so many stages.
  func isPossible(ofStages count: Int) -> Bool {
    (0..<count).contains(stage) && (0...PlanLimits.exampleCount).contains(rehearsedCount)
      && (0...PlanLimits.exampleCount).contains(generatedCount)
      && [distance, distanceAtStart].allSatisfy { $0?.isFinite ?? true }
  }
}

extension [StageActivity] {
  /// Adds what some steps of a stage did.
  mutating func enter(_ activity: StageActivity) {
    if last?.stage == activity.stage {
      self[count - 1].add(activity)
    } else {
      append(activity)
    }
  }
}
