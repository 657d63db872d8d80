public import Experiments
import Methods
import Consolidation
import Models
public import Roles
public import Streams
public import Tensors
import Updates

/// An experiment made concrete on its data: the stream, the model, who gets what.
///
/// Every node builds it by itself from the experiment's text; equal text, data and program give
/// equal blueprints, which their fingerprints confirm.
public struct Blueprint: Sendable {
  /// What was asked for.
  public private(set) var experiment: Experiment
  public let stream: TaskStream
  /// What is trained between boundaries.
  public let stages: [Stage]
  /// What does not depend on the examples.
  let frame: RunFrame
  var model: any Network { frame.model }
  /// Names the tensors of the parameter vector.
  public var layout: ParameterLayout { frame.layout }
  /// Each worker's share of the global batch.
  var batchShares: [Int] { frame.batchShares }
  /// Whose answers are learned beside the labels; `nil` for nobody's.
  let tutors: Tutors?
  /// Who trains what, in which order.
  public var taskSchedule: TaskSchedule { frame.taskSchedule }
  /// By stage, by worker.
  let placed: [[[Example]]]
  /// By stage, by worker: what is trained on, all that is not held out.
  private let trained: [[[Example]]]
  /// Examples on which nothing is trained, because a readout is fitted to them.
  let heldOut: Set<Example>
  private let exampleCounts: [[Int]]
  /// By stage, where a step's batch is drawn from the examples of all workers: whose each is.
  private let shared: [[SharedExamples.Owned]]
  /// Fingerprint of its data set, hexadecimal.
  public let dataFingerprint: String
  private let fingerprint: String

  /// - Throws: `DataError` or ``ConfigurationError`` when experiment and data do not fit.
  public init(_ experiment: Experiment, data: DataSet) throws {
    self.experiment = experiment
    stream = try TaskStream(experiment.streamSpecification, data: data, seed: experiment.seed)
    if data.train.text != nil, case .featureNoise = experiment.streamPlacement {
      throw ConfigurationError(
        "placement.kind is feature-noise, but data set \(data.name) has words, to which no noise "
          + "can be added; use another placement.kind")
    }
    let train = data.train
    stages = try experiment.boundaryKind.mix(
      stream.stages(joint: experiment.schedule == .joint), seed: experiment.seed
    ) { train.label($0.index) }
    frame = try RunFrame(experiment, shape: stream.shape)
    placed = try Self.place(stages, frame.taskSchedule, experiment, stream)
    let heldOut = experiment.heldOut(of: stages, frame.taskSchedule) { train.label($0.index) }
    trained =
      heldOut.isEmpty
      ? placed : placed.map { $0.map { $0.filter { !heldOut.contains($0) } } }
    self.heldOut = heldOut
    exampleCounts = trained.map { $0.map(\.count) }
    shared =
      experiment.stream.batches == .global
      ? zip(stages, trained).map { SharedExamples.owned($0.examples, among: $1) } : []
    dataFingerprint = data.fingerprint
    let taught = try Self.tutors(of: experiment, for: stream)
    tutors = taught?.tutors
    fingerprint = Self.fingerprint(
      dataFingerprint, frame.layout, exampleCounts, taught?.fingerprint)
  }

  /// Of everything that equal settings turn into on equal data.
  private static func fingerprint(
    _ data: String, _ layout: ParameterLayout, _ exampleCounts: [[Int]], _ tutors: String?
  ) -> String {
    let tensors = layout.tensors.map { "\($0.name) \($0.shape)" }
    var text = "\(data) \(tensors) \(exampleCounts)" + (tutors.map { " \($0)" } ?? "")
    return text.withUTF8 { SHA256.hexDigest(of: UnsafeRawBufferPointer($0)) }
  }

  /// A copy with other costs on the simulator's clock, on which nothing else here depends.
  public func with(_ simulation: Experiment.Simulation) -> Blueprint {
    var blueprint = self
    blueprint.experiment.simulation = simulation
    return blueprint
  }

