public import Consolidation
public import Tensors

/// What a worker knows about its part of the run once it has prepared.
public struct WorkerPlan: Sendable {
  /// Number of parameters P.
  public let parameterCount: Int
  /// The range of the flat vector that each server owns, in rank order.
  public let shards: [Range<Int>]
  /// Steps of each stage.
  public let stepCounts: [Int]
  /// How many of this worker's training examples of each stage the importance is estimated from.
  public let importanceExampleCounts: [Int]
  /// This worker's part of each task's test examples.
  public let testExamples: [Range<Int>]
  /// Evaluate every task after every so many steps; `nil`: at boundaries only.
  public let sampleEverySteps: Int?
  /// Equal on all nodes that hold the same data and model.
  public let fingerprint: String

  /// All vectors over stages or tasks have one entry each.
  public init(
    parameterCount: Int, shards: [Range<Int>], stepCounts: [Int], importanceExampleCounts: [Int],
    testExamples: [Range<Int>], sampleEverySteps: Int?, fingerprint: String
  ) {
    self.parameterCount = parameterCount
    self.shards = shards
    self.stepCounts = stepCounts
    self.importanceExampleCounts = importanceExampleCounts
    self.testExamples = testExamples
    self.sampleEverySteps = sampleEverySteps
    self.fingerprint = fingerprint
  }
}

/// Where the importance Ω of a finished stage comes from.
public enum ImportanceSource: Sendable, Hashable {
  /// There is none: nothing is consolidated.
  case none
  /// EWC, MAS: every worker pushes the sum over its own examples.
  case workers
  /// SI: the server's own path integral.
  case path
  /// L2: one everywhere.
  case uniform
}

/// What a server knows about its shard once it has prepared.
public struct ServerPlan: Sendable {
  /// Names the tensors of the whole vector.
  public let layout: ParameterLayout
  /// The range of the flat vector that this server owns.
  public let shard: Range<Int>
  /// The shard's first weights.
  public let weights: Vector
  /// The arithmetic of a step, with its state.
  public let update: ConsolidatedUpdate
  public let importance: ImportanceSource
  public let foldRule: FoldRule
  /// Forget the optimiser's state when a stage begins.
  public let resetsOptimizer: Bool
  /// Start every stage from fresh weights: a model per task.
  public let startsAfresh: Bool
  public let workerCount: Int
  /// Equal on all nodes that hold the same model.
  public let fingerprint: String

  /// `weights.count` equals `shard.count`.
  public init(
    layout: ParameterLayout, shard: Range<Int>, weights: Vector, update: ConsolidatedUpdate,
    importance: ImportanceSource, foldRule: FoldRule, resetsOptimizer: Bool, startsAfresh: Bool,
    workerCount: Int, fingerprint: String
  ) {
    precondition(weights.count == shard.count, "the weights must fill the shard")
    self.layout = layout
    self.shard = shard
    self.weights = weights
    self.update = update
    self.importance = importance
    self.foldRule = foldRule
    self.resetsOptimizer = resetsOptimizer
    self.startsAfresh = startsAfresh
    self.workerCount = workerCount
    self.fingerprint = fingerprint
  }
}

/// What the coordinator knows about the run before it begins.
public struct RunPlan: Sendable, Hashable {
  /// One stage of the stream between two boundaries: usually a task, for joint training all of
  /// them.
  public struct Stage: Sendable, Hashable {
    public let name: String
    /// The matrix gets its row `row` when the stage is over.
    public let row: Int
    public let stepCount: Int

    /// - Parameters:
    ///   - name: What to call it in a progress bar.
    ///   - row: Row of the matrix that it closes, 1…T.
    ///   - stepCount: Steps of every worker.
    public init(name: String, row: Int, stepCount: Int) {
      self.name = name
      self.row = row
      self.stepCount = stepCount
    }
  }

  /// Names the run; not 0.
  public let run: UInt64
  /// The resolved experiment, as every node gets it.
  public let experiment: String
  public let workerCount: Int
  public let serverCount: Int
  public let parameterCount: Int
  public let taskCount: Int
  public let stages: [Stage]
  /// Ask the workers for importances when a stage closes.
  public let asksForImportance: Bool
  /// A model per task: only the stage's own column is measured, finished ones are carried over.
  public let isIndependent: Bool
  public let timeouts: Timeouts

  /// - Parameter run: A random number that names the run; not 0.
  public init(
    run: UInt64, experiment: String, workerCount: Int, serverCount: Int, parameterCount: Int,
    taskCount: Int, stages: [Stage], asksForImportance: Bool, isIndependent: Bool,
    timeouts: Timeouts
  ) {
    self.run = run
    self.experiment = experiment
    self.workerCount = workerCount
    self.serverCount = serverCount
    self.parameterCount = parameterCount
    self.taskCount = taskCount
    self.stages = stages
    self.asksForImportance = asksForImportance
    self.isIndependent = isIndependent
    self.timeouts = timeouts
  }
}

/// How long nodes wait for each other, in milliseconds.
public struct Timeouts: Sendable, Hashable, Codable {
  /// Between two heartbeats of a node.
  public var heartbeatMilliseconds: Int
  /// A node that says nothing for so long is lost.
  public var silenceMilliseconds: Int
  /// All nodes must have registered and prepared within this.
  public var startMilliseconds: Int

  /// Defaults find a dead node well within five seconds.
  public init(
    heartbeatMilliseconds: Int = 500, silenceMilliseconds: Int = 3_000,
    startMilliseconds: Int = 30_000
  ) {
    self.heartbeatMilliseconds = heartbeatMilliseconds
    self.silenceMilliseconds = silenceMilliseconds
    self.startMilliseconds = startMilliseconds
  }
}
