import Models
import Roles
import Streams
import Tensors

/// The big buffers of a worker: one for each process, however many workers it plays.
public final class NodeBuffers {
  var batch: Batch
  var slice: Batch
  let workspace: Workspace
  /// θ as the model wants it, in one piece.
  let weights: Vector
  /// By computing worker: its last gradient, for those that do not compute.
  var gradients: [Int: OrderResult] = [:]

  /// By rank: workers whose work may have to be done again.
  var states: [Int: WorkerState] = [:]
  /// The last total: all servers ask for the same one.
  var total: (parts: [[Int]], factors: [Float], vector: Vector)?

  /// - Parameter blueprint: Of the run; fixes all sizes.
  public init(_ blueprint: Blueprint) {
    let inputs = blueprint.stream.inputCount
    let capacity = blueprint.batchShares.max() ?? 1
    batch = Batch(capacity: capacity, inputs: inputs)
    slice = Batch(capacity: sliceCountMaximum, inputs: inputs)
    workspace = Workspace(
      model: blueprint.model, capacity: max(capacity, sliceCountMaximum))
    weights = Vector(count: blueprint.layout.count)
  }
}
