import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors

extension Blueprint {
  /// The stage that each worker trains in a phase; `nil` for one that has no part in it.
  func stages(of phase: Int) -> [Int?] {
    taskSchedule.sequences.indices.map { worker in
      let positions = taskSchedule.positions(of: worker, in: phase)
      return positions.first.map { taskSchedule.sequences[worker][$0] }
    }
  }

  /// The phase in which a worker trains a stage, where all meet at boundaries.
  func phase(of stage: Int, rank: Int) -> Int {
    taskSchedule.sequences[rank].firstIndex(of: stage) ?? 0
  }

  /// The stages that are finished when a phase begins, in the order in which they were.
  func finishedStages(before phase: Int) -> [Int] {
    var known: Set<Int> = []
    return (0..<phase).flatMap { Set(stages(of: $0).compactMap(\.self)).sorted() }
      .filter { known.insert($0).inserted }
  }

  /// The memory of all nodes in a phase: what stays of the stages that were finished before it.
  ///
  /// It follows from the seed and the finished stages, so that nothing of it has to be saved. O(n
  /// log n) for n examples of these stages.
  func memory(in phase: Int) -> [SharedExamples.Owned] {
    guard let rule = experiment.method.value.memory, !rule.isEmpty else { return [] }
    let finished = finishedStages(before: phase)
    let train = stream.data.train
    let kept = rule.kept(of: finished.map { stages[$0].examples }, seed: experiment.seed) {
      train.label($0.index)
    }
    let ranks = taskSchedule.sequences.indices
    return SharedExamples.owned(
      kept, among: ranks.map { rank in finished.flatMap { placed[$0][rank] } })
  }

  /// What steps of a phase take of the memory; `nil` if there is nothing to take.
  func rehearsed(in phase: Int) -> SharedExamples? {
    guard let rehearsal = experiment.method.value.rehearsal, phase > 0 else { return nil }
    let memory = memory(in: phase).filter { !heldOut.contains($0.example) }
    guard !memory.isEmpty else { return nil }
    var batch = rehearsal.batch ?? experiment.batch
    if rehearsal.isPooled {
      let new = Set(stages(of: phase).compactMap(\.self)).reduce(0) { $0 + exampleCount(stage: $1) }
      let most = experiment.batch * memory.count
      batch = min(batch, new > 0 ? (most + new - 1) / new : batch)
    }
    return SharedExamples(
      memory,
      BatchSchedule(
        sharing: memory.count, batch: batch, for: .replay,
        stage: phase, length: .iterations(Int(UInt32.max)), seed: experiment.seed))
  }

  /// Output units that compete for an example of an earlier task: where one head has all classes,
  /// those of the stage under way too, or old and new would never be told apart.
  func units(of example: Example, during stage: Int) -> Range<Int> {
    let own = stream.tasks[example.task].active
    guard experiment.stream.scenario == .class else { return own }
    return stages[stage].tasks.reduce(own) { $0.spanning(stream.tasks[$1].active) }
  }

  /// What a step of a stage is to keep of the answers of the tasks that are finished when its phase
  /// begins: a group for each head, which counts as often as tasks have it.
  func distilledGroups(
    of distillation: Distillation, before phase: Int, during stage: Int
  ) -> [SoftTargets.Group] {
    let tasks = finishedStages(before: phase).flatMap { stages[$0].tasks }
    let weight =
      distillation.balance == .byUnits
      ? knownShare(in: phase) / Float(max(1, tasks.count)) : Float(distillation.weight)
    if experiment.stream.scenario == .class {
      // One head, of which each task has a part.
      let all = tasks.flatMap { stream.tasks[$0].units }
      guard let first = all.min(), let last = all.max() else { return [] }
      let known = first..<last + 1
      var units = known
      if distillation.units == .seen {
        for task in stages[stage].tasks {
          let active = stream.tasks[task].active
          units = min(first, active.lowerBound)..<max(units.upperBound, active.upperBound)
        }
      }
      return [
        SoftTargets.Group(units: units, known: known, weight: Float(tasks.count) * weight)
      ]
    }
    let heads = tasks.map { stream.tasks[$0].active }
    return Set(heads).sorted { $0.lowerBound < $1.lowerBound }.map { head in
      SoftTargets.Group(units: head, weight: Float(heads.count { $0 == head }) * weight)
    }
  }
}
