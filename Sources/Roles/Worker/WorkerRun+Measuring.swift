import Consolidation
import Tensors

extension WorkerRun {
  // MARK: Measuring

  /// Measures at the weights at hand if they are the wanted ones, else pulls them.
  mutating func attend(
    to request: MeasureRequest, at now: Instant
  ) throws(Failure) -> [Effect] {
    let held = [anchor, plan.trainsOn(request.weights) ? weights : nil].compactMap { $0 }
      .first { $0.versions == request.versions }
    if let held { return try begin(request, at: held, now) }
    // What the run needs is pulled; what is only to be looked at is inspected.
    let isNeeded =
      request.importanceOfPosition != nil || request.statementOfPhase != nil
      || plan.flushes(at: request.weights)
    return pull(.toMeasure(request), isNeeded ? .pull : .inspect, at: now)
  }

  mutating func begin(
    _ request: MeasureRequest, at weights: HeldWeights, _ now: Instant
  ) throws(Failure) -> [Effect] {
    let stage = plan.stageOfImportance(request, rank: voice.id.rank)
    var weights = weights
    weights.fit = request.fit
    return try go(
      on: Measurement(.request(request), at: weights, stage: stage, plan: plan), at: now)
  }

  /// Orders the next slice of a measurement, or says what came of it.
  mutating func go(
    on measurement: Measurement, at now: Instant
  ) throws(Failure) -> [Effect] {
    if let next = measurement.next {
      activity = .measuring(measurement)
      return order(next, at: now)
    }
    switch measurement.purpose {
    case .request(let request) where request.statementOfPhase != nil:
      return [tell(.stated(id: request.id, measurement.statement))] + (try proceed(at: now))
    case .request(let request):
      let result = Control.measured(
        id: request.id, correct: measurement.correct, totals: measurement.totals)
      return voice.importances(of: measurement, plan.communication) + [tell(result)]
        + (try proceed(at: now))
    case .anchor:
      training?.finishEstimate()
      return voice.importances(of: measurement, plan.communication) + (try proceed(at: now))
    case .push(let displacement):
      return try exchange(measurement, displacement)
        + push(
          StepWork.Result(
            gradient: .here(displacement.vector.view), exampleCount: displacement.exampleCount,
            loss: displacement.loss),
          of: displacement.steps, at: measurement.weights.versions, at: now)
    }
  }

  /// The worker's importance at the weights to which its steps have led, and these weights: they go
  /// before the push.
  ///
  /// - Source: Shoham et al. 2019, "Overcoming forgetting in federated learning on non-IID data"
  ///   (FedCurv), eq. 3; it sends Ω and Ωθ, here Ω and θ: as many bytes.
  private mutating func exchange(
    _ measurement: Measurement, _ displacement: Displacement
  ) throws(Failure) -> [Effect] {
    guard measurement.importanceExampleCount > 0 else { return [] }
    guard let sum = measurement.importances.first?.view else { throw Failure.notOrdered(voice.id) }
    penalty.note(
      HeldPenalty.Own(
        sum: sum, exampleCount: measurement.importanceExampleCount, anchor: displacement.end))
    return voice.importances(of: measurement, plan.communication)
      + voice.centre(displacement.end, of: measurement)
  }
}
