/// What a worker's steps of one stage did beside learning its labels: the evidence that a method's
/// slots are at work.
public struct StageActivity: Sendable, Codable, Hashable {
  /// 0-based stage of the stream.
  public let stage: Int
  /// Examples of finished stages that the worker computed.
  public var rehearsedCount = 0
  /// Examples that the worker computed and a generator made.
  public var generatedCount = 0
  /// Answers that frozen networks gave to the worker's examples, and examples that a frozen
  /// generator made: passes up a network, but none down.
  public var frozenCount = 0
  /// Examples that the worker's generator learned from, new, kept and made ones.
  public var generatorCount = 0
  /// How far the answers were from those that are held on to, at the stage's first step: a mean
  /// over the worker's examples (natural logarithm). `nil` where none are, or before that step.
  public var distanceAtStart: Double?
  /// How far they were at the last step so far.
  public var distance: Double?
  /// When the stage was over: test examples of classes that were known before it.
  public var oldTestCount = 0
  /// How many of them were answered with one of its own classes, before scores were corrected.
  public var takenBefore = 0
  /// How many were, by corrected scores.
  public var takenAfter = 0

  /// Nothing yet.
  public init(stage: Int) { self.stage = stage }

  /// Adds what later steps of the stage did.
  public mutating func add(_ later: StageActivity) {
    rehearsedCount += later.rehearsedCount
    generatedCount += later.generatedCount
    frozenCount += later.frozenCount
    generatorCount += later.generatorCount
    distanceAtStart = distanceAtStart ?? later.distanceAtStart
    distance = later.distance ?? distance
    oldTestCount += later.oldTestCount
    takenBefore += later.takenBefore
    takenAfter += later.takenAfter
  }

  /// Whether it can be of a run with so many stages.
  func isPossible(ofStages count: Int) -> Bool {
    (0..<count).contains(stage) && (0...PlanLimits.exampleCount).contains(rehearsedCount)
      && (0...PlanLimits.exampleCount).contains(generatedCount)
      && [frozenCount, generatorCount].allSatisfy((0...PlanLimits.exampleCount).contains)
      && (0...PlanLimits.exampleCount).contains(oldTestCount)
      && [takenBefore, takenAfter].allSatisfy { (0...oldTestCount).contains($0) }
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
