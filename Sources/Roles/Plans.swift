public import Consolidation
public import Tensors

/// When importance is estimated, and by whom.
public enum BoundaryPolicy: Sendable, Hashable, Codable {
  /// By all together, when the coordinator closes a phase.
  case globalBoundary
  /// By each worker at the end of each stage of its own sequence.
  case workerBoundary
  /// The same, and provisionally every so many steps within a stage.
  case every(steps: Int)
  /// Not at all.
  case never

  /// Whether all workers meet at the end of each stage.
  public var isGlobal: Bool { self == .globalBoundary }
}

/// Who trains what, in which order, and where all wait for each other.
public struct TaskSchedule: Sendable, Hashable {
  /// By worker: the stages of its sequence, in order; a position is a 0-based index into it.
  public let sequences: [[Int]]
  /// By worker: whole steps after which it begins.
  public let startSteps: [Int]
  public let moment: BoundaryPolicy
  /// Number of phases. A phase lies between two global boundaries: one stage a worker, or the
  /// whole sequences if there are none.
  public let phaseCount: Int

  /// Every field as it is documented; both lists have one entry a worker.
  public init(sequences: [[Int]], startSteps: [Int], moment: BoundaryPolicy) {
    precondition(sequences.count == startSteps.count && !sequences.isEmpty)
    self.sequences = sequences
    self.startSteps = startSteps
    self.moment = moment
    phaseCount = moment.isGlobal ? sequences.map(\.count).max() ?? 0 : 1
  }

  /// All train the stages in their order and meet at each boundary.
  public static func shared(stageCount: Int, workerCount: Int) -> TaskSchedule {
    TaskSchedule(
      sequences: Array(repeating: Array(0..<stageCount), count: workerCount),
      startSteps: Array(repeating: 0, count: workerCount), moment: .globalBoundary)
  }

  /// The positions of a worker's sequence that belong to a phase; empty for one that has no part
  /// in it.
  public func positions(of worker: Int, in phase: Int) -> Range<Int> {
    let all = 0..<sequences[worker].count
    return moment.isGlobal ? (phase..<phase + 1).clamped(to: all) : all
  }

  /// Who trains what in a phase: every worker's stages, by worker and position.
  func visits(of phase: Int) -> [(worker: Int, stage: Int)] {
    sequences.indices.flatMap { worker in
      positions(of: worker, in: phase).map { (worker, sequences[worker][$0]) }
    }
  }

  /// The stages that somebody trains in a phase, ascending.
  func stages(of phase: Int) -> [Int] { Set(visits(of: phase).map(\.stage)).sorted() }

  /// Whether a worker that trains a stage can ask for such an anchor.
  func canAnchor(_ snapshot: Snapshot, of worker: Int, stage: Int) -> Bool {
    let sequence = sequences[worker]
    switch snapshot {
    case .boundary(worker, let position):
      return !moment.isGlobal && sequence.indices.contains(position) && sequence[position] == stage
    case .provisional(worker, _): return !moment.isGlobal && sequence.contains(stage)
    default: return false
    }
  }

  /// The workers that have the stage in their sequence, ascending.
  public func owners(of stage: Int) -> [Int] {
    sequences.indices.filter { sequences[$0].contains(stage) }
  }
}

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
    penaltyWaits: Bool = false, fingerprint: String, kernel: String? = nil
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
  }
}

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
  /// Keep the weights for a look after every so many whole steps; `nil`: never.
  public let sampleEverySteps: Int?
  /// Equal on all servers that hold the same model.
  public let fingerprint: String

  /// `weights.count` equals `shard.count`; `batchShares` has one entry a worker.
  public init(
    layout: ParameterLayout, shard: Shard, weights: Vector,
    update: ConsolidatedUpdate,
    method: MethodPlan, foldRule: FoldRule, resetsOptimizer: Bool,
    taskSchedule: TaskSchedule, consistency: Consistency,
    communication: Communication = Communication(), broadcast: [PenaltyPart] = [],
    batchShares: [Int], sampleEverySteps: Int?,
    fingerprint: String
  ) {
    precondition(weights.count == shard.count, "the weights must fill the shard")
    precondition(batchShares.count == taskSchedule.sequences.count, "every worker has a batch")
    self.layout = layout
    self.shard = shard
    self.weights = weights
    self.update = update
    self.method = method
    self.foldRule = foldRule
    self.resetsOptimizer = resetsOptimizer
    self.taskSchedule = taskSchedule
    self.consistency = consistency
    self.communication = communication
    self.broadcast = broadcast
    self.batchShares = batchShares
    self.sampleEverySteps = sampleEverySteps
    self.fingerprint = fingerprint
  }

  var workerCount: Int { taskSchedule.sequences.count }

  /// Examples that one push can stand for.
  var pushExampleCountMaximum: Int { (batchShares.max() ?? 0) * consistency.localSteps }
}

