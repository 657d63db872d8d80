import Methods
import Models
public import Roles
import Settings
public import Streams
import Tensors
import Updates

extension Experiment {
  /// What one method of this experiment will hold.
  ///
  /// Counts vectors of the model's length, buffers of examples, tables of who has what, and the
  /// data set; what is left out (messages under way, text, code) is small against these.
  ///
  /// - Throws: `DataError` when experiment and data do not fit.
  public func memoryEstimate(
    of place: MemoryEstimate.Place, data: DataSet
  ) throws(DataError) -> MemoryEstimate {
    let sizes = try MemorySizes(self, data: data)
    var estimate = MemoryEstimate()
    switch place {
    case .simulation:
      sizes.addPrograms(1, to: &estimate)
      sizes.addData(1, to: &estimate)
      sizes.addServers(cluster.servers, inOneProcess: true, to: &estimate)
      sizes.addWorkers(cluster.workers, inOneProcess: true, to: &estimate)
    case .cluster:
      sizes.addPrograms(1 + cluster.servers + cluster.workers, to: &estimate)
      sizes.addData(1 + cluster.workers, to: &estimate)
      sizes.addServers(cluster.servers, inOneProcess: false, to: &estimate)
      sizes.addWorkers(cluster.workers, inOneProcess: false, to: &estimate)
      // What the coordinator writes once the others have gone.
      sizes.addVectors(1, to: &estimate)
    case .coordinator:
      sizes.addPrograms(1, to: &estimate)
      sizes.addData(1, to: &estimate)
      // The weights, and the file they become.
      sizes.addVectors(3, to: &estimate)
    case .worker:
      sizes.addPrograms(1, to: &estimate)
      sizes.addData(1, to: &estimate)
      sizes.addWorkers(1, inOneProcess: false, to: &estimate)
    }
    return estimate
  }

  /// What a server of this experiment will hold, which has no data.
  ///
  /// - Parameter shape: Of the data.
  /// - Throws: `DataError` when the model is not for such data.
  public func memoryEstimate(
    ofServerFor shape: DataShape
  ) throws(DataError) -> MemoryEstimate {
    let sizes = try MemorySizes(self, shape: shape)
    var estimate = MemoryEstimate()
    sizes.addPrograms(1, to: &estimate)
    sizes.addServers(1, inOneProcess: false, to: &estimate)
    return estimate
  }
}

/// The numbers that all parts of an estimate are products of, in bytes where they are of memory.
private struct MemorySizes {
  private let experiment: Experiment
  /// None at a server.
  private let data: DataSet?
  private let kind: any StreamKind
  private let inputs: Double
  private let outputs: Double
  private let network: any Network
  private let generator: (any Generator)?
  /// Training examples of all tasks together.
  private let examples: Double
  private let tests: Double
  private let tasks: Double
  private let workers: Double
  /// A vector of the model's length.
  private let vector: Double

  /// A process with nothing in it, and what another one adds that shares its code.
  private static let (firstProcess, otherProcess) = (30e6, 8e6)

  init(_ experiment: Experiment, data: DataSet) throws(DataError) {
    let specification = experiment.streamSpecification
    try self.init(
      experiment,
      shape: DataShape(
        example: try TaskStream.example(
          specification, data: data, seed: experiment.seed),
        outputs: try TaskStream.outputCount(specification, data: data, seed: experiment.seed)),
      data: data)
  }

  init(
    _ experiment: Experiment, shape: DataShape, data: DataSet? = nil
  ) throws(DataError) {
    self.experiment = experiment
    self.data = data
    inputs = Double(shape.example.count)
    outputs = Double(shape.outputs)
    tasks = Double(experiment.stream.tasks)
    workers = Double(experiment.cluster.workers)
    let stream = experiment.stream
    let kind = experiment.stream.kind.value
    self.kind = kind
    examples =
      data.map { Self.count($0.train, stream.examplesPerTask, stream.tasks, kind) } ?? 0
    tests = data.map { Self.count($0.test, stream.testExamplesPerTask, stream.tasks, kind) } ?? 0
    network = try experiment.network(for: shape)
    generator = try experiment.generator(for: shape)
    vector = 4 * Double(network.layout.count + (generator?.layout.count ?? 0))
  }

  /// Examples of all tasks together.
  private static func count(
    _ part: any Examples, _ limit: Int?, _ tasks: Int, _ kind: any StreamKind
  ) -> Double {
    let all = Double(part.count)
    let most = Double(tasks) * min(limit.map(Double.init) ?? all, all)
    return kind.partsClasses ? min(all, most) : most
  }

  // MARK: Every process