  // MARK: Placement

  /// The training examples of every stage, by worker.
  private static func place(
    _ stages: [Stage], _ taskSchedule: TaskSchedule, _ experiment: Experiment, _ stream: TaskStream
  ) throws -> [[[Example]]] {
    let workers = experiment.cluster.workers
    return try experiment.streamPlacement.place(
      stages,
      owners: stages.indices.map {
        experiment.sharesOwnedTasks ? [$0 % workers] : taskSchedule.owners(of: $0)
      },
      nodeCount: workers, classCount: stream.data.classCount,
      seed: experiment.seed
    ) { stream.data.train.label($0.index) }
  }

  /// Who got what.
  public var placementTable: PlacementTable { PlacementTable(placed, stream: stream) }

  /// What a worker trains on.
  func examples(stage: Int, rank: Int) -> [Example] { trained[stage][rank] }

  /// What all workers train on.
  func exampleCount(stage: Int) -> Int { exampleCounts[stage].reduce(0, +) }

  func schedule(stage: Int, rank: Int) -> BatchSchedule {
    if let shared = sharedBatches(stage: stage) { return shared }
    return BatchSchedule(
      exampleCounts: exampleCounts[stage], batches: batchShares, node: rank,
      stage: stage, length: experiment.length, seed: experiment.seed)
  }

  /// The batches of a stage over the examples of all workers; `nil` where each has its own.
  private func sharedBatches(stage: Int) -> BatchSchedule? {
    guard experiment.stream.batches == .global else { return nil }
    return BatchSchedule(
      sharing: shared[stage].count, batch: experiment.batch, for: .globalShuffle, stage: stage,
      length: experiment.length, seed: experiment.seed)
  }

  /// What the steps of a stage take of the examples of all workers; `nil` where each takes its own.
  func sharedExamples(stage: Int) -> SharedExamples? {
    sharedBatches(stage: stage).map { SharedExamples(shared[stage], $0) }
  }

  /// Whether one stage has all tasks.
  public var isJoint: Bool { experiment.schedule == .joint }

  /// What a stage is called.
  public func name(of stage: Stage) -> String {
    stage.tasks.count == 1 ? stream.tasks[stage.tasks[0]].name : "all tasks"
  }

  /// What a stage is called; `nil` for a number that is none, as somebody may have sent it.
  public func name(ofStage number: Int) -> String? {
    stages.indices.contains(number) ? name(of: stages[number]) : nil
  }

  // MARK: Examples

  /// The network that is trained at a step of a stage.
  func model(atStep step: Int, of stepCount: Int) -> any Network {
    guard let opening = frame.opening, opening.isOn(atStep: step, of: stepCount) else {
      return model
    }
    return opening.network
  }

  /// Adds a training example to a batch.
  ///
  /// - Parameters:
  ///   - moment: Stage and step of its training; `nil` where it is not trained but looked at.
  ///   - units: Output units that compete for it; those of its task if left out.
  func write(
    _ example: Example, at moment: (stage: Int, step: Int)? = nil, to batch: inout Batch,
    noise: FeatureNoise?, units: Range<Int>? = nil
  ) {
    // Joint training knows all classes from the beginning.
    let task = stream.tasks[example.task]
    let active =
      isJoint && experiment.stream.scenario == .class
      ? task.evaluationActive : units ?? task.active
    let row = batch.append(label: stream.unit(of: example), active: active)
    stream.write(example, at: moment, to: row)
    noise?.add(to: row, count: stream.inputCount, example: example)
  }

  /// The noise that a worker's inputs have.
  func noise(rank: Int) -> FeatureNoise? {
    guard case .featureNoise(let sigma) = experiment.streamPlacement else { return nil }
    return FeatureNoise(
      sigma: sigma, node: rank, nodeCount: experiment.cluster.workers, seed: experiment.seed)
  }

