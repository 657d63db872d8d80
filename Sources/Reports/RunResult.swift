/// Everything that a run found: the content of `result.json`, schema 1.
///
/// Accuracies are fractions in 0…1 and figures that follow from them lie in -1…1; absent figures
/// are null. A key keeps its meaning as long as `schema` stays the same.
public struct RunResult: Sendable, Hashable {
  /// Layout of this file; always 1 here.
  public var schema = 1
  /// Name of the experiment, as its author wrote it.
  public var name = ""
  public var seed: UInt64 = 0
  /// `none`, `ewc`, `online ewc`, `joint`, …
  public var method = ""
  /// As a paper writes it: `Online EWC`.
  public var methodTitle = ""
  /// What it is for among other runs.
  public var role = Role.method
  /// `task`, `domain` or `class`.
  public var scenario = ""
  public var workers = 0
  public var servers = 0
  /// `bsp`, `ssp`, `asp` or `local`.
  public var consistency = ""
  /// `cluster` or `simulation`.
  public var mode = ""
  /// `complete`, or `stopped` when the run ended early.
  public var status = ""
  /// One name for each column of the matrix.
  public var taskNames: [String] = []
  /// The data set's own label for each class, ascending; empty where it was not recorded.
  public var classLabels: [Int] = []
  /// (T+1) × T fractions in 0…1; row 0 is the untrained network.
  public var matrix: [[Double?]] = []
  /// Whether anything was measured; the untrained network comes first.
  public var hasBegun: Bool { matrix.contains { $0.contains { $0 != nil } } }
  /// ACC in 0…1, Lopez-Paz & Ranzato 2017.
  public var accuracy: Double?
  /// BWT over T−1, Lopez-Paz & Ranzato 2017.
  public var backwardTransfer: Double?
  /// The same sum over T, as the published code of GEM has it.
  public var backwardTransferOverT: Double?
  /// FWT over T−1, Lopez-Paz & Ranzato 2017.
  public var forwardTransfer: Double?
  /// Chaudhry et al. 2018.
  public var forgetting: Double?
  /// Riemer et al. 2019: mean of the diagonal.
  public var learningAccuracy: Double?
  /// Chaudhry et al. 2018; needs a joint run of the same experiment.
  public var intransigence: Double?
  /// Accuracy of guessing, in 0…1.
  public var chance: Double?
  /// Tasks whose final accuracy is not above guessing.
  public var tasksAtChance: [String] = []
  public var perWorker: [Worker] = []
  /// Mean accuracy over time on the tasks finished so far, Caccia et al. 2022.
  public var anytimeAccuracy: Double?
  /// Mean over tasks of the lowest accuracy after the task was learned, De Lange et al. 2023.
  public var minimumAccuracy: Double?
  /// Between the nodes' own ACC, the largest minus the smallest.
  public var disagreement: Double?
  public var communication = Communication()
  /// The same bytes by link, one entry for each direction and kind.
  public var links: [Link] = []
  /// Steps of the run, each one a push of every worker.
  public var steps = 0
  /// Training examples seen by all workers together.
  public var examples = 0
  public var wallSeconds = 0.0
  /// Time on the simulator's clock; `nil` for a cluster of processes, and where the clock is free.
  public var virtualSeconds: Double?
  /// Steps by the time between opening and closing of tasks.
  public var stepsPerSecond: Double?
  /// Seconds summed over the workers.
  public var phases = Phases()
  /// Workers, then servers.
  public var nodes: [Node] = []
  /// When the mean accuracy over all tasks first reached 0.05, 0.10 … 0.95, as far as it did.
  public var timeToAccuracy: [Milestone] = []
  /// 64 hexadecimal digits over the final weights as little-endian Float32.
  public var weightsSha256: String?
  /// 64 hexadecimal digits over the images and labels of the data set.
  public var dataSha256: String?
  /// Whether the same command gives the same bits on the same kernel of the matrix library: always
  /// in the simulator, and in a cluster where nobody goes on without waiting for the others.
  public var isRepeatable: Bool?
  public var staleness = Staleness()
  /// Mean total-variation distance of a node's label law to the global one, 0…1.
  public var spatialSkew: Double?
  /// Mean absolute difference of the task index between nodes.
  public var stageSkew: Double?
  /// Who had which examples and trained what when.
  public var arrangement = Arrangement()
  public var taskBoundaries: [Boundary] = []
  /// Accuracy of every task over time, boundaries included.
  public var curve: [Point] = []
  /// Training loss, sparse.
  public var losses: [Loss] = []
  public var diagnostics = Diagnostics()
  /// Sentences on what went wrong and what was done about it.
  public var faults: [String] = []
  /// What it was made with.
  public var provenance: Provenance?
  /// The exact command to repeat the run.
  public var command = ""
  /// The resolved experiment as YAML.
  public var experiment = ""

