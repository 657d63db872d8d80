import Experiments
import Models
import Roles
import Streams
import Tensors

extension WorkerState {
  /// Writes what a step's batch adds to the parameters that a rule of their own learns.
  ///
  /// - Returns: The mean squared distance of the examples to what they were taken for.
  mutating func learn(
    stage: Int, step: Int, into sum: Vector, by learner: any LocalLearner, on bench: NodeBuffers
  ) -> Double {
    _ = fill(stage: stage, step: step, on: bench)
    let batch = NumberedBatch(
      bench.batch, stage: stage, of: blueprint.stages.count,
      numbers: numbers(stage: stage, step: step, count: bench.batch.count))
    return learner.learn(
      batch, at: bench.weights.base, into: sum.base, using: bench.workspace)
  }

  /// The numbers of this worker's examples of a step among those of all workers at the stage: any
  /// number of workers that share batches have the same ones, others count in turn.
  private mutating func numbers(stage: Int, step: Int, count: Int) -> [Int] {
    if let drawn = shared?.examples.examples(at: step), let all = shared?.examples.all.count {
      let first = step * min(blueprint.experiment.batch, all)
      return drawn.indices.filter { drawn[$0].owner == rank }.map { first + $0 }
    }
    let owners = blueprint.taskSchedule.owners(of: stage)
    let place = owners.firstIndex(of: rank) ?? 0
    let first = step * min(blueprint.batchShares[rank], examples[stage].count)
    return (first..<first + count).map { $0 * owners.count + place }
  }
}
