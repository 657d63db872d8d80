extension RunResult {
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

    /// - Parameters:
    ///   - rank: The worker's.
    ///   - tasks: In the order in which it trained them.
    ///   - matrix: Row i is measured when it has finished the i-th of its tasks.
    ///   - accuracy: ACC of that matrix, 0…1.
    ///   - backwardTransfer: BWT of that matrix, -1…1.
    ///   - forgetting: Of that matrix, -1…1.
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

    /// - Parameters:
    ///   - node: `worker 0`, `server 1`.
    ///   - busySeconds: In which it worked.
    ///   - waitingSeconds: In which it did not.
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

    /// - Parameters:
    ///   - accuracy: That was reached, 0…1.
    ///   - seconds: On the run's clock, wall or virtual.
    ///   - step: Steps of the run so far.
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

    /// - Parameters:
    ///   - task: Its name.
    ///   - step: Steps of the run at its end.
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

    /// - Parameters:
    ///   - step: Steps of the run so far.
    ///   - version: Of the first server.
    ///   - accuracies: Of every task, 0…1; `nil` where it was not measured.
    ///   - seconds: On the run's clock, wall or virtual.
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

    /// - Parameters:
    ///   - step: Steps of the run at the end of the part.
    ///   - loss: Mean training loss of the part.
    public init(step: Int, loss: Double) {
      self.step = step
      self.loss = loss
    }
  }
}
