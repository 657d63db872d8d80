import Compression
import Consolidation

extension WorkerPlan {
  /// Whether weights that the worker trains on are those asked for, where their versions agree.
  /// Where the servers send changes they are only near.
  func trainsOn(_ request: WeightsRequest) -> Bool {
    communication.pull == nil && !(penaltyWaits && request.isSample)
      || request == .atRest && communication.pullBoundary == .drop
  }

  /// Whether the servers send all weights at such a boundary, so that nothing is left out of them.
  func flushes(at request: WeightsRequest) -> Bool {
    communication.pull != nil && communication.pullBoundary == .flush && request == .atRest
  }

  /// Whether a worker that has measured such weights trains on from them.
  func goesOn(from request: WeightsRequest) -> Bool {
    communication.pull == nil && request == .atRest || flushes(at: request)
  }

  /// The stage whose importance is asked for; `nil` if none is, or the worker has no such stage.
  func stageOfImportance(_ request: MeasureRequest, rank: Int) -> Int? {
    let sequence = taskSchedule.sequences[rank]
    return request.importanceOfPosition.flatMap {
      sequence.indices.contains($0) ? sequence[$0] : nil
    }
  }

  /// The work between two round trips.
  ///
  /// - Parameter penalty: To be applied meanwhile, if any.
  func order(
    _ steps: Range<Int>, of stage: Int, at weights: HeldWeights, _ penalty: HeldPenalty?
  ) -> Order {
    stepsLocally
      ? .localSteps(stage: stage, steps: steps, weights: weights, penalty: penalty)
      : .gradient(stage: stage, step: steps.lowerBound, weights: weights, penalty: penalty)
  }
}
