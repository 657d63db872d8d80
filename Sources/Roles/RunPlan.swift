public import Tensors

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
    shape: DataShape = DataShape(example: ImageShape(height: 1, width: 1), outputs: 1),
    timeouts: Timeouts
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
