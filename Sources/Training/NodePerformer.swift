public import Experiments
import Consolidation
import Models
public import Roles
import Streams
import Tensors
import Updates

/// Performs a node's orders: the one place where streams, models and parameters meet.
///
/// Prepares itself from the experiment's text, so that a node needs nothing but the text and, where
/// the data are files, a folder of them.
public struct NodePerformer: Performer {
  private let dataFolder: String?
  private let memory: MachineMemory?
  let shared: (blueprint: Blueprint, bench: NodeBuffers)?
  private(set) var worker: WorkerState?
  /// Of a performer that shares none.
  private var ownBench: NodeBuffers?
  /// Whether the worker sends its vectors as the work that makes them.
  private var defersVectors = false
  private var server: (rank: Int, blueprint: Blueprint)?

  /// A performer that shares blueprint and buffers with others in its process, instead of making
  /// its own.
  public init(sharing blueprint: Blueprint, _ bench: NodeBuffers) {
    self.init(sharing: blueprint, bench, as: nil)
  }

  /// A performer that has prepared already.
  init(sharing blueprint: Blueprint, _ bench: NodeBuffers, as worker: WorkerState?) {
    shared = (blueprint, bench)
    dataFolder = nil
    memory = nil
    self.worker = worker
  }

  /// - Parameters:
  ///   - dataFolder: Folder of data sets (`--data`); not needed for embedded ones.
  ///   - memory: What the node may take; `nil` if somebody has seen to it.
  public init(dataFolder: String?, memory: MachineMemory? = nil) {
    self.dataFolder = dataFolder
    self.memory = memory
    shared = nil
  }

  /// The worker's factor, once it has prepared.
  public var slowdown: Double {
    guard let worker else { return 1 }
    return worker.blueprint.experiment.cluster.factors[worker.rank]
  }

  public mutating func perform(_ order: Order) -> OrderResult {
    do {
      switch order {
      case .prepareWorker(let text, let rank, _):
        return .worker(try prepareWorker(text, rank: rank))
      case .prepareServer(let text, let rank):
        let blueprint = try makeBlueprint(text, for: .server)
        try check(rank, "server", of: blueprint.experiment.cluster.servers)
        server = (rank, blueprint)
        return .server(blueprint.serverPlan(rank: rank))
      case .freshWeights(let phase):
        guard let server else { return .failed(reason: "this server has not prepared") }
        return .weights(server.blueprint.freshWeights(stage: phase, rank: server.rank))
      case .gradient(let stage, let step, let weights, let penalty):
        return postponed(gradient(stage: stage, step: step, weights: weights, penalty: penalty))
      case .localSteps(let stage, let steps, let weights, let penalty):
        return postponed(localSteps(stage: stage, steps: steps, weights: weights, penalty: penalty))
      case .evaluate(let column, let examples, let weights):
        return evaluate(column: column, examples: examples, weights: weights)
      case .importance(let stage, let examples, let weights, let sum):
        guard let sum else { return .importance }
        return addImportance(stage: stage, examples: examples, weights: weights, to: sum)
      case .total(let parts, let factors):
        return total(of: parts, factors: factors)
      }
    } catch {
      return .failed(reason: "\(error)")
    }
  }

  // MARK: Preparing

  private func makeBlueprint(_ text: String, for place: MemoryEstimate.Place) throws -> Blueprint {
    if let shared { return shared.blueprint }
    let experiment = try Experiment(yaml: text, named: "the coordinator's experiment")
    let data = try DataSource.load(experiment, folder: dataFolder)
    if let memory {
      try experiment.memoryEstimate(of: place, data: data).check("this node", in: memory)
    }
    return try Blueprint(experiment, data: data)
  }

  private func check(_ rank: Int, _ kind: String, of count: Int) throws(ConfigurationError) {
    guard rank < count else {
      throw ConfigurationError("there is no \(kind) \(rank) in an experiment of \(count)")
    }
  }

