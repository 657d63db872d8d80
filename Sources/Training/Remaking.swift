import Models
import Tensors

/// What is made of finished stages at the steps of one phase, and how much it counts.
struct Remaking {
  let phase: Int
  /// What new examples are of both losses, 0..<1.
  private let share: Double
  private let new: NewExamples
  /// How the frozen network labels what is made.
  let targets: SoftTargets

  /// - Parameters:
  ///   - share: What new examples are of both losses, 0..<1.
  ///   - new: The new examples of its steps.
  ///   - targets: How the frozen network labels what is made.
  init(phase: Int, share: Double, new: NewExamples, targets: SoftTargets) {
    self.phase = phase
    self.share = share
    self.new = new
    self.targets = targets
  }

  /// What a worker makes for a step, as numbers among what all workers make: together as many as
  /// there are new examples, in equal parts.
  func numbers(at step: Int, of rank: Int) -> Range<Int> {
    let ranks = new.activeRanks(at: step)
    guard let place = ranks.firstIndex(of: rank) else { return 0..<0 }
    return evenRange(place, of: new.count(at: step), parts: ranks.count)
  }

  /// How much the examples of a worker's step count, so that the mean of the workers' vectors,
  /// weighted by how many examples each has, is share · (mean over new and kept examples) +
  /// (1 − share) · (mean over those that were made), over all workers.
  ///
  /// - Parameters:
  ///   - step: Of the phase.
  ///   - real: The worker's new and kept examples.
  ///   - made: Those that it has made.
  ///   - allOld: Kept examples of all workers.
  /// - Returns: `nil` for a step without new examples, for which nothing is made.
  func factors(at step: Int, real: Int, made: Int, allOld: Int) -> Made? {
    let allMade = new.count(at: step)
    guard allMade > 0 else { return nil }
    let allReal = allMade + allOld
    let (all, mine) = (Double(allReal + allMade), Double(max(1, real + made)))
    return Made(
      real: Float(share * all * Double(real) / (Double(allReal) * mine)),
      made: Float((1 - share) * all / (Double(allMade) * mine)))
  }
}

/// How much the examples of one step of a worker count where some of them were made.
struct Made {
  /// What the mean loss of new and kept examples is multiplied by.
  let real: Float
  /// What the loss of each example that was made is multiplied by.
  let made: Float

  /// By new and kept example, what its loss is multiplied by.
  ///
  /// - Parameter factors: What it would be multiplied by if nothing were made; `nil` for the mean.
  func scaling(_ factors: [Float]?, of count: Int) -> [Float] {
    (factors ?? Array(repeating: 1 / Float(max(1, count)), count: count)).map { real * $0 }
  }
}
