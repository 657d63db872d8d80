import Experiments
import Foundation
import Reports
import Roles
import Streams

/// Runs an experiment as a real cluster and in the simulator with the measured costs, and compares
/// the seconds between opening and closing of tasks.
struct CalibrationCheck {
  let experiment: Experiment
  let data: DataSet
  let dataFolder: String?

  /// One method.
  struct Row {
    let method: String
    let measuredSeconds: Double
    let predictedSeconds: Double
  }

  /// A row for each method of the experiment.
  ///
  /// - Parameter costs: They count in place of numbers that the experiment gives.
  func rows(_ costs: MeasuredCosts, _ workload: Workload) throws -> [Row] {
    var plain = experiment
    plain.simulation = Experiment.Simulation()
    let resolved = try plain.resolved(by: costs, workload)
    return try experiment.methods.map { method in
      let blueprint = try Blueprint(resolved.with(method), data: data)
      let conductor = Conductor(dataFolder: dataFolder, command: "") { _, _ in }
      return Row(
        method: method.name.rawValue,
        measuredSeconds: try trainingSeconds(conductor.runCluster(blueprint)),
        predictedSeconds: try trainingSeconds(conductor.simulate(blueprint)))
    }
  }

  private func trainingSeconds(_ outcome: Conductor.Outcome) throws -> Double {
    if let failure = outcome.failure { throw failure }
    return outcome.record.trainingSeconds
  }

  /// For people.
  static func table(_ rows: [Row]) -> String {
    let header = ["training", "measured", "predicted", "predicted / measured"]
    let cells = rows.map { row in
      [
        row.method, Figures.seconds(row.measuredSeconds), Figures.seconds(row.predictedSeconds),
        String(format: "%.2f", row.predictedSeconds / max(row.measuredSeconds, 1e-9)),
      ]
    }
    return BenchRow.columns([header] + cells)
  }
}