  /// Adds a test example of a task to a batch.
  ///
  /// - Parameter index: In the task's `testIndices`.
  func writeTest(_ index: Int, of task: Int, to batch: inout Batch) {
    let row = batch.append(
      label: stream.testUnit(index, of: task), active: stream.tasks[task].evaluationActive)
    stream.writeTest(index, of: task, to: row)
  }

  /// Which of its task's classes a test example has.
  ///
  /// - Parameter index: In the task's `testIndices`.
  func testClass(_ index: Int, of task: Int) -> Int {
    stream.testClass(index, of: task)
  }

  /// What a worker computes when a task is over.
  var importanceEstimator: (any ImportanceEstimator)? { experiment.quadraticPenalty?.estimator }

  // MARK: Plans

  /// The coordinator's plan.
  ///
  /// - Parameter run: A random number that names the run, not 0.
  public func runPlan(run: UInt64) -> RunPlan {
    RunPlan(
      run: run, experiment: experiment.resolvedYAML, workerCount: experiment.cluster.workers,
      serverCount: experiment.cluster.servers, parameterCount: layout.count,
      taskSchedule: taskSchedule,
      stageNames: stages.map(name),
      stepCounts: stepCounts, classCounts: stream.tasks.map(\.classes.count),
      testExampleCounts: stream.tasks.map(\.testIndices.count),
      method: experiment.methodPlan, wantsOneKernel: experiment.cluster.kernels == .same,
      fingerprint: fingerprint, modelFingerprint: frame.fingerprint, shape: stream.shape,
      timeouts: experiment.cluster.timeouts)
  }

  /// How often a run is cut.
  ///
  /// - Parameter isTimed: Whether it is cut by the clock, where it does not count steps.
  public func cutRule(isTimed: Bool) -> CutRule? {
    let consistency = experiment.consistency
    let meets = consistency.bound == 0 && consistency.backups == 0
    var rule = CutRule(
      everySteps: experiment.cluster.recovery.everySteps,
      isWithinPhases: meets && taskSchedule.startSteps.allSatisfy { $0 == 0 })
    if rule.everySteps != nil { return rule }
    guard isTimed, let seconds = experiment.cluster.recovery.everySeconds else { return nil }
    rule.everyMilliseconds = Int(min(seconds * 1_000, 1e12).rounded(.up))
    return rule
  }

  /// By stage: steps of each worker that trains it.
  public var stepCounts: [Int] {
    stages.indices.map { schedule(stage: $0, rank: 0).stepCount }
  }

  /// Whether workers in one process send their vectors as the work that makes them.
  var defersVectors: Bool { experiment.defersVectors(parameterCount: layout.count) }

  /// How what workers push of a stage becomes its importance.
  var importanceRule: ImportanceRule { frame.importanceRule }

  /// - Parameter kernel: Of the matrix library, where it can differ from that of other workers.
  func workerPlan(
    rank: Int, exampleCounts: [Int], kernel: String? = nil
  ) -> WorkerPlan {
    let shares = experiment.quadraticPenalty?.examples.map {
      evenRange(rank, of: $0, parts: experiment.cluster.workers).count
    }
    return WorkerPlan(
      layout: layout, map: frame.map, taskSchedule: taskSchedule,
      stepCounts: stepCounts, localSteps: experiment.localSteps,
      communication: experiment.communicationPlan, broadcast: experiment.broadcast,
      stepsLocally: experiment.cluster.consistency == .local,
      method: experiment.methodPlan,
      importanceExampleCounts: exampleCounts.map { min($0, shares ?? $0) },
      testExamples: stream.tasks.map {
        evenRange(rank, of: $0.testIndices.count, parts: experiment.cluster.workers)
      },
      classCounts: stream.tasks.map(\.classes.count),
      importancePartCount: importanceRule.partCount, penaltyWaits: experiment.penalty.isLazy,
      fingerprint: fingerprint, kernel: kernel)
  }
}

extension TaskStream {
  /// What a model for its examples has to fit.
  var shape: DataShape {
    DataShape(
      example: example, outputs: outputCount, active: tasks.map(\.active.count).max() ?? 1)
  }
}
