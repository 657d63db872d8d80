public import Consolidation
public import Tensors

/// What a server knows about its shard once it has prepared.
public struct ServerPlan: Sendable {
  /// Names the tensors of the whole vector.
  public let layout: ParameterLayout
  /// What of the flat vector this server owns, and its blocks.
  public let shard: Shard
  /// The shard's first weights.
  public let weights: Vector
  /// The arithmetic of a step, with its state.
  public let update: ConsolidatedUpdate
  public let method: MethodPlan
  /// What becomes of references; `nil` where none are pushed.
  public let transform: StepTransform?
  public let foldRule: FoldRule
  /// Forget the optimiser's state when a stage begins.
  public let resetsOptimizer: Bool
  public let taskSchedule: TaskSchedule
  public let consistency: Consistency
  public let communication: Communication
  /// What workers are told of the penalty.
  public let broadcast: [PenaltyPart]
  /// By worker: its part of the global batch.
  public let batchShares: [Int]
  /// Most examples that a worker's gradient of one step stands for.
  let stepExampleMaximum: Int
  /// Keep the weights for a look after every so many whole steps; `nil`: never.
  public let sampleEverySteps: Int?
  /// Equal on all servers that hold the same model.
  public let fingerprint: String

  /// `weights.count` equals `shard.count`; `batchShares` has one entry a worker, and without a
  /// `stepExampleMaximum` nobody has more than its share.
  public init(
    layout: ParameterLayout, shard: Shard, weights: Vector,
    update: ConsolidatedUpdate,
    method: MethodPlan, transform: StepTransform? = nil, foldRule: FoldRule,
    resetsOptimizer: Bool,
    taskSchedule: TaskSchedule, consistency: Consistency,
    communication: Communication = Communication(), broadcast: [PenaltyPart] = [],
    batchShares: [Int], stepExampleMaximum: Int? = nil, sampleEverySteps: Int?,
    fingerprint: String
  ) {
    precondition(weights.count == shard.count, "the weights must fill the shard")
    precondition((transform == nil) == (method.references == .none), "references have a purpose")
    precondition(batchShares.count == taskSchedule.sequences.count, "every worker has a batch")
    self.layout = layout
    self.shard = shard
    self.weights = weights
    self.update = update
    self.method = method
    self.transform = transform
    self.foldRule = foldRule
    self.resetsOptimizer = resetsOptimizer
    self.taskSchedule = taskSchedule
    self.consistency = consistency
    self.communication = communication
    self.broadcast = broadcast
    self.batchShares = batchShares
    self.stepExampleMaximum = stepExampleMaximum ?? batchShares.max() ?? 0
    self.sampleEverySteps = sampleEverySteps
    self.fingerprint = fingerprint
  }

  var workerCount: Int { taskSchedule.sequences.count }

  /// Examples that one push can stand for.
  var pushExampleCountMaximum: Int { stepExampleMaximum * consistency.localSteps }
}

extension ServerPlan {
  /// Vectors that a push has in a phase, ≥ 1: the gradient and its references.
  func pushPartCount(in phase: Int) -> Int {
    guard transform != nil else { return 1 }
    return 1 + method.references.memories(of: taskSchedule.finishedStages(before: phase)).count
  }
}

/// What servers do with the references of a step.
public struct StepTransform: Sendable {
  public let rule: any GradientTransform
  /// Examples that a worker's reference can stand for, ≥ 0.
  public let exampleCountMaximum: Int
  /// Servers that have a shard; one by itself has nobody to agree with.
  public let serverCount: Int

  /// - Parameters:
  ///   - rule: From dot products to a direction.
  ///   - exampleCountMaximum: Examples that a worker's reference can stand for, ≥ 0.
  ///   - serverCount: Servers of the run, ≥ 1.
  public init(rule: any GradientTransform, exampleCountMaximum: Int, serverCount: Int) {
    precondition(exampleCountMaximum >= 0 && serverCount >= 1)
    self.rule = rule
    self.exampleCountMaximum = exampleCountMaximum
    self.serverCount = serverCount
  }
}