/// What the coordinator knows about the run before it begins.
public struct RunPlan: Sendable, Hashable {
  /// Names the run; not 0.
  public let run: UInt64
  /// The resolved experiment, as every node gets it.
  public let experiment: String
  public let workerCount: Int
  public let serverCount: Int
  public let parameterCount: Int
  public let taskSchedule: TaskSchedule
  /// By stage: what to call it.
  public let stageNames: [String]
  /// By stage: steps of every worker that trains it.
  public let stepCounts: [Int]
  /// By task: its classes.
  public let classCounts: [Int]
  /// By task: test examples, which the workers share evenly; `nil` where nobody knows.
  public let testExampleCounts: [Int]?
  public let method: MethodPlan
  /// All workers must compute with the same kernel of the matrix library.
  public let wantsOneKernel: Bool
  /// Of the coordinator's own data and model; every worker's is compared with it.
  public let fingerprint: String
  /// Of the model alone; every server's is compared with it.
  public let modelFingerprint: String
  /// What servers are told of the data.
  public let shape: DataShape
  public let timeouts: Timeouts

  /// - Parameters:
  ///   - run: A random number that names the run; not 0.
  ///   - modelFingerprint: Of the model alone; where nodes have no data to compare, `fingerprint`.
  ///   - shape: Of the data; of no importance where servers are given their plans.
  public init(
    run: UInt64, experiment: String, workerCount: Int, serverCount: Int, parameterCount: Int,
    taskSchedule: TaskSchedule, stageNames: [String], stepCounts: [Int], classCounts: [Int],
    testExampleCounts: [Int]? = nil, method: MethodPlan, wantsOneKernel: Bool = true,
    fingerprint: String, modelFingerprint: String? = nil,
    shape: DataShape = DataShape(inputs: 1, outputs: 1), timeouts: Timeouts
  ) {
    self.run = run
    self.experiment = experiment
    self.workerCount = workerCount
    self.serverCount = serverCount
    self.parameterCount = parameterCount
    self.taskSchedule = taskSchedule
    self.stageNames = stageNames
    self.stepCounts = stepCounts
    self.classCounts = classCounts
    self.testExampleCounts = testExampleCounts
    self.method = method
    self.fingerprint = fingerprint
    self.modelFingerprint = modelFingerprint ?? fingerprint
    self.shape = shape
    self.wantsOneKernel = wantsOneKernel
    self.timeouts = timeouts
  }

  /// Number of tasks T.
  public var taskCount: Int { classCounts.count }

  /// Why a node cannot be of this run, by its fingerprint; `nil` if it can. A server has no data,
  /// so that only its model tells.
  func difference(of fingerprint: String, at node: NodeID) -> String? {
    if node.kind == .server {
      return fingerprint == modelFingerprint
        ? nil
        : "\(node) and the coordinator do not hold the same model; give every node the same "
          + "version of hebb"
    }
    return fingerprint == self.fingerprint
      ? nil
      : "\(node) and the coordinator do not hold the same data and model; give every worker the "
        + "same data (--data or HEBB_DATA) and every node the same version of hebb"
  }

  /// What a phase is called: its stage, if all workers train the same.
  public func name(ofPhase phase: Int) -> String {
    let stages = Set(
      (0..<workerCount).flatMap { worker in
        taskSchedule.positions(of: worker, in: phase).map { taskSchedule.sequences[worker][$0] }
      })
    if stages.count == 1, let only = stages.first { return stageNames[only] }
    return taskSchedule.phaseCount == 1 ? "all courses" : "phase \(phase + 1)"
  }

  /// Steps of the worker that has most of them in a phase.
  public func stepCount(ofPhase phase: Int) -> Int {
    (0..<workerCount).map { worker in
      taskSchedule.positions(of: worker, in: phase)
        .reduce(0) { $0 + stepCounts[taskSchedule.sequences[worker][$1]] }
    }.max() ?? 0
  }
}

/// How long nodes wait for each other, in milliseconds.
public struct Timeouts: Sendable, Hashable, Codable {
  /// Between two heartbeats of a node.
  public var heartbeatMilliseconds: Int
  /// A node that says nothing for so long is lost.
  public var silenceMilliseconds: Int
  /// All nodes must have registered within this, and prepared within as long again. Nodes wait as
  /// long for the answer to their last word, and workers for a server that may be out of reach.
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

  /// How long a worker waits for a server's sign of life.
  var reachMilliseconds: Int { max(silenceMilliseconds, startMilliseconds) }
}

extension Timeouts {
  /// Whether they are times, none of them beyond 34 years: moments can be told from them.
  var arePossible: Bool {
    [heartbeatMilliseconds, silenceMilliseconds, startMilliseconds]
      .allSatisfy { (1...1 << 40).contains($0) }
  }
}
