import Experiments
import Simulation

extension Experiment {
  /// The simulator's costs of this experiment.
  var costs: CostModel {
    CostModel(
      stepSeconds: simulation.stepMilliseconds * 1e-3,
      sliceSeconds: simulation.sliceMilliseconds * 1e-3,
      latencySeconds: simulation.latencyMinimumMilliseconds
        * 1e-3...simulation.latencyMaximumMilliseconds * 1e-3,
      bytesPerSecond: simulation.megabytesPerSecond * 1e6)
  }
}
