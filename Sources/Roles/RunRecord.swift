public import Tensors

/// What a coordinator measured in a run, complete or not.
public struct RunRecord: Sendable {
  /// Accuracies of all tasks at one version of all shards.
  public struct Row: Sendable {
    /// Steps taken before the measurement.
    public let step: Int
    public let version: UInt64
    /// Row of the matrix R, or `nil` for a sample between boundaries.
    public let row: Int?
    /// Fractions per task, `nil` where not evaluated.
    public let accuracies: [Double?]
    /// The same per worker, each on its own part of the test examples.
    public let byWorker: [[Double?]]
    public let seconds: Double
  }

  /// A boundary between stages.
  public struct Boundary: Sendable {
    public let stage: Int
    public let step: Int
    public let version: UInt64
    /// What the servers found, once all have said so.
    public internal(set) var report: BoundaryReport?
  }

  /// In the order of measurement.
  public internal(set) var rows: [Row] = []
  /// One per finished stage.
  public internal(set) var boundaries: [Boundary] = []
  /// Mean training losses of equal parts of each stage, averaged over the workers.
  public internal(set) var losses: [[Float]] = []
  /// By rank; `nil` for a node that did not say farewell.
  public internal(set) var workerFarewells: [Farewell?]
  /// By rank, likewise.
  public internal(set) var serverFarewells: [Farewell?]
  /// The coordinator's own socket, both directions.
  public internal(set) var traffic: [TrafficLine] = []
  /// Messages refused by the coordinator.
  public internal(set) var refusals: [Refusal] = []
  /// The final parameters; `nil` when the run ended early.
  public internal(set) var weights: Vector?
  /// When all nodes were ready, and when the run was over.
  public internal(set) var readyAt: Instant?
  /// When the run was over.
  public internal(set) var endedAt: Instant?
  /// Seconds between opening and closing of stages: what steps per second refer to.
  public internal(set) var trainingSeconds = 0.0
  /// `nil` for a complete run.
  public internal(set) var failure: Failure?

  /// Why a run ended early.
  public struct Failure: Sendable, Hashable {
    public let kind: FailureKind
    public let reason: String
  }

  init(workerCount: Int, serverCount: Int) {
    workerFarewells = Array(repeating: nil, count: workerCount)
    serverFarewells = Array(repeating: nil, count: serverCount)
  }

  /// All traffic of the run: the servers' listening sockets and the coordinator's carry every
  /// message.
  public var wholeTraffic: Traffic {
    var sum = Traffic()
    for line in traffic + serverFarewells.compactMap({ $0 }).flatMap(\.traffic) { sum.add(line) }
    return sum
  }
}
