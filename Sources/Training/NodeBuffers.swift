import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors

/// The big buffers of a worker: one for each process, however many workers it plays.
public final class NodeBuffers {
  var batch: Batch
  var slice: Batch
  let workspace: Workspace
  /// The batch's examples in its order, where something depends on which they are.
  var examples: [Example] = []
  /// For those whose answers are learned.
  let tutorWorkspaces: [Workspace]
  /// For a generator beside the network; `nil` where there is none.
  let making: GeneratorBuffers?
  /// θ as the model wants it, in one piece.
  let weights: Vector
  /// Examples that the gradient at hand is of: those of the batch, and those that were made.
  var exampleCount: Int { batch.count + (making?.made.count ?? 0) }
  /// What goes with them: see ``HeldWeights/fit``.
  private(set) var fit: [Float]?
  /// By computing worker: its last gradient, for those that do not compute.
  var gradients: [Int: OrderResult] = [:]

  /// By rank: workers whose work may have to be done again.
  var states: [Int: WorkerState] = [:]
  /// The last total: all servers ask for the same one.
  var total: (parts: [[Int]], factors: [Float], vector: Vector)?

  /// The weights with which workers began the last phase that was asked for.
  private var teacher: (phase: Int, weights: Vector)?

  /// A copy of the weights at hand with which a phase begins; workers that begin it with the same
  /// ones share it. O(P).
  func teacher(of phase: Int) -> Vector {
    if let known = teacher, known.phase == phase, known.weights.view.isEqual(to: weights.view) {
      return known.weights
    }
    let copy = Vector(copying: weights.view)
    teacher = (phase, copy)
    return copy
  }

  /// A worker goes on from a cut within a phase that began with these weights.
  func remember(teacher: (phase: Int, weights: Vector)) { self.teacher = teacher }

  /// What the last worker of this process has begun a phase with; `nil` if none has.
  func knownTeacher(of phase: Int) -> Vector? {
    teacher.flatMap { $0.phase == phase ? $0.weights : nil }
  }

  /// What steps of the last phase that was asked for take of the memory: all workers the same.
  private var rehearsed: (phase: Int, memory: SharedExamples?)?

  /// What steps of a phase take of the memory; `nil` if there is nothing to take.
  func rehearsed(in phase: Int, of blueprint: Blueprint) -> SharedExamples? {
    if let known = rehearsed, known.phase == phase { return known.memory }
    let memory = blueprint.rehearsed(in: phase)
    rehearsed = (phase, memory)
    return memory
  }

  /// What the readout is fitted to after the last phase that was asked for: all workers the same.
  private var stated: (phase: Int, examples: [SharedExamples.Owned])?

  /// What the readout is fitted to after a phase, over all nodes.
  func stated(after phase: Int, of blueprint: Blueprint) -> [SharedExamples.Owned] {
    if let known = stated, known.phase == phase { return known.examples }
    let examples = blueprint.stated(after: phase)
    stated = (phase, examples)
    return examples
  }

  /// What is kept of the stages before the last phase that was asked for: all workers the same.
  private var kept: KeptExamples?

  /// What the reference of a step is made from, over all nodes.
  ///
  /// - Parameters:
  ///   - phase: The one under way.
  ///   - source: What there is a reference of.
  ///   - stages: Of which this one is.
  ///   - step: Of the phase.
  func kept(
    before phase: Int, _ source: References.Source, of blueprint: Blueprint, stages: [Int],
    at step: Int
  ) -> [SharedExamples.Owned] {
    if kept?.phase != phase { kept = KeptExamples(blueprint, before: phase, source) }
    return kept?.examples(of: stages, at: step) ?? []
  }

  /// Takes weights to work at.
  func hold(_ weights: HeldWeights) {
    weights.write(to: self.weights)
    fit = weights.fit
  }

  /// - Parameter blueprint: Of the run; fixes all sizes.
  public init(_ blueprint: Blueprint) {
    let inputs = blueprint.stream.inputCount
    let capacity = blueprint.experiment.stepExampleMaximum
    batch = Batch(capacity: capacity, inputs: inputs)
    slice = Batch(capacity: sliceCountMaximum, inputs: inputs)
    workspace = Workspace(
      model: blueprint.model, capacity: max(capacity, sliceCountMaximum))
    tutorWorkspaces = blueprint.tutors?.workspaces(capacity: capacity) ?? []
    weights = Vector(count: blueprint.layout.count)
    making = blueprint.frame.generator.map {
      GeneratorBuffers($0, capacity: capacity, made: blueprint.experiment.batch)
    }
  }
}
