import Experiments
import Roles
import Streams
import Training

/// Steps of an experiment and nothing else, in a cluster of processes and in the simulator: what
/// bytes cost is what makes the two take as long.
///
/// It has to be processes. Threads of one process share what processes have each, and move bytes at
/// half the speed.
struct StepProbe {
  /// How closely the rate of bytes is looked for.
  enum Precision {
    case fine, coarse

    /// No machine is outside of the bounds, a factor of two to the fifteenth apart: twelve steps
    /// find it to less than a part in a hundred, eight to one in twenty.
    var halvingCount: Int { self == .fine ? 12 : 8 }
    var stepCount: Int { self == .fine ? 50 : 20 }
  }

  private let experiment: Experiment
  private let data: DataSet
  private let workload: Workload
  private let runner: Runner

  /// - Parameter blueprint: Of the experiment.
  init(_ blueprint: Blueprint, dataFolder: String?) throws {
    experiment = blueprint.experiment
    data = blueprint.stream.data
    workload = try Workload(experiment, data: data)
    runner = Runner(dataFolder: dataFolder, command: "") { _, _ in }
  }

  /// The rate of bytes with which the simulator needs the seconds that a step really takes.
  ///
  /// - Parameters:
  ///   - costs: All others, of these steps; what they leave unexplained is laid on the bytes.
  ///   - seconds: Of a step, measured.
  func megabytesPerSecond(
    _ costs: MeasuredCosts, explaining seconds: Double, _ precision: Precision = .fine
  ) throws -> Double {
    var costs = costs
    let steps = try blueprint(stepCount: precision.stepCount)
    var (slow, fast) = (10.0, 300_000.0)
    for _ in 0..<precision.halvingCount {
      costs.megabytesPerSecond = (slow * fast).squareRoot()
      if try simulatedSeconds(of: steps, costs) > seconds {
        slow = costs.megabytesPerSecond
      } else {
        fast = costs.megabytesPerSecond
      }
    }
    return (slow * fast).squareRoot()
  }

  /// Of the steps, which have neither the experiment's optimiser nor its penalty. At most eight
  /// workers: how many there are changes little of what a worker's step costs.
  ///
  /// - Parameter stepCount: To take at least.
  func blueprint(stepCount: Int) throws -> Blueprint {
    let tasks = experiment.stream.tasks
    let bare = experiment.bareSteps(
      workers: min(8, experiment.cluster.workers), iterations: (stepCount + tasks - 1) / tasks)
    return try Blueprint(bare, data: data)
  }

  /// Seconds of a step in a cluster of processes.
  ///
  /// - Parameter stepCount: To take at least.
  func measuredSeconds(stepCount: Int) throws -> Double {
    let steps = try blueprint(stepCount: stepCount)
    return try stepSeconds(of: steps, try runner.runCluster(steps))
  }

  /// Seconds of a step on the simulator's clock. One worker computes, which changes no cost.
  private func simulatedSeconds(
    of steps: Blueprint, _ costs: MeasuredCosts
  ) throws -> Double {
    var experiment = steps.experiment
    // The cluster that it is compared with shares this machine.
    experiment.simulation.cores = .calibrated
    var simulation = try experiment.resolved(by: costs, workload).simulation
    simulation.computingWorkers = 1
    return try stepSeconds(of: steps, try runner.simulate(steps.with(simulation)))
  }

  private func stepSeconds(of steps: Blueprint, _ outcome: Runner.Outcome) throws -> Double {
    if let failure = outcome.failure { throw failure }
    let experiment = steps.experiment
    let stepCount = experiment.stream.tasks * (experiment.stream.iterations ?? 1)
    return outcome.record.trainingSeconds / Double(stepCount)
  }
}
