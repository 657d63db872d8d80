import Methods
import Streams

/// What comes back from memory at the steps of one phase, and how much it counts.
struct Rehearsing {
  let phase: Int
  private var memory: SharedExamples
  /// Of the step's loss; `nil` if every example counts alike.
  private let share: Double?
  /// By rank: the batches of its stage; `nil` for one that has no part in the phase. Of no worker
  /// where every example counts alike.
  private let batches: [BatchSchedule?]

  /// - Parameters:
  ///   - batches: By rank; needed only where not every example counts alike.
  init(phase: Int, _ memory: SharedExamples, share: Double?, batches: [BatchSchedule?]) {
    self.phase = phase
    self.memory = memory
    self.share = share
    self.batches = share == nil ? [] : batches
  }

  /// Whether a worker still computes at a step.
  private func isActive(_ rank: Int, at step: Int) -> Bool {
    batches.isEmpty || step < (batches[rank]?.stepCount ?? 0)
  }

  /// What a step takes: the worker's own part, and how many all workers have.
  mutating func examples(at step: Int, of rank: Int) -> (own: [Example], total: Int) {
    let drawn = memory.examples(at: step)
    return (
      drawn.filter { $0.owner == rank }.map(\.example),
      drawn.count { isActive($0.owner, at: step) }
    )
  }

  /// By example of a worker, new ones first: what its loss is multiplied by, so that the mean of
  /// the workers' vectors, weighted by how many examples each has, is
  /// (1 − share)/n_new Σ_new ∇l + share/n_old Σ_old ∇l over all workers.
  ///
  /// - Parameters:
  ///   - step: Of the phase.
  ///   - new: The worker's own examples of the step.
  ///   - old: Those that it has of what came back.
  ///   - allOld: Those that all workers have of it.
  /// - Returns: `nil` where the plain mean over the worker's examples does that.
  func factors(at step: Int, new: Int, old: Int, allOld: Int) -> [Float]? {
    guard let share, allOld > 0 else { return nil }
    let allNew = batches.reduce(0) { sum, schedule in
      guard let schedule, step < schedule.stepCount else { return sum }
      return sum + schedule.count(at: step)
    }
    let (all, mine) = (Double(allNew + allOld), Double(new + old))
    // Without new examples the old ones have the whole loss.
    let weight = allNew == 0 ? 1 : share
    let (fresh, known) = (
      allNew == 0 ? 0 : (1 - weight) * all / (Double(allNew) * mine),
      weight * all / (Double(allOld) * mine)
    )
    return Array(repeating: Float(fresh), count: new) + Array(repeating: Float(known), count: old)
  }
}
