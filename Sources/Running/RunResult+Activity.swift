import Experiments
import Methods
import Reports
import Roles
import Training

extension RunResult {
  /// What memory and earlier answers did in every stage, and a sentence where they did nothing.
  mutating func enterActivity(_ record: RunRecord, _ blueprint: Blueprint) {
    let method = blueprint.experiment.method.value
    guard
      method.memory != nil || method.distillation != nil || method.generation != nil
        || method.teaching != nil
    else { return }
    for stage in blueprint.stages.indices {
      guard let phase = blueprint.phase(of: stage), phase > 0 || method.teaching != nil
      else { continue }
      let parts = record.workerSummaries.map { summary in
        summary?.activity.first { $0.stage == stage }
      }
      var activity = Activity(task: blueprint.name(of: blueprint.stages[stage]))
      (activity.memory, activity.memoryByWorker) = memory(in: phase, blueprint)
      let steps = blueprint.stepCounts[stage]
      let rehearsed = parts.reduce(0) { $0 + ($1?.rehearsedCount ?? 0) }
      activity.rehearsedPerStep = steps > 0 ? Double(rehearsed) / Double(steps) : 0
      let generated = parts.reduce(0) { $0 + ($1?.generatedCount ?? 0) }
      activity.generatedPerStep = steps > 0 ? Double(generated) / Double(steps) : 0
      activity.distanceAtStart = parts.compactMap { $0?.distanceAtStart }.max()
      activity.distance = parts.compactMap { $0?.distance }.max()
      activity.correction = correction(in: phase, parts.compactMap(\.self), record, blueprint)
      self.diagnostics.activity.append(activity)
    }
    let all = self.diagnostics.activity
    if method.rehearsal != nil, !all.isEmpty, all.allSatisfy({ $0.rehearsedPerStep == 0 }) {
      self.diagnostics.notes.append(
        "no example of a finished task came back: \(self.method) did nothing")
    }
    if method.generation != nil, !all.isEmpty, all.allSatisfy({ $0.generatedPerStep == 0 }) {
      self.diagnostics.notes.append(
        "no example of a finished task was made: \(self.method) did nothing")
    }
    if method.distillation != nil, !all.isEmpty, all.allSatisfy({ $0.distance ?? 0 == 0 }) {
      self.diagnostics.notes.append(
        "the answers never differed from the earlier ones: \(self.method) did nothing")
    }
  }

  /// What the readout made of the scores of a stage's classes.
  ///
  /// - Parameter parts: What workers say of the stage.
  private func correction(
    in phase: Int, _ parts: [StageActivity], _ record: RunRecord, _ blueprint: Blueprint
  ) -> Correction? {
    guard let fit = record.fits.first(where: { $0.phase == phase })?.numbers,
      let found = blueprint.correction(fit)
    else { return nil }
    let tested = parts.reduce(0) { $0 + $1.oldTestCount }
    func share(_ count: KeyPath<StageActivity, Int>) -> Double? {
      tested > 0 ? Double(parts.reduce(0) { $0 + $1[keyPath: count] }) / Double(tested) : nil
    }
    return Correction(
      scale: found.scale, shift: found.shift, takenBefore: share(\.takenBefore),
      takenAfter: share(\.takenAfter))
  }

  private func memory(
    in phase: Int, _ blueprint: Blueprint
  ) -> (byClass: [ClassCount], byWorker: [Int]) {
    var classes: [Int: Int] = [:]
    var workers = Array(repeating: 0, count: blueprint.experiment.cluster.workers)
    for place in blueprint.memoryPlaces(in: phase) {
      classes[place.label, default: 0] += 1
      workers[place.worker] += 1
    }
    return (
      classes.sorted { $0.key < $1.key }.map { ClassCount(label: $0.key, count: $0.value) }, workers
    )
  }

  /// What was kept when all was learned.
  mutating func enterKept(_ record: RunRecord, _ blueprint: Blueprint) {
    let servers = record.serverSummaries.reduce(0) { $0 + ($1?.keptByteCount ?? 0) }
    // Of models of their own the servers hold the last one; what was measured of the others stands
    // in R, but to use them all have to be kept.
    let models = blueprint.experiment.schedule == .independent ? blueprint.stages.count : 1
    // What workers' roles hold, beside what their performers do.
    let told = record.workerSummaries.reduce(0) { $0 + ($1?.keptByteCount ?? 0) }
    // What the last answers are read with.
    let numbers = record.fits.last?.numbers.count ?? 0
    self.kept = Kept(
      workers: blueprint.keptByteCountOfWorkers + told, servers: models * servers,
      coordinator: numbers * MemoryLayout<Float>.stride)
  }
}
