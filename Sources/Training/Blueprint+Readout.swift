import Experiments
import Methods
import Models
import Roles
import Streams

extension Experiment {
  /// The examples on which nothing is to be trained: those that are held out of the memory at any
  /// boundary.
  func heldOut(
    of stages: [Stage], _ taskSchedule: TaskSchedule, label: (Example) -> Int
  ) -> Set<Example> {
    guard let rule = method.value.memory, rule.heldOutOneIn != nil else { return [] }
    var (held, finished): (Set<Example>, [[Example]]) = ([], [])
    // All workers are at the same task.
    for stage in taskSchedule.sequences.first ?? [] {
      finished.append(stages[stage].examples)
      held.formUnion(rule.heldOut(of: finished, seed: seed, label: label))
    }
    return held
  }
}

extension Blueprint {
  /// How scores become answers; `nil`: by the highest.
  var readout: (any Readout)? { experiment.method.value.readout }

  /// α and β of what a readout's fit makes of the scores of the newest classes, αo + β; `nil` if it
  /// leaves them as they are.
  public func correction(_ fit: [Float]) -> (scale: Double, shift: Double)? {
    readout?.correction(fit).map { (Double($0.scale), Double($0.shift)) }
  }

  /// Output units that were learned when a phase begins: those below this one.
  func unitCount(before phase: Int) -> Int {
    let units = finishedStages(before: phase).flatMap { stage in
      stages[stage].tasks.flatMap { stream.tasks[$0].units }
    }
    return (units.max() ?? -1) + 1
  }

  /// The output units that a phase brings.
  func newestUnits(of phase: Int) -> Range<Int> {
    unitCount(before: phase)..<unitCount(before: phase + 1)
  }

  /// λ: which share of the units that are known by the end of a phase are so when it begins, 0…1.
  func knownShare(in phase: Int) -> Float {
    Float(unitCount(before: phase)) / Float(max(1, unitCount(before: phase + 1)))
  }

  /// The examples that a readout is fitted to after a phase: what is held out of the memory by
  /// then, or where nothing is, all that is kept.
  func stated(after phase: Int) -> [SharedExamples.Owned] {
    let memory = memory(in: phase + 1)
    guard let rule = experiment.method.value.memory, rule.heldOutOneIn != nil else { return memory }
    let train = stream.data.train
    let held = Set(
      rule.heldOut(
        of: finishedStages(before: phase + 1).map { stages[$0].examples }, seed: experiment.seed
      ) { train.label($0.index) })
    return memory.filter { held.contains($0.example) }
  }
}
