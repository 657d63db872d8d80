public import Archives
public import Tensors

/// What a coordinator measured in a run, complete or not.
public struct RunRecord: Sendable {
  /// Accuracies of all tasks at one version of all shards.
  public struct Row: Sendable, Hashable {
    /// Why the measurement was made.
    public enum Occasion: Sendable, Hashable {
      /// The network before any training.
      case untrained
      /// These stages of sequences were finished, by all workers together or by one.
      case boundary([Position])
      /// Every so many steps.
      case sample
    }

    /// A 0-based position in a worker's sequence.
    public struct Position: Sendable, Hashable {
      public let worker: Int
      public let position: Int
      /// 0-based stage of the stream that it was.
      public let stage: Int

      /// - Parameters:
      ///   - worker: The rank of the worker that finished.
      ///   - position: 0-based position in its sequence.
      ///   - stage: 0-based stage of the stream that it was.
      public init(worker: Int, position: Int, stage: Int) {
        self.worker = worker
        self.position = position
        self.stage = stage
      }
    }

    /// Why it was made.
    public let occasion: Occasion
    /// Whole steps taken before the measurement.
    public let step: Int
    /// By server.
    public let versions: [UInt64]
    /// Fractions per task, `nil` where not evaluated.
    public let accuracies: [Double?]
    /// By task and class of the task, likewise.
    public let byClass: [[Double?]]
    public let seconds: Double
  }

  /// In the order of measurement.
  public internal(set) var rows: [Row] = []
  /// All rows in an order that does not depend on how long messages took: boundaries at the same
  /// versions are one moment, and stand together by worker.
  public var orderedRows: [Row] {
    var moments: [[UInt64]: Int] = [:]
    let places = rows.enumerated().map { place, row -> (moment: Int, worker: Int, row: Row) in
      guard case .boundary(let positions) = row.occasion else { return (place, -1, row) }
      let moment = moments[row.versions] ?? place
      moments[row.versions] = moment
      return (moment, positions.first?.worker ?? -1, row)
    }
    // Swift's sort is stable.
    return places.sorted { ($0.moment, $0.worker) < ($1.moment, $1.worker) }.map(\.row)
  }
  /// What was fitted at a boundary for the method's readout.
  public struct Fit: Sendable, Hashable {
    /// 0-based phase that was over.
    public let phase: Int
    /// As the readout says.
    public let numbers: [Float]

    /// - Parameters:
    ///   - phase: 0-based, that was over.
    ///   - numbers: As the readout says.
    public init(phase: Int, numbers: [Float]) {
      self.phase = phase
      self.numbers = numbers
    }
  }

  /// What was fitted at the boundaries so far, in order; nothing without a readout.
  public internal(set) var fits: [Fit] = []
  /// What was consolidated, over all servers, in order.
  public internal(set) var consolidations: [BoundaryReport] = []
  /// By worker: mean training losses of the parts of its sequence so far.
  var lossesByWorker: [[LossPart]]
  /// Mean training losses over the workers, by step. Summed in worker order, whoever came first.
  public var losses: [LossPart] {
    var sums: [Int: (sum: Float, count: Int)] = [:]
    for part in lossesByWorker.joined() where part.loss.isFinite {
      let (sum, count) = sums[part.step] ?? (0, 0)
      sums[part.step] = (sum + part.loss, count + 1)
    }
    return sums.sorted { $0.key < $1.key }.map { step, sum in
      LossPart(step: step, loss: sum.sum / Float(sum.count))
    }
  }
  /// By rank: the kernel of the matrix library that a worker of a process of its own computes with.
  public internal(set) var workerKernels: [String?]
  /// By rank; `nil` for a node that did not say farewell.
  public internal(set) var workerSummaries: [NodeSummary?]
  /// By rank, likewise.
  public internal(set) var serverSummaries: [NodeSummary?]
  /// The coordinator's own socket, both directions.
  public internal(set) var traffic = TrafficReport()
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
    lossesByWorker = Array(repeating: [], count: workerCount)
    workerKernels = Array(repeating: nil, count: workerCount)
    workerSummaries = Array(repeating: nil, count: workerCount)
    serverSummaries = Array(repeating: nil, count: serverCount)
  }

  /// Notes a worker's kernel.
  ///
  /// - Returns: A sentence if another worker has another one.
  mutating func enter(kernel: String, of rank: Int) -> String? {
    workerKernels[rank] = kernel
    for (other, known) in workerKernels.enumerated() {
      guard let known, known != kernel else { continue }
      return "\(NodeID.worker(rank)) multiplies with the kernel \(kernel) and "
        + "\(NodeID.worker(other)) with \(known), so that equal seeds would not give equal bits; "
        + "start all workers with the same OPENBLAS_CORETYPE, or set cluster.kernels=any"
    }
    return nil
  }

  /// Puts a block of the final weights in its place.
  mutating func keep(_ block: VectorView, _ range: Range<Int>, of parameterCount: Int) {
    let whole = weights ?? Vector(count: parameterCount)
    whole.replace(from: range.lowerBound, with: block)
    weights = whole
  }

  /// All traffic of the run: the servers' listening sockets and the coordinator's carry every
  /// message.
  public var wholeTraffic: TrafficReport {
    var sum = Traffic()
    sum.add(traffic)
    for summary in serverSummaries.compactMap({ $0 }) { sum.add(summary.traffic) }
    return sum.report
  }
}

extension RunRecord: Saved {
  /// Nodes say these anew, or they are of the end.
  public static let unsaved = [
    "workerKernels", "workerSummaries", "serverSummaries", "traffic", "weights", "endedAt",
    "failure",
  ]

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("rows", rows)
    archive.put("fits", each: fits) {
      $0.put("phase", $1.phase)
      $0.put("numbers", $1.numbers)
    }
    archive.put("consolidations", consolidations)
    archive.put("lossesByWorker", lossesByWorker)
    archive.put("refusals", refusals)
    archive.put("readyAt", readyAt.map { Int($0.nanoseconds) })
    archive.put("trainingSeconds", trainingSeconds)
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    rows = try reader.take("rows")
    fits = try reader.take(each: "fits") { reader throws(ArchiveError) in
      Fit(phase: try reader.take("phase"), numbers: try reader.take("numbers", as: [Float].self))
    }
    consolidations = try reader.take("consolidations")
    lossesByWorker = try reader.take("lossesByWorker", count: lossesByWorker.count)
    refusals = try reader.take("refusals")
    readyAt = try reader.take("readyAt", as: Int?.self).map { Instant(nanoseconds: Int64($0)) }
    trainingSeconds = try reader.take("trainingSeconds")
  }
}
