import Archives
import Experiments
import Consolidation
import Methods
import Models
import Roles
import Streams
import Tensors
import Updates

/// What a worker's performer knows: its examples, and where it is in them.
struct WorkerState {
  let rank: Int
  let blueprint: Blueprint
  /// This node's training examples of each stage.
  let examples: [[Example]]
  let noise: FeatureNoise?
  private var schedules: [BatchSchedule]
  /// Of the stage under way, where batches are drawn from the examples of all workers.
  var shared: (stage: Int, examples: SharedExamples)?
  /// Of the phase under way; `nil` before any, and where nothing comes back.
  private var rehearsing: Rehearsing?
  /// Of the phase under way; `nil` before any, and where nothing is made.
  var remaking: Remaking?
  /// The weights with which the phase under way began, where their answers are learned. They are
  /// all that has to be kept of the phases before it, and a version that the servers had.
  private(set) var teacher: (phase: Int, weights: Vector)?
  /// What the steps of the order under way did beside learning labels; `nil` if nothing.
  var activity: StageActivity?
  /// Of local steps; its state stays with the worker.
  private var optimizer: Optimizer?

  init(_ blueprint: Blueprint, rank: Int) {
    self.rank = rank
    self.blueprint = blueprint
    noise = blueprint.noise(rank: rank)
    examples = blueprint.stages.indices.map { blueprint.examples(stage: $0, rank: rank) }
    schedules = blueprint.stages.indices.map { blueprint.schedule(stage: $0, rank: rank) }
  }

  /// Computes, or takes what another worker has computed, if this one is not to compute.
  mutating func sharing(
    _ bench: NodeBuffers, _ compute: (inout WorkerState) -> OrderResult
  ) -> OrderResult {
    guard let computing = blueprint.experiment.simulation.computingWorkers else {
      return compute(&self)
    }
    if rank >= computing, let known = bench.gradients[rank % computing] { return known }
    let result = compute(&self)
    bench.gradients[rank % computing] = result
    return result
  }

  /// Begins an order for steps of a stage: from now on it is noted what they do.
  mutating func beginActivity(stage: Int) {
    let method = blueprint.experiment.method.value
    let comesBack =
      method.rehearsal != nil || method.distillation != nil || method.generation != nil
    let isActive =
      blueprint.tutors != nil || method.generation != nil
      || comesBack && blueprint.phase(of: stage, rank: rank) > 0
    activity = isActive ? StageActivity(stage: stage) : nil
  }

  /// This worker's examples of a step's batch.
  private mutating func examples(stage: Int, step: Int) -> [Example] {
    if shared?.stage != stage {
      shared = blueprint.sharedExamples(stage: stage).map { (stage, $0) }
    }
    if let drawn = shared?.examples.examples(at: step) {
      return drawn.filter { $0.owner == rank }.map(\.example)
    }
    return schedules[stage].examples(at: step).map { examples[stage][$0] }
  }

  /// Begins with what comes back in the phase of a stage.
  private mutating func rehearse(stage: Int, on bench: NodeBuffers) {
    let method = blueprint.experiment.method.value
    guard let rehearsal = method.rehearsal else { return }
    let phase = blueprint.phase(of: stage, rank: rank)
    guard rehearsing?.phase != phase else { return }
    let isCounted = rehearsal.share != nil || method.generation != nil
    rehearsing = bench.rehearsed(in: phase, of: blueprint).map { memory in
      Rehearsing(
        phase: phase, memory, share: rehearsal.share,
        new: isCounted ? NewExamples(blueprint, phase: phase) : nil)
    }
  }

  /// Fills the bench's batch with this worker's examples of a step: new ones, then those that come
  /// back.
  ///
  /// - Returns: By example, what its loss is multiplied by; `nil` for the mean. And how many come
  ///   back over all workers.
  mutating func fill(
    stage: Int, step: Int, on bench: NodeBuffers
  ) -> (factors: [Float]?, allOld: Int) {
    bench.batch.removeAll()
    bench.examples = examples(stage: stage, step: step)
    for example in bench.examples {
      blueprint.write(example, at: (stage, step), to: &bench.batch, noise: noise)
    }
    rehearse(stage: stage, on: bench)
    let rank = rank
    guard let (old, allOld) = rehearsing?.examples(at: step, of: rank) else { return (nil, 0) }
    bench.examples += old
    activity?.rehearsedCount += old.count
    let new = bench.batch.count
    for example in old {
      blueprint.write(
        example, at: (stage, step), to: &bench.batch, noise: noise,
        units: blueprint.units(of: example, during: stage))
    }
    return (
      rehearsing?.factors(at: step, new: new, old: old.count, allOld: allOld), allOld
    )
  }