  private mutating func prepareWorker(_ text: String, rank: Int) throws -> WorkerPlan {
    let blueprint = try makeBlueprint(text, for: .worker)
    try check(rank, "worker", of: blueprint.experiment.cluster.workers)
    let state = WorkerState(blueprint, rank: rank)
    worker = state
    if shared == nil { ownBench = NodeBuffers(blueprint) }
    defersVectors = shared != nil && blueprint.defersVectors
    if defersVectors { shared?.bench.states[rank] = state }
    return blueprint.workerPlan(
      rank: rank, exampleCounts: state.examples.map(\.count), defersVectors: defersVectors,
      kernel: shared == nil ? MatrixLibrary.kernel : nil)
  }

  // MARK: Working

  private mutating func gradient(
    stage: Int, step: Int, weights: HeldWeights, penalty: HeldPenalty?
  ) -> OrderResult {
    working { state, bench in
      state.sharing(bench) {
        weights.write(to: bench.weights.base)
        let gradient = Vector(uninitialized: bench.weights.count)
        let loss = $0.gradient(
          stage: stage, step: step, penalty: penalty, into: gradient, on: bench)
        return .gradient(gradient, exampleCount: bench.batch.count, loss: loss)
      }
    }
  }

  /// Work of a worker that has prepared.
  private mutating func working(
    _ work: (inout WorkerState, NodeBuffers) -> OrderResult
  ) -> OrderResult {
    guard var state = worker, let bench = shared?.bench ?? ownBench else {
      return .failed(reason: "this worker has not prepared")
    }
    // Out of `self` while it changes, so that its state is not copied.
    worker = nil
    defer { worker = state }
    return work(&state, bench)
  }

  /// Without its vector, if that is to be made again; one that is not finite is told at once.
  private func postponed(_ result: OrderResult) -> OrderResult {
    guard defersVectors, case .gradient(let vector, let exampleCount, let loss) = result,
      Kernels.allFinite(vector.base, count: vector.count)
    else { return result }
    return .learned(exampleCount: exampleCount, loss: loss)
  }

  private mutating func localSteps(
    stage: Int, steps: Range<Int>, weights: HeldWeights, penalty: HeldPenalty?
  ) -> OrderResult {
    working { state, bench in
      state.sharing(bench) {
        $0.localSteps(stage: stage, steps, from: weights, penalty: penalty, on: bench)
      }
    }
  }

  private mutating func evaluate(
    column: Int, examples: Range<Int>, weights: HeldWeights
  ) -> OrderResult {
    working { state, bench in
      bench.slice.removeAll()
      for index in examples {
        state.blueprint.writeTest(index, of: column, to: &bench.slice)
      }
      weights.write(to: bench.weights.base)
      let answers = state.blueprint.model.answers(
        to: bench.slice, at: bench.weights.base, using: bench.workspace)
      var correct = Array(repeating: 0, count: state.blueprint.stream.tasks[column].classes.count)
      var totals = correct
      for (index, isRight) in zip(examples, answers) {
        let place = state.blueprint.testClass(index, of: column)
        totals[place] += 1
        if isRight { correct[place] += 1 }
      }
      return .evaluated(correct: correct, totals: totals)
    }
  }

  private mutating func addImportance(
    stage: Int, examples: Range<Int>, weights: HeldWeights, to sum: Vector
  ) -> OrderResult {
    working { state, bench in
      let blueprint = state.blueprint
      bench.slice.removeAll()
      for index in examples {
        blueprint.write(
          state.examples[stage][index], stage: stage, to: &bench.slice, noise: state.noise)
      }
      weights.write(to: bench.weights.base)
      var draws = RandomStream(
        seed: blueprint.experiment.seed, purpose: .fisherLabel, node: state.rank,
        step: stage << 20 | examples.lowerBound)
      blueprint.importanceEstimator?.add(
        bench.slice, of: blueprint.model, at: bench.weights.base, to: sum.base,
        using: bench.workspace, draws: &draws)
      return .importance
    }
  }
}