  /// Programs without any data; those of one machine share their code.
  func addPrograms(_ count: Int, to estimate: inout MemoryEstimate) {
    estimate.add(
      Self.firstProcess + Double(count - 1) * Self.otherProcess, "processes without anything",
      lower: "cluster.workers")
  }

  /// Each but a server's has the data set, the stream made from it, and who has what.
  func addData(_ count: Int, to estimate: inout MemoryEstimate) {
    guard let data else { return }
    let count = Double(count)
    let tutors = (experiment.method.value.teaching?.runs ?? []).reduce(0.0) {
      $0 + Double(FinishedRun.byteCount(in: $1))
    }
    estimate.add(
      count * tutors, "weights of finished runs that teach",
      lower: "method.teachers or cluster.workers")
    estimate.add(
      count * data.readingFactor * Double(data.byteCount), "examples", lower: "cluster.workers")
    estimate.add(
      count * tasks * inputs * Double(kind.viewByteCount),
      "the pixels of \(experiment.stream.tasks) tasks",
      lower: "stream.tasks or stream.padding")
    // An index; the example in its stage, and at its worker; in joint training once more.
    let isWhole = experiment.stream.examplesPerTask == nil && !kind.partsClasses
    let indices = 8 * (isWhole ? Double(data.train.count) : examples) + 8 * tests
    let copies: Double = experiment.schedule == .joint ? 3 : 2
    estimate.add(
      count * (indices + 16 * copies * examples), "lists of training examples",
      lower: "stream.tasks or stream.examples-per-task")
    var tables = tasks * workers * 64
    if experiment.placement.kind == .shards {
      tables += workers * Double(experiment.placement.shards) * 16
    }
    estimate.add(
      count * tables, "tables of who has which examples",
      lower: "cluster.workers, stream.tasks or placement.shards")
  }

  func addVectors(_ count: Double, to estimate: inout MemoryEstimate) {
    estimate.add(
      count * vector,
      "weights of \(network.widths.map(String.init).joined(separator: "-")) and vectors like them",
      lower: modelKeys)
  }

  private func addWorkersVectors(
    _ count: Double, _ what: String, to estimate: inout MemoryEstimate
  ) {
    estimate.add(
      count * workers * vector, "\(what) of \(experiment.cluster.workers) workers",
      lower: "cluster.workers or \(modelKeys)")
  }

  // MARK: Servers

  /// - Parameter inOneProcess: With each other and with the workers.
  func addServers(_ count: Int, inOneProcess: Bool, to estimate: inout MemoryEstimate) {
    let share = Double(count) / Double(experiment.cluster.servers)
    // The first weights, those of this version, and those of the next or the last; and all of the
    // first weights, of which each takes its shard.
    var vectors = 3 * share + (inOneProcess ? 1 : Double(count))
    // The state of the optimiser and, until the run ends, what it was in the beginning.
    vectors += 2 * share * moments(experiment.serverOptimizer.kind)
    if experiment.stream.evaluationEverySteps != nil { vectors += share }
    if experiment.communication.pull.codec != .none { vectors += 2 * share }
    if !experiment.broadcast.isEmpty { vectors += 2 * share }
    vectors += share * penaltyVectors
    if experiment.penalty.isLazy { vectors += share }
    addVectors(vectors, to: &estimate)
    guard !inOneProcess else { return }
    // What workers push is here once more.
    addWorkersVectors(share * pushedVectors, "gradients and importances", to: &estimate)
  }

  private func moments(_ kind: OptimizerSpecification.Kind) -> Double {
    switch kind {
    case .sgd: 0
    case .momentum, .nesterov: 1
    case .adam: 2
    }
  }

  /// Whether workers are in different stages at a time.
  private var mixesStages: Bool { experiment.taskOrder != .shared }

  /// U, V and what they are made from, at a fold.
  private var penaltyVectors: Double {
    let openStages = mixesStages ? tasks : 1
    switch experiment.methodPlan.importance {
    case .none: return 0
    // With the path and the weights at its beginning.
    case .servers: return 8 + 2 * openStages
    case .workers, .exchange: return 8 + 2 * (openStages - 1)
    }
  }

  // MARK: Workers

