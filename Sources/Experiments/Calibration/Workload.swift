import Methods
import Models
import Roles
public import Streams
import Tensors

/// What the costs of an experiment depend on: its model, a worker's share of the batch, and how
/// nodes talk.
public struct Workload: Sendable, Hashable {
  /// Widths of the layers.
  public let widths: [Int]
  /// Examples of a worker in a step, of the worker that has most.
  public let batchShare: Int
  public let transport: Experiment.Cluster.Transport
  /// Test examples of a worker in a slice of evaluation, on average.
  let evaluationSlice: Double
  let importanceSlice: Double

  /// - Throws: `DataError` when experiment and data do not fit.
  public init(_ experiment: Experiment, data: DataSet) throws {
    let stream = try TaskStream(experiment.streamSpecification, data: data, seed: experiment.seed)
    let network = try experiment.network(
      for: DataShape(example: stream.example, outputs: stream.outputCount))
    widths = network.widths
    let workers = experiment.cluster.workers
    batchShare = (experiment.batch + workers - 1) / workers
    transport = experiment.cluster.transport
    evaluationSlice = Self.mean(
      stream.tasks.map { $0.testIndices.count / workers }, pieces: evaluationSliceCountMaximum)
    let examples = experiment.method.value.penalty?.examples
    importanceSlice = Self.mean(
      stream.tasks.map { min($0.trainIndices.count, examples ?? Int.max) / workers },
      pieces: importanceSliceCountMaximum)
  }

  private static func mean(_ counts: [Int], pieces: Int) -> Double {
    let slices = counts.reduce(0) { $0 + max(1, ($1 + pieces - 1) / pieces) }
    return Double(counts.reduce(0, +)) / Double(max(1, slices))
  }

  /// What a calibration calls it: `784-100-100-2, batch 32, ipc`. Over tcp all is encrypted.
  public var name: String {
    let model = widths.map(String.init).joined(separator: "-")
    return
      "\(model), batch \(batchShare), \(transport == .tcp ? "encrypted tcp" : transport.rawValue)"
  }
}
