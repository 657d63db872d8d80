import Experiments
import Methods
import Models
import Roles
import Streams
import Tensors

extension WorkerState {
  /// Which examples of the bench's slice are answered right, at its weights with what was fitted
  /// for them.
  func answers(on bench: NodeBuffers) -> Answers {
    guard let readout = blueprint.readout, let fit = bench.fit else {
      return Answers(
        isRight: blueprint.model.answers(
          to: bench.slice, at: bench.weights.base, using: bench.workspace))
    }
    return readout.answers(
      to: bench.slice, of: blueprint.model, at: bench.weights.base, fit: fit,
      using: bench.workspace)
  }

  /// What a correction made of the answers to the bench's slice, of a task that was known before
  /// the stage whose classes are corrected; `nil` of others.
  func activity(of answers: Answers, on column: Int, _ bench: NodeBuffers) -> StageActivity? {
    guard let units = bench.fit.flatMap({ blueprint.readout?.correction($0) })?.units,
      let stage = blueprint.stages.firstIndex(where: { stage in
        stage.tasks.contains { blueprint.stream.tasks[$0].units.contains(units.lowerBound) }
      }), blueprint.stream.tasks[column].units.allSatisfy({ $0 < units.lowerBound })
    else { return nil }
    var activity = StageActivity(stage: stage)
    activity.oldTestCount = bench.slice.count
    activity.takenBefore = answers.takenBefore
    activity.takenAfter = answers.takenAfter
    return activity
  }

  /// What the readout is to know of a slice of what this worker keeps after a phase, at the bench's
  /// weights.
  ///
  /// - Parameter first: Where the slice begins.
  func statement(after phase: Int, from first: Int, on bench: NodeBuffers) -> OrderResult {
    guard let readout = blueprint.readout else {
      return .failed(reason: "this worker has no readout to be fitted")
    }
    let own = bench.stated(after: phase, of: blueprint).filter { $0.owner == rank }.map(\.example)
    let slice = own.dropFirst(first).prefix(evaluationSliceCountMaximum)
    bench.slice.removeAll()
    let units = 0..<blueprint.unitCount(before: phase + 1)
    for example in slice {
      blueprint.write(example, to: &bench.slice, noise: noise, units: units)
    }
    let records = readout.statement(
      of: bench.slice, keys: slice.map { UInt64($0.task) << 40 | UInt64($0.index) },
      newest: blueprint.newestUnits(of: phase), by: blueprint.model, at: bench.weights.base,
      using: bench.workspace)
    return .statement(records, next: slice.endIndex < own.count ? slice.endIndex : nil)
  }
}