  /// - Parameter inOneProcess: They share the buffers of their work.
  func addWorkers(_ count: Int, inOneProcess: Bool, to estimate: inout MemoryEstimate) {
    let count = Double(count)
    let benches = inOneProcess ? 1 : count
    addBench(benches, to: &estimate)
    let share = count / workers
    let isDeferred =
      inOneProcess && experiment.defersVectors(parameterCount: Int(min(vector / 4, 1e15)))
    if isDeferred {
      addVectors(2, to: &estimate)
    } else {
      // Of the keys of open stages none but its last is at a worker itself.
      let pushed = inOneProcess ? pushedVectors : min(3, pushedVectors)
      addWorkersVectors(share * pushed, "gradients and importances", to: &estimate)
    }
    addWorkersVectors(share * keptVectors, "what is kept", to: &estimate)
    // Weights at hand, those to be measured and those that come.
    if !inOneProcess { addVectors(2 * count, to: &estimate) }
    // A matrix of its own each, and one by class.
    let perWorker = 8e3 + 400 * tasks + 16 * tasks * tasks
    estimate.add(
      count * perWorker + 80 * tasks * tasks + 8 * share * examples,
      "the workers' plans, shuffles and matrices",
      lower: "cluster.workers or stream.tasks")
  }

  /// The buffers of one worker's work.
  private func addBench(_ count: Double, to estimate: inout MemoryEstimate) {
    let slice = Double(sliceCountMaximum)
    let batch = Double(experiment.stepExampleMaximum)
    let capacity = max(batch, slice)
    let counts = network.activationCounts.map(Double.init)
    let hidden = counts.reduce(0, +)
    let widest = counts.isEmpty ? 0 : max(outputs, counts.max() ?? 0)
    // Room that no example comes to is never touched.
    let stage = experiment.schedule == .joint ? examples : (examples / tasks).rounded(.up)
    let isEven = experiment.placement.kind == .iid && experiment.taskOrder != .owned
    let most = min(capacity, max(slice, isEven ? stage / workers : stage))
    let rows = most * (hidden + outputs + 2 * widest)
    estimate.add(
      count * 4 * ((batch + slice) * inputs + rows),
      "a batch of \(shortest(batch)) on its way through the network", lower: "batch or \(modelKeys)"
    )
    addVectors(count * (1 + scratchVectors + teachers), to: &estimate)
    guard let generator else { return }
    let making = Double(generator.activationCounts.reduce(0, +) + 3 * generator.inputs)
    estimate.add(
      count * 4 * min(batch, 2 * most) * making,
      "what is made of finished tasks", lower: "batch or method.generator-hidden")
  }

  /// The weights that a phase began with, which workers of a process share.
  private var teachers: Double {
    let method = experiment.method.value
    return method.distillation != nil || method.generation != nil ? 1 : 0
  }

  /// What the work needs besides its result.
  private var scratchVectors: Double {
    // Means are made from sums.
    if experiment.updateRule == .sum { return 1 }
    return experiment.quadraticPenalty?.estimator.map { Double($0.scratchVectorCount) } ?? 0
  }

  /// The keys that make the network smaller: all that its kind has, or the method that makes it.
  private var modelKeys: String {
    if experiment.updateRule == .sum {
      let keys = Methods.catalog.kind(of: experiment.method.chosen).keys
      return (keys.map { "method." + $0.name } + ["stream.padding"]).joined(separator: " or ")
    }
    let keys = Networks.catalog.kind(of: experiment.model.kind).keys
    return keys.map { "model." + $0.name }.joined(separator: " or ")
  }

  /// What each worker has under way at once: its gradient or, where all meet, its importance.
  private var pushedVectors: Double {
    if let computing = experiment.simulation.computingWorkers {
      return min(1, 2 * Double(computing) / workers)
    }
    var vectors = 1.0
    switch experiment.methodPlan.references {
    case .none: break
    case .joint: vectors += 1
    case .perStage: vectors += tasks - 1
    }
    // A key has the importance and the weights that it holds to. Where workers exchange theirs,
    // each has an old and a new one, and a part of the penalty.
    if experiment.methodPlan.importance == .exchange { vectors += 8 }
    if experiment.methodPlan.importance == .workers, !experiment.consolidationMoment.isGlobal {
      vectors += 2 * (mixesStages ? tasks : 1)
    }
    if experiment.consistency.bound == nil || experiment.cluster.delayCompensation > 0 {
      vectors += 1
    }
    return vectors
  }

  /// What each worker keeps from step to step.
  private var keptVectors: Double {
    let link = experiment.communication
    var vectors = 0.0
    if link.push.codec != .none || link.gate != nil {
      vectors += (link.feedback ? 1 : 0) + (link.momentum > 0 ? 1 : 0)
    }
    if link.overlay { vectors += 1 }
    if link.pull.codec != .none { vectors += 1 }
    if !experiment.broadcast.isEmpty, link.importance != .fp32 { vectors += 2 }
    if experiment.communicationPlan.stiffness > 0 { vectors += 1 }
    if experiment.cluster.consistency == .local { vectors += moments(experiment.optimizer.kind) }
    return vectors
  }
}
