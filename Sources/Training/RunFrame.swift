import Consolidation
public import Experiments
import Methods
import Models
public import Roles
import Streams
import Tensors
import Updates

/// What of a run follows from its experiment and the shape of its data: the model, how its
/// parameters are cut, who trains what. A server needs no more, so that it has no data.
///
/// Every node builds it by itself; equal experiments, shapes and programs give equal frames, which
/// their fingerprints confirm.
public struct RunFrame: Sendable {
  private let experiment: Experiment
  let model: any Network
  /// The model, where it learns by a rule of its own.
  let learner: (any LocalLearner)?
  /// What makes examples of finished stages, if anything does; its parameters lie behind the
  /// model's.
  let generator: (any Generator)?
  /// Names the tensors of the parameter vector: the model's, then the generator's.
  let layout: ParameterLayout
  /// What training begins with at each stage, if that is another network.
  let opening: Opening?
  /// Each worker's share of the global batch.
  let batchShares: [Int]
  /// How the parameter vector is cut: what each server owns, what travels as one message.
  let map: BlockMap
  /// Who trains what, in which order.
  let taskSchedule: TaskSchedule
  /// How what workers push of a stage becomes its importance.
  let importanceRule: ImportanceRule
  /// Of the model's tensors, hexadecimal.
  let fingerprint: String

  /// - Throws: `DataError` or ``ConfigurationError`` when the experiment contradicts itself.
  public init(_ experiment: Experiment, shape: DataShape) throws {
    self.experiment = experiment
    learner = try experiment.learner(for: shape)
    model = try learner ?? experiment.model.network(for: shape)
    generator = try experiment.generator(for: shape)
    layout = ParameterLayout(
      model.layout.tensors.map { (name: $0.name, shape: $0.shape) }
        + (generator?.layout.tensors ?? []).map { (name: "generator.\($0.name)", shape: $0.shape) })
    opening = learner == nil ? experiment.model.opening(for: shape) : nil
    let (servers, workers) = (experiment.cluster.servers, experiment.cluster.workers)
    batchShares = evenRanges(of: experiment.batch, parts: workers).map(\.count)
    guard servers <= layout.count else {
      throw ConfigurationError(
        "cluster.servers is \(servers) for \(layout.count) parameters; each server needs at "
          + "least one")
    }
    map = BlockMap(evenRanges(of: layout.count, parts: servers))
    taskSchedule = TaskSchedule(
      sequences: try experiment.taskOrder.sequences(
        stageCount: experiment.schedule == .joint ? 1 : experiment.stream.tasks,
        nodeCount: workers, seed: experiment.seed),
      startSteps: try experiment.streamOnset.startSteps(
        nodeCount: workers, seed: experiment.seed), moment: experiment.consolidationMoment)
    guard opening == nil || experiment.method.value.distillation == nil else {
      throw ConfigurationError(
        "model.linear-start is above 0, but \(experiment.method.name) learns from what the network "
          + "answered before, which it would then answer otherwise; use model.linear-start=0")
    }
    guard experiment.quadraticPenalty?.estimator?.fits(model) ?? true else {
      throw ConfigurationError(
        "method.importance is local, but the layers of this network cannot be asked one by one; "
          + "use method.importance=global or another model.kind")
    }
    importanceRule =
      experiment.quadraticPenalty?.importanceRule(active: shape.active) ?? .mean
    var text = "\(layout.tensors.map { "\($0.name) \($0.shape)" })"
    fingerprint = text.withUTF8 { SHA256.hexDigest(of: UnsafeRawBufferPointer($0)) }
  }

  /// What a server knows of its shard.
  ///
  /// - Parameter rank: Below the experiment's number of servers.
  func serverPlan(rank: Int) -> ServerPlan {
    let shard = map.shards[rank]
    let update = ConsolidatedUpdate(
      rule: experiment.updateRule, optimizer: experiment.serverOptimizer,
      strength: Float(experiment.quadraticPenalty?.strength ?? 0),
      form: experiment.penalty.form, importanceRule: importanceRule,
      gathers: experiment.quadraticPenalty?.path,
      delayCompensation: Float(experiment.cluster.delayCompensation),
      site: experiment.penaltySite, isLazy: experiment.penalty.isLazy, count: shard.count)
    return ServerPlan(
      layout: layout, shard: shard, weights: firstWeights(draw: 0, rank: rank),
      update: update, method: experiment.methodPlan, transform: experiment.stepTransform,
      foldRule: experiment.quadraticPenalty?.fold ?? FoldRule(),
      resetsOptimizer: experiment.optimizer.resetAtBoundary,
      taskSchedule: taskSchedule,
      consistency: experiment.consistency, communication: experiment.communicationPlan,
      broadcast: experiment.broadcast, batchShares: batchShares,
      stepExampleMaximum: experiment.stepExampleMaximum,
      sampleEverySteps: experiment.stream.evaluationEverySteps, fingerprint: fingerprint)
  }

  /// A shard's first weights; all draws are independent. O(P).
  ///
  /// - Parameter draw: 0 for the run's first weights, a stage for those of its own model.
  func firstWeights(draw: Int, rank: Int) -> Vector {
    let (rule, seed) = (experiment.model.initialization, experiment.seed)
    let parts = [
      model.initialWeights(rule, seed: seed, draw: draw),
      generator?.initialWeights(rule, seed: seed, draw: draw),
    ].compactMap(\.self)
    let whole = parts.count == 1 ? parts[0] : Vector(joining: parts.map(\.view))
    return Vector(copying: whole[map.shards[rank].range])
  }
}