  /// An empty result to fill in.
  public init() {}

  /// One worker's own view.
  public struct Worker: Sendable, Hashable {
    public var rank: Int
    /// In the order in which it trained them.
    public var tasks: [String]
    /// Row i is measured when the worker has finished the i-th of its tasks, and each accuracy
    /// weighs the classes as the worker's own examples of the task do.
    public var matrix: [[Double?]]
    public var accuracy: Double?
    public var backwardTransfer: Double?
    public var forgetting: Double?

    /// Every field as it is documented.
    public init(
      rank: Int, tasks: [String], matrix: [[Double?]], accuracy: Double?,
      backwardTransfer: Double?, forgetting: Double? = nil
    ) {
      self.rank = rank
      self.tasks = tasks
      self.matrix = matrix
      self.accuracy = accuracy
      self.backwardTransfer = backwardTransfer
      self.forgetting = forgetting
    }
  }

  /// Where the workers' time went, in seconds.
  public struct Phases: Sendable, Hashable {
    public var train = 0.0
    public var importance = 0.0
    public var evaluate = 0.0
    public var wait = 0.0

    /// No time.
    public init() {}

    /// The phases with their names.
    public var named: [(name: String, seconds: Double)] {
      [("train", train), ("importance", importance), ("evaluate", evaluate), ("wait", wait)]
    }

    /// All phases together.
    var total: Double { named.reduce(0) { $0 + $1.seconds } }
  }

  /// How busy a node was since it had prepared.
  public struct Node: Sendable, Hashable {
    /// `worker 0`, `server 1`.
    public var node: String
    /// A worker's own work; of a server also taking and sending messages.
    public var busySeconds: Double
    public var waitingSeconds: Double

    /// Every field as it is documented.
    public init(node: String, busySeconds: Double, waitingSeconds: Double) {
      self.node = node
      self.busySeconds = busySeconds
      self.waitingSeconds = waitingSeconds
    }

    /// The busy share of its time, 0…1; `nil` without any time.
    public var utilisation: Double? {
      let total = busySeconds + waitingSeconds
      return total > 0 ? busySeconds / total : nil
    }
  }

  /// The first measurement at which an accuracy was reached.
  public struct Milestone: Sendable, Hashable, Codable {
    /// In 0…1.
    public var accuracy: Double
    /// On the run's clock, wall or virtual.
    public var seconds: Double
    /// Steps of the run so far.
    public var step: Int

    /// Every field as it is documented.
    public init(accuracy: Double, seconds: Double, step: Int) {
      self.accuracy = accuracy
      self.seconds = seconds
      self.step = step
    }

    /// The accuracies that are looked for.
    public static let accuracies = (1...19).map { Double($0) / 20 }
  }

  /// Versions between the one a push was computed at and the one it was applied to.
  public struct Staleness: Sendable, Hashable {
    public var mean: Double?
    public var max: Int?
    /// Applied pushes by staleness, from 0 on.
    public var histogram: [Int] = []

    /// Unknown.
    public init() {}
  }

  /// The end of a task's training.
  public struct Boundary: Sendable, Hashable, Codable {
    public var task: String
    /// Steps of the run so far.
    public var step: Int

    /// Every field as it is documented.
    public init(task: String, step: Int) {
      self.task = task
      self.step = step
    }
  }

  /// Accuracies of all tasks at one moment.
  public struct Point: Sendable, Hashable, Codable {
    public var step: Int
    /// Of the first server.
    public var version: UInt64
    public var accuracies: [Double?]
    /// On the run's clock, wall or virtual.
    public var seconds: Double?

    /// Every field as it is documented.
    public init(step: Int, version: UInt64, accuracies: [Double?], seconds: Double? = nil) {
      self.step = step
      self.version = version
      self.accuracies = accuracies
      self.seconds = seconds
    }
  }

  /// Mean training loss up to a step.
  public struct Loss: Sendable, Hashable {
    public var step: Int
    public var loss: Double

    /// Every field as it is documented.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }
}
