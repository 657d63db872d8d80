import Experiments
import Methods
import Streams
import Tensors

/// What is kept of the stages that were finished before a phase, as references take it: by stage,
/// or so many examples of all of it at a step.
struct KeptExamples {
  let phase: Int
  private let byStage: [Int: [SharedExamples.Owned]]
  private var drawn: SharedExamples?

  /// - Parameter source: What there is a reference of.
  init(_ blueprint: Blueprint, before phase: Int, _ source: References.Source) {
    self.phase = phase
    let memory = blueprint.memory(in: phase)
    switch source {
    case .eachStage:
      let owned = Dictionary(uniqueKeysWithValues: memory.map { ($0.example, $0) })
      byStage = Dictionary(
        uniqueKeysWithValues: blueprint.finishedStages(before: phase).map { stage in
          (stage, blueprint.stages[stage].examples.compactMap { owned[$0] })
        })
    case .drawn(let batch):
      byStage = [:]
      drawn = SharedExamples(
        memory,
        BatchSchedule(
          sharing: memory.count, batch: batch, for: .reference, stage: phase,
          length: .iterations(Int(UInt32.max)), seed: blueprint.experiment.seed))
    }
  }

  /// What the reference of a step is made from, over all nodes.
  ///
  /// - Parameters:
  ///   - stages: Of which it is.
  ///   - step: Of the phase.
  mutating func examples(of stages: [Int], at step: Int) -> [SharedExamples.Owned] {
    drawn?.examples(at: step) ?? stages.flatMap { byStage[$0] ?? [] }
  }
}
