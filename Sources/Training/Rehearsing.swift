import Methods
import Streams

/// What comes back from memory at the steps of one phase, and how much it counts.
struct Rehearsing {
  let phase: Int
  private var memory: SharedExamples
  /// Of the step's loss; `nil` if every example counts alike.
  private let share: Double?
  /// The new examples of its steps; `nil` where nothing depends on how many they are.
  private let new: NewExamples?

  /// - Parameters:
  ///   - new: The new examples of its steps; needed only where something depends on how many.
  init(phase: Int, _ memory: SharedExamples, share: Double?, new: NewExamples?) {
    self.phase = phase
    self.memory = memory
    self.share = share
    self.new = new
  }

  /// What a step takes: the worker's own part, and how many all workers have.
  mutating func examples(at step: Int, of rank: Int) -> (own: [Example], total: Int) {
    let drawn = memory.examples(at: step)
    return (
      drawn.filter { $0.owner == rank }.map(\.example),
      drawn.count { new?.isActive($0.owner, at: step) ?? true }
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
    let allNew = self.new?.count(at: step) ?? 0
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