  /// Holds on to the weights with which a phase after the first begins, where they are needed.
  private mutating func keepTeacher(stage: Int, step: Int, on bench: NodeBuffers) {
    let method = blueprint.experiment.method.value
    let phase = blueprint.phase(of: stage, rank: rank)
    guard method.distillation != nil || method.generation != nil, phase > 0 else { return }
    if step == 0 {
      teacher = (phase, bench.teacher(of: phase))
    } else if teacher?.phase != phase {
      // Of a worker of the same process, where the first step's vector is not made a second time.
      teacher = bench.knownTeacher(of: phase).map { (phase, $0) }
    }
    precondition(teacher != nil, "a worker begins a phase with its first step")
  }

  /// The mean gradient of a step's batch at the bench's weights, with the penalty's if there is one
  /// to be added, and its loss without it; or what the batch adds, where sums are learned.
  mutating func gradient(
    stage: Int, step: Int, penalty: HeldPenalty?, into gradient: Vector, on bench: NodeBuffers
  ) -> Double {
    if let learner = blueprint.frame.learner {
      return learn(stage: stage, step: step, into: gradient, by: learner, on: bench)
    }
    keepTeacher(stage: stage, step: step, on: bench)
    let objective = objective(stage: stage, on: bench)
    let filled = fill(stage: stage, step: step, on: bench)
    let made = make(stage: stage, step: step, beside: filled.allOld, on: bench)
    let factors = made?.scaling(filled.factors, of: bench.batch.count) ?? filled.factors
    let model = blueprint.model(atStep: step, of: schedules[stage].stepCount)
    let losses = objective.gradient(of: model, factors: factors, into: gradient, on: bench)
    activity?.frozenCount += objective.frozenNetworkCount * bench.batch.count
    var loss = losses.labels + losses.answers
    if objective.isHeld {
      activity?.distance = losses.answers
      if step == 0 { activity?.distanceAtStart = losses.answers }
    }
    loss += learnMade(
      stage: stage, step: step, factors: factors, made, into: gradient, on: bench)
    if bench.making != nil { activity?.generatorCount += bench.exampleCount }
    if let limit = blueprint.experiment.optimizer.clip { clip(gradient, to: Float(limit)) }
    if bench.exampleCount > 0 {
      penalty?.addGradient(
        strength: Float(blueprint.experiment.method.strength),
        weights: bench.weights.base, to: gradient.base)
    }
    return loss
  }

  /// Adds the per-example importances of some of a stage's examples.
  func addImportance(
    stage: Int, _ slice: Range<Int>, weights: HeldWeights, to sum: Vector, on bench: NodeBuffers
  ) {
    bench.slice.removeAll()
    for index in slice {
      blueprint.write(examples[stage][index], to: &bench.slice, noise: noise)
    }
    bench.hold(weights)
    var draws = RandomStream(
      seed: blueprint.experiment.seed, purpose: .fisherLabel, node: rank,
      step: stage << 20 | slice.lowerBound)
    // Each part of the sum has an element for every parameter, an estimator knows the network's.
    let (own, all) = (blueprint.model.layout.count, blueprint.layout.count)
    let parts = own == all ? 1 : sum.count / all
    let estimate = parts == 1 ? sum : Vector(count: parts * own)
    blueprint.importanceEstimator?.add(
      bench.slice, of: blueprint.model, at: bench.weights.base, to: estimate.base,
      using: bench.workspace, draws: &draws)
    guard parts > 1 else { return }
    for part in 0..<parts {
      Kernels.add(estimate.base + part * own, to: sum.base + part * all, count: own)
    }
  }

