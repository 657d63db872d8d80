import Experiments
import Streams

/// How many new examples the steps of one phase have over all workers, and who computes them.
struct NewExamples {
  /// By rank: the batches of its stage; `nil` for one that has no part in the phase.
  private let batches: [BatchSchedule?]
  /// Whether all of them are the same one, of which each worker has a part.
  private let isShared: Bool

  init(_ blueprint: Blueprint, phase: Int) {
    isShared = blueprint.experiment.stream.batches == .global
    batches = blueprint.stages(of: phase).enumerated().map { rank, stage in
      stage.map { blueprint.schedule(stage: $0, rank: rank) }
    }
  }

  /// Whether a worker still computes at a step.
  func isActive(_ rank: Int, at step: Int) -> Bool { step < (batches[rank]?.stepCount ?? 0) }

  /// The workers that do, ascending.
  func activeRanks(at step: Int) -> [Int] { batches.indices.filter { isActive($0, at: step) } }

  /// New examples of a step, over all workers.
  func count(at step: Int) -> Int {
    let counts = batches.compactMap { schedule in
      schedule.flatMap { step < $0.stepCount ? $0.count(at: step) : nil }
    }
    return isShared ? counts.first ?? 0 : counts.reduce(0, +)
  }
}
