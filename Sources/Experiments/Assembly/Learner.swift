import Models
public import Roles
import Streams
import Tensors

/// Performs a node's orders: the one place where streams, models and parameters meet.
///
/// Prepares itself from the experiment's text, so that a node needs nothing but the text and, where
/// the data are files, a folder of them.
public struct Learner: Performer {
  private let dataFolder: String?
  private let shared: Blueprint?
  private var worker: WorkerState?
  private var server: (rank: Int, blueprint: Blueprint)?

  private struct WorkerState {
    let rank: Int
    let blueprint: Blueprint
    /// This node's training examples of each stage.
    let examples: [[Example]]
    var schedules: [BatchSchedule]
    var batch: Batch
    var slice: Batch
    let workspace: Workspace
  }

  /// A learner that shares a blueprint with others in its process, instead of making its own.
  public init(sharing blueprint: Blueprint) {
    shared = blueprint
    dataFolder = nil
  }

  /// - Parameter dataFolder: Folder of data sets (`--data`); not needed for embedded ones.
  public init(dataFolder: String?) {
    self.dataFolder = dataFolder
    shared = nil
  }

  public mutating func perform(_ order: Order) -> OrderResult {
    do {
      switch order {
      case .prepareWorker(let text, let rank, _):
        return .worker(try prepareWorker(text, rank: rank))
      case .prepareServer(let text, let rank):
        let blueprint = try makeBlueprint(text)
        server = (rank, blueprint)
        return .server(blueprint.serverPlan(rank: rank))
      case .freshWeights(let stage):
        guard let server else { return .failed(reason: "this server has not prepared") }
        return .weights(server.blueprint.freshWeights(stage: stage, rank: server.rank))
      case .gradient(let stage, let step, let weights):
        return gradient(stage: stage, step: step, weights: weights)
      case .evaluate(let column, let examples, let weights):
        return evaluate(column: column, examples: examples, weights: weights)
      case .importance(let stage, let examples, let weights, let sum):
        return addImportance(stage: stage, examples: examples, weights: weights, to: sum)
      }
    } catch {
      return .failed(reason: "\(error)")
    }
  }

  // MARK: Preparing

  private func makeBlueprint(_ text: String) throws -> Blueprint {
    if let shared { return shared }
    let experiment = try Experiment(yaml: text, named: "the coordinator's experiment")
    return try Blueprint(experiment, data: try DataSource.load(experiment, folder: dataFolder))
  }

  private mutating func prepareWorker(_ text: String, rank: Int) throws -> WorkerPlan {
    let blueprint = try makeBlueprint(text)
    let examples = try blueprint.stages.indices.map {
      try blueprint.examples(stage: $0, rank: rank)
    }
    let schedules = try blueprint.stages.indices.map {
      try blueprint.schedule(stage: $0, rank: rank)
    }
    let inputs = blueprint.stream.inputCount
    let sliceCapacity = 512
    let batchCapacity = blueprint.batchShares[rank]
    worker = WorkerState(
      rank: rank, blueprint: blueprint, examples: examples, schedules: schedules,
      batch: Batch(capacity: batchCapacity, inputs: inputs),
      slice: Batch(capacity: sliceCapacity, inputs: inputs),
      workspace: Workspace(
        model: blueprint.model, capacity: max(batchCapacity, sliceCapacity)))
    return try blueprint.workerPlan(rank: rank, exampleCounts: examples.map(\.count))
  }

  // MARK: Working

  private mutating func gradient(
    stage: Int, step: Int, weights: VectorView
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    // Out of `self` while it changes, so that its buffers are not copied.
    worker = nil
    defer { worker = state }
    let blueprint = state.blueprint
    state.batch.removeAll()
    for index in state.schedules[stage].examples(at: step) {
      blueprint.write(state.examples[stage][index], stage: stage, to: &state.batch)
    }
    let gradient = Vector(uninitialized: blueprint.model.layout.count)
    let loss = blueprint.model.gradient(
      of: state.batch, at: weights.base, into: gradient.base, using: state.workspace)
    if let limit = blueprint.experiment.optimizer.clip { clip(gradient, to: Float(limit)) }
    return .gradient(gradient, exampleCount: state.batch.count, loss: loss)
  }

  /// Scales the gradient down to a norm.
  private func clip(_ gradient: Vector, to limit: Float) {
    let norm = Float(
      Kernels.sumOfSquares(gradient.base, count: gradient.count).squareRoot())
    if norm > limit { Kernels.scale(gradient.base, by: limit / norm, count: gradient.count) }
  }

  private mutating func evaluate(
    column: Int, examples: Range<Int>, weights: VectorView
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    worker = nil
    defer { worker = state }
    state.slice.removeAll()
    for index in examples {
      state.blueprint.writeTest(index, of: column, to: &state.slice)
    }
    return .evaluated(
      correct: state.blueprint.model.correctCount(
        of: state.slice, at: weights.base, using: state.workspace))
  }

  private mutating func addImportance(
    stage: Int, examples: Range<Int>, weights: VectorView, to sum: Vector
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    worker = nil
    defer { worker = state }
    let blueprint = state.blueprint
    state.slice.removeAll()
    for index in examples {
      blueprint.write(state.examples[stage][index], stage: stage, to: &state.slice)
    }
    switch blueprint.importanceEstimator {
    case .fisher(let estimator):
      var draws = RandomStream(
        seed: blueprint.experiment.seed, purpose: .fisherLabel, node: state.rank,
        step: stage << 20 | examples.lowerBound)
      blueprint.model.addFisher(
        estimator, of: state.slice, at: weights.base, to: sum.base, using: state.workspace,
        labelDraws: &draws)
    case .outputSensitivity:
      blueprint.model.addOutputSensitivity(
        of: state.slice, at: weights.base, to: sum.base, using: state.workspace)
    case nil: break
    }
    return .importance
  }
}
