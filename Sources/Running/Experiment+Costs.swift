public import Experiments
public import Simulation

extension Experiment {
  /// The simulator's costs of this experiment, which has numbers for all of them.
  public var costs: CostModel {
    precondition(calibratedKeys.isEmpty, "costs are looked up at the command line")
    var costs = simulation.clock == .free ? .free : givenCosts
    // As in a cluster of processes.
    costs.isEncrypted = cluster.transport == .tcp
    return costs
  }

  private var givenCosts: CostModel {
    let (least, most) = (
      seconds(simulation.latencyMinimumMilliseconds, 1e-3),
      seconds(simulation.latencyMaximumMilliseconds, 1e-3)
    )
    var costs = CostModel(
      stepSeconds: seconds(simulation.stepMilliseconds, 1e-3),
      sliceSeconds: seconds(simulation.sliceMilliseconds, 1e-3),
      latency: simulation.latency == .uniform
        ? .uniform(least...most) : .exponential(minimum: least, mean: (least + most) / 2 - least),
      bytesPerSecond: (simulation.megabytesPerSecond ?? 1) * 1e6)
    costs.importanceSeconds = seconds(simulation.importanceMilliseconds, 1e-3)
    costs.stragglerShare = simulation.stragglerShare
    costs.stragglerFactor = simulation.stragglerFactor
    costs.pauses = simulation.pauses.map {
      CostModel.Pause(worker: Int($0[0]), startSeconds: $0[1], seconds: $0[2])
    }
    costs.messageSeconds = seconds(simulation.messageMicroseconds, 1e-6)
    costs.serverSecondsPerByte = seconds(simulation.serverNanosecondsPerByte, 1e-9)
    if case .shared(let count) = simulation.cores { costs.coreCount = count }
    return costs
  }

  private func seconds(_ cost: Double?, _ unit: Double) -> Double { (cost ?? 0) * unit }
}
