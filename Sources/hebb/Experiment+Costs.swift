import Experiments
import Simulation

extension Experiment {
  /// The simulator's costs of this experiment.
  var costs: CostModel {
    let (least, most) = (
      simulation.latencyMinimumMilliseconds * 1e-3, simulation.latencyMaximumMilliseconds * 1e-3
    )
    var costs = CostModel(
      stepSeconds: simulation.stepMilliseconds * 1e-3,
      sliceSeconds: simulation.sliceMilliseconds * 1e-3,
      latency: simulation.latency == .uniform
        ? .uniform(least...most) : .exponential(minimum: least, mean: (least + most) / 2 - least),
      bytesPerSecond: simulation.megabytesPerSecond * 1e6)
    costs.factors = simulation.factors
    costs.stragglerShare = simulation.stragglerShare
    costs.stragglerFactor = simulation.stragglerFactor
    costs.pauses = simulation.pauses.map {
      CostModel.Pause(worker: Int($0[0]), startSeconds: $0[1], seconds: $0[2])
    }
    costs.serverSecondsPerByte = simulation.serverNanosecondsPerByte * 1e-9
    costs.coreCount = simulation.cores
    return costs
  }
}
