import Models
public import Roles
import Streams
import Tensors
import Updates

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
    /// θ as the model wants it, in one piece.
    let weights: Vector
    /// Of local steps; its state stays with the worker.
    var optimizer: Optimizer?

    /// The mean gradient of a step's batch at ``weights``, and its loss.
    mutating func gradient(stage: Int, step: Int, into gradient: Vector) -> Double {
      batch.removeAll()
      for index in schedules[stage].examples(at: step) {
        blueprint.write(examples[stage][index], stage: stage, to: &batch)
      }
      let loss = blueprint.model.gradient(
        of: batch, at: weights.base, into: gradient.base, using: workspace)
      if let limit = blueprint.experiment.optimizer.clip { clip(gradient, to: Float(limit)) }
      return loss
    }

    /// Scales the gradient down to a norm.
    private func clip(_ gradient: Vector, to limit: Float) {
      let norm = Float(
        Kernels.sumOfSquares(gradient.base, count: gradient.count).squareRoot())
      if norm > limit { Kernels.scale(gradient.base, by: limit / norm, count: gradient.count) }
    }
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
      case .freshWeights(let phase):
        guard let server else { return .failed(reason: "this server has not prepared") }
        return .weights(server.blueprint.freshWeights(stage: phase, rank: server.rank))
      case .gradient(let stage, let step, let weights):
        return gradient(stage: stage, step: step, weights: weights)
      case .localSteps(let stage, let steps, let weights):
        return localSteps(stage: stage, steps: steps, weights: weights)
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
        model: blueprint.model, capacity: max(batchCapacity, sliceCapacity)),
      weights: Vector(count: blueprint.model.layout.count), optimizer: nil)
    return try blueprint.workerPlan(rank: rank, exampleCounts: examples.map(\.count))
  }

  // MARK: Working

  private mutating func gradient(
    stage: Int, step: Int, weights: HeldWeights
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    // Out of `self` while it changes, so that its buffers are not copied.
    worker = nil
    defer { worker = state }
    weights.write(to: state.weights.base)
    let gradient = Vector(uninitialized: state.weights.count)
    let loss = state.gradient(stage: stage, step: step, into: gradient)
    return .gradient(gradient, exampleCount: state.batch.count, loss: loss)
  }

  /// Steps that this worker takes on its own. What is pushed is the way it went, in units of the
  /// rate: for plain SGD the sum of the gradients, so that one local step is a step of BSP.
  private mutating func localSteps(
    stage: Int, steps: Range<Int>, weights: HeldWeights
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    worker = nil
    defer { worker = state }
    let specification = state.blueprint.experiment.optimizerSpecification
    let count = state.weights.count
    let way = Vector(count: count)
    let gradient = Vector(uninitialized: count)
    weights.write(to: state.weights.base)
    let start = Vector(copying: state.weights.view)
    var optimizer = state.optimizer ?? Optimizer(specification, count: count)
    var (examples, lossSum) = (0, 0.0)
    for step in steps {
      let loss = state.gradient(stage: stage, step: step, into: gradient)
      guard state.batch.count > 0 else { continue }
      lossSum += loss * Double(state.batch.count)
      examples += state.batch.count
      optimizer.beginStep()
      optimizer.step(
        0..<count, weights: state.weights.base, direction: gradient.base,
        into: state.weights.base)
      if specification.kind == .sgd {
        Kernels.add(gradient.base, to: way.base, count: count)
      }
    }
    if specification.kind != .sgd && examples > 0 {
      for index in 0..<count {
        way.base[index] =
          (start.base[index] - state.weights.base[index]) / specification.rate
      }
    }
    state.optimizer = optimizer
    return .gradient(
      way, exampleCount: examples, loss: examples > 0 ? lossSum / Double(examples) : 0)
  }

  private mutating func evaluate(
    column: Int, examples: Range<Int>, weights: HeldWeights
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    worker = nil
    defer { worker = state }
    state.slice.removeAll()
    for index in examples {
      state.blueprint.writeTest(index, of: column, to: &state.slice)
    }
    weights.write(to: state.weights.base)
    let answers = state.blueprint.model.answers(
      to: state.slice, at: state.weights.base, using: state.workspace)
    var correct = Array(repeating: 0, count: state.blueprint.stream.tasks[column].classes.count)
    var totals = correct
    for (index, isRight) in zip(examples, answers) {
      let place = state.blueprint.testClass(index, of: column)
      totals[place] += 1
      if isRight { correct[place] += 1 }
    }
    return .evaluated(correct: correct, totals: totals)
  }

  private mutating func addImportance(
    stage: Int, examples: Range<Int>, weights: HeldWeights, to sum: Vector
  ) -> OrderResult {
    guard var state = worker else { return .failed(reason: "this worker has not prepared") }
    worker = nil
    defer { worker = state }
    let blueprint = state.blueprint
    state.slice.removeAll()
    for index in examples {
      blueprint.write(state.examples[stage][index], stage: stage, to: &state.slice)
    }
    weights.write(to: state.weights.base)
    switch blueprint.importanceEstimator {
    case .fisher(let estimator):
      var draws = RandomStream(
        seed: blueprint.experiment.seed, purpose: .fisherLabel, node: state.rank,
        step: stage << 20 | examples.lowerBound)
      blueprint.model.addFisher(
        estimator, of: state.slice, at: state.weights.base, to: sum.base, using: state.workspace,
        labelDraws: &draws)
    case .outputSensitivity:
      blueprint.model.addOutputSensitivity(
        of: state.slice, at: state.weights.base, to: sum.base, using: state.workspace)
    case nil: break
    }
    return .importance
  }
}
