public import Archives
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
  /// What became of the importance slices so far.
  private var importance = ImportanceSlices()
  /// Whether the worker sends its vectors as the work that makes them, and how many it has so far.
  private var deferrals: Int?
  private var server: (rank: Int, frame: RunFrame)?

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

  /// Saves what a worker keeps of its local steps. Deferred vectors and slices of an importance are
  /// never under way then.
  public func save(to archive: inout Archive) {
    if let worker { archive.put("performer", state: worker) }
  }

  /// Takes back what a worker kept of its local steps.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    guard var state = worker else { return }
    worker = nil
    defer { worker = state }
    try reader.take("performer", into: &state)
    guard let bench = shared?.bench else { return }
    if let teacher = state.teacher { bench.remember(teacher: teacher) }
    if deferrals != nil { bench.states[state.rank] = state }
  }

  public mutating func perform(_ order: Order) -> OrderResult {
    do {
      switch order {
      case .prepareWorker(let text, let rank, _):
        return .worker(try prepareWorker(text, rank: rank))
      case .prepareServer(let text, let rank, let shape):
        let frame = try shared?.blueprint.frame ?? makeFrame(text, shape)
        try check(rank, "server", of: frame.map.shards.count)
        server = (rank, frame)
        return .server(frame.serverPlan(rank: rank))
      case .freshWeights(let phase):
        guard let server else { return .failed(reason: "this server has not prepared") }
        return .weights(server.frame.firstWeights(draw: phase, rank: server.rank))
      case .gradient(let stage, let step, let weights, let penalty):
        // What was done is known only afterwards.
        let result = deferring(
          order, gradient(stage: stage, step: step, weights: weights, penalty: penalty))
        return composing(result)
      case .reference(let memories, let stage, let step, let weights):
        return working { state, bench in
          bench.hold(weights)
          return state.reference(to: memories, stage: stage, step: step, on: bench)
        }
      case .localSteps(let stage, let steps, let weights, let penalty):
        let result = deferring(
          order, localSteps(stage: stage, steps: steps, weights: weights, penalty: penalty))
        return composing(result)
      case .evaluate(let column, let examples, let weights):
        return evaluate(column: column, examples: examples, weights: weights)
      case .importance(let stage, let examples, let count, let weights):
        return importance(order, stage: stage, examples, of: count, weights: weights)
      case .statement(let phase, let first, let weights):
        return working { state, bench in
          bench.hold(weights)
          return state.statement(after: phase, from: first, on: bench)
        }
      case .total(let parts, let factors):
        return total(of: parts, factors: factors)
      }
    } catch {
      return .failed(reason: "\(error)")
    }
  }

  // MARK: Preparing

  private func makeFrame(_ text: String, _ shape: DataShape) throws -> RunFrame {
    let experiment = try Experiment(yaml: text, named: "the coordinator's experiment")
    if let memory {
      try experiment.memoryEstimate(ofServerFor: shape).check("this node", in: memory)
    }
    return try RunFrame(experiment, shape: shape)
  }

  private func makeBlueprint(_ text: String) throws -> Blueprint {
    if let shared { return shared.blueprint }
    let experiment = try Experiment(yaml: text, named: "the coordinator's experiment")
    let data = try DataSource.load(experiment, folder: dataFolder)
    if let memory {
      try experiment.memoryEstimate(of: .worker, data: data).check("this node", in: memory)
    }
    return try Blueprint(experiment, data: data)
  }

  private func check(_ rank: Int, _ kind: String, of count: Int) throws(ConfigurationError) {
    guard rank < count else {
      throw ConfigurationError("there is no \(kind) \(rank) in an experiment of \(count)")
    }
  }

  private mutating func prepareWorker(_ text: String, rank: Int) throws -> WorkerPlan {
    let blueprint = try makeBlueprint(text)
    try check(rank, "worker", of: blueprint.experiment.cluster.workers)
    let state = WorkerState(blueprint, rank: rank)
    worker = state
    if shared == nil { ownBench = NodeBuffers(blueprint) }
    if let shared, blueprint.defersVectors {
      deferrals = 0
      shared.bench.states[rank] = state
    }
    return blueprint.workerPlan(
      rank: rank, exampleCounts: state.examples.map(\.count),
      kernel: shared == nil ? MatrixLibrary.kernel : nil)
  }

  // MARK: Working

  private mutating func gradient(
    stage: Int, step: Int, weights: HeldWeights, penalty: HeldPenalty?
  ) -> OrderResult {
    working { state, bench in
      state.beginActivity(stage: stage)
      return state.sharing(bench) {
        bench.hold(weights)
        let gradient = Vector(uninitialized: bench.weights.count)
        let loss = $0.gradient(
          stage: stage, step: step, penalty: penalty, into: gradient, on: bench)
        return .gradient(
          .here(gradient.view), exampleCount: bench.exampleCount, loss: loss)
      }
    }
  }

  /// Work of a worker that has prepared.
  private mutating func working(
    _ work: (inout WorkerState, NodeBuffers) -> OrderResult
  ) -> OrderResult {
    // Out of `self` while it changes, so that its state is not copied.
    guard let bench = shared?.bench ?? ownBench, var state = worker.take() else {
      return .failed(reason: "this worker has not prepared")
    }
    defer { worker = state }
    return work(&state, bench)
  }

  /// The work in the place of its vector, where workers defer; one that is not finite is told at
  /// once.
  private mutating func deferring(_ order: Order, _ result: OrderResult) -> OrderResult {
    guard deferrals != nil,
      case .gradient(.here(let vector), let exampleCount, let loss) = result,
      Kernels.allFinite(vector.base, count: vector.count), let deferred = deferred([order])
    else { return result }
    return .gradient(.later(deferred), exampleCount: exampleCount, loss: loss)
  }

  /// Says with a gradient what it stands for beside the labels of its examples.
  private func composing(_ result: OrderResult) -> OrderResult {
    guard case .gradient(let vector, let count, let loss) = result,
      let activity = worker?.activity
    else { return result }
    return .composed(vector, exampleCount: count, loss: loss, activity)
  }

  /// `nil` where vectors are sent themselves.
  private mutating func deferred(_ orders: [Order]) -> Deferred? {
    guard let count = deferrals, let rank = worker?.rank else { return nil }
    deferrals = count + 1
    return Deferred(worker: rank, serial: count, orders: orders)
  }

  private mutating func localSteps(
    stage: Int, steps: Range<Int>, weights: HeldWeights, penalty: HeldPenalty?
  ) -> OrderResult {
    working { state, bench in
      state.beginActivity(stage: stage)
      return state.sharing(bench) {
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
      bench.hold(weights)
      let answers = state.answers(on: bench)
      var correct = Array(repeating: 0, count: state.blueprint.stream.tasks[column].classes.count)
      var totals = correct
      for (index, isRight) in zip(examples, answers.isRight) {
        let place = state.blueprint.testClass(index, of: column)
        totals[place] += 1
        if isRight { correct[place] += 1 }
      }
      return .evaluated(
        correct: correct, totals: totals, state.activity(of: answers, on: column, bench))
    }
  }

  /// Vectors that lie one after another.
  private static func sources(_ sum: Vector, _ parts: Int) -> [VectorSource] {
    let count = sum.count / parts
    return (0..<parts).map { .here(sum[$0 * count..<($0 + 1) * count]) }
  }

  /// One slice; the sums with the last one.
  private mutating func importance(
    _ order: Order, stage: Int, _ examples: Range<Int>, of count: Int, weights: HeldWeights
  ) -> OrderResult {
    let isLast = examples.upperBound == count
    if deferrals != nil {
      // Only the time is taken; the work is done when somebody needs the sum.
      let orders = importance.enter(order, isFirst: examples.lowerBound == 0)
      return .importance(isLast ? deferred(orders).map { [.later($0)] } : nil)
    }
    let parts = worker?.blueprint.importanceRule.partCount ?? 1
    let sum = importance.sum(isFirst: examples.lowerBound == 0, count: parts * weights.count)
    let result = working { state, bench in
      state.addImportance(stage: stage, examples, weights: weights, to: sum, on: bench)
      return .importance(isLast ? Self.sources(sum, parts) : nil)
    }
    if isLast { importance = ImportanceSlices() }
    return result
  }
}