  /// Scales the gradient down to a norm; what makes examples has one of its own.
  private func clip(_ gradient: Vector, to limit: Float) {
    let own = blueprint.model.layout.count
    for range in [0..<own, own..<gradient.count] {
      let (base, count) = (gradient.base + range.lowerBound, range.count)
      let norm = Float(Kernels.sumOfSquares(base, count: count).squareRoot())
      if norm > limit { Kernels.scale(base, by: limit / norm, count: count) }
    }
  }

  /// Steps that this worker takes on its own. What is pushed is how far they lead, in units of the
  /// rate: for plain SGD the sum of the gradients, so that one local step is a step of BSP.
  mutating func localSteps(
    stage: Int, _ steps: Range<Int>, from weights: HeldWeights, penalty: HeldPenalty?,
    on bench: NodeBuffers
  ) -> OrderResult {
    let experiment = blueprint.experiment
    let specification = experiment.optimizerSpecification
    let isProximal = penalty != nil && experiment.penalty.form == .proximal
    // Only then is the displacement the sum of the gradients, to the bit.
    let isSum = specification.kind == .sgd && !isProximal
    let theta = bench.weights
    let count = theta.count
    let gradient = Vector(uninitialized: count)
    let sum = isSum ? Vector(count: count) : nil
    bench.hold(weights)
    var optimizer = optimizer ?? Optimizer(specification, count: count)
    // One owner while it is written, or each step would copy its state.
    self.optimizer = nil
    var (exampleCount, lossSum) = (0, 0.0)
    for step in steps {
      let loss = self.gradient(
        stage: stage, step: step, penalty: isProximal ? nil : penalty, into: gradient,
        on: bench)
      guard bench.exampleCount > 0 else { continue }
      lossSum += loss * Double(bench.exampleCount)
      exampleCount += bench.exampleCount
      optimizer.beginStep()
      optimizer.step(
        0..<count, weights: theta.base, direction: gradient.base, into: theta.base)
      if isProximal {
        penalty?.applyProximal(
          step: optimizer.rate * Float(experiment.method.strength), to: theta.base)
      }
      if let sum { Kernels.add(gradient.base, to: sum.base, count: count) }
    }
    self.optimizer = optimizer
    let displacement = sum ?? displacement(from: weights, to: theta, unit: specification.rate)
    let loss = exampleCount > 0 ? lossSum / Double(exampleCount) : 0
    guard experiment.methodPlan.importance == .exchange else {
      return .gradient(.here(displacement.view), exampleCount: exampleCount, loss: loss)
    }
    return .displacement(
      displacement, to: Vector(copying: theta.view), exampleCount: exampleCount, loss: loss)
  }

  /// How far weights have gone, in units of the rate.
  private func displacement(from weights: HeldWeights, to theta: Vector, unit: Float) -> Vector {
    let result = Vector(uninitialized: theta.count)
    var offset = 0
    for block in weights.blocks {
      let (start, end, target) = (block.base, theta.base + offset, result.base + offset)
      for index in 0..<block.count { target[index] = (start[index] - end[index]) / unit }
      offset += block.count
    }
    return result
  }
}

extension WorkerState: Saved {
  /// Draws of examples follow from the seed, and what comes back from the phase.
  static let unsaved = [
    "rank", "blueprint", "examples", "noise", "schedules", "shared", "rehearsing", "remaking",
  ]

  func save(to archive: inout Archive) {
    archive.put("teacherPhase", teacher?.phase)
    archive.put("teacher", teacher?.weights.view)
    archive.put("hasOptimizer", optimizer != nil)
    if let optimizer { archive.put("optimizer", state: optimizer) }
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let phase = try reader.take("teacherPhase", as: Int?.self)
    let weights = try reader.take("teacher", as: VectorView?.self)
    if let phase, let weights {
      guard weights.count == blueprint.layout.count else {
        throw reader.error("is of another network")
      }
      teacher = (phase, Vector(copying: weights))
    }
    guard try reader.take("hasOptimizer", as: Bool.self) else { return }
    var state = Optimizer(
      blueprint.experiment.optimizerSpecification, count: blueprint.layout.count)
    try reader.take("optimizer", into: &state)
    optimizer = state
  }
}
