public import Tensors

/// What a worker knows about its part of the run once it has prepared.
public struct WorkerPlan: Sendable {
  /// Names the tensors of the vector.
  public let layout: ParameterLayout
  /// How the vector is cut: shards, blocks.
  public let map: BlockMap
  /// Who trains what, in which order.
  public let taskSchedule: TaskSchedule
  /// Steps of each stage.
  public let stepCounts: [Int]
  /// H ≥ 1: steps between two round trips.
  public let localSteps: Int
  public let communication: Communication
  /// What the servers tell of the penalty.
  public let broadcast: [PenaltyPart]
  /// Whether steps are the worker's own, with its own optimiser, however few between two pushes.
  public let stepsLocally: Bool
  public let method: MethodPlan
  /// How many of this worker's training examples of each stage the importance is estimated from.
  public let importanceExampleCounts: [Int]
  /// This worker's part of each task's test examples.
  public let testExamples: [Range<Int>]
  /// Classes of each task, by which right answers are counted.
  public let classCounts: [Int]
  /// Vectors that make up the importance of one stage, ≥ 1.
  public let importancePartCount: Int
  /// Whether the weights it is sent may lack penalty that a look at them has.
  public let penaltyWaits: Bool
  /// Equal on all nodes that hold the same data and model.
  public let fingerprint: String
  /// Of the matrix library; `nil` where all workers share one process.
  public let kernel: String?

  /// All vectors over stages or tasks have one entry each.
  public init(
    layout: ParameterLayout, map: BlockMap, taskSchedule: TaskSchedule, stepCounts: [Int],
    localSteps: Int, communication: Communication = Communication(),
    broadcast: [PenaltyPart] = [], stepsLocally: Bool = false, method: MethodPlan,
    importanceExampleCounts: [Int],
    testExamples: [Range<Int>], classCounts: [Int], importancePartCount: Int = 1,
    penaltyWaits: Bool = false, fingerprint: String,
    kernel: String? = nil
  ) {
    precondition(importancePartCount >= 1)
    precondition(map.parameterCount == layout.count, "the shards are all of the vector")
    self.layout = layout
    self.map = map
    self.taskSchedule = taskSchedule
    self.stepCounts = stepCounts
    self.localSteps = localSteps
    self.communication = communication
    self.broadcast = broadcast
    self.stepsLocally = stepsLocally || localSteps > 1
    self.method = method
    self.importanceExampleCounts = importanceExampleCounts
    self.testExamples = testExamples
    self.classCounts = classCounts
    self.importancePartCount = importancePartCount
    self.penaltyWaits = penaltyWaits
    self.fingerprint = fingerprint
    self.kernel = kernel
  }
}

extension WorkerPlan {
  /// Whether what is to be measured are tasks of this run, each once, at versions of its servers.
  func canMeasure(_ request: MeasureRequest) -> Bool {
    request.versions.count == map.shards.count
      && request.columns.allSatisfy { classCounts.indices.contains($0) }
      && Set(request.columns).count == request.columns.count
      && (request.statementOfPhase.map((0..<taskSchedule.phaseCount).contains) ?? true)
  }
}
