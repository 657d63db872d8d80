public import Experiments
import Foundation
public import Reports
import Roles
public import Streams
import Training

/// Runs an experiment as a real cluster, a few times, and in the simulator with the measured costs,
/// and compares the seconds between opening and closing of tasks.
public struct CalibrationCheck {
  private let experiment: Experiment
  private let data: DataSet
  private let dataFolder: String?

  /// - Parameters:
  ///   - experiment: To be run; its methods one after another.
  ///   - data: The experiment's.
  ///   - dataFolder: Folder of data sets, for the nodes.
  public init(experiment: Experiment, data: DataSet, dataFolder: String?) {
    self.experiment = experiment
    self.data = data
    self.dataFolder = dataFolder
  }

  /// No two runs of a cluster take the same time.
  private static let runCount = 3

  /// One method.
  public struct Row: Sendable {
    let method: String
    /// Of all runs, ascending.
    let measuredSeconds: [Double]
    let predictedSeconds: Double
  }

  /// Finds a row for each method of the experiment.
  ///
  /// - Parameter costs: They count in place of numbers that the experiment gives.
  public func run(
    _ costs: MeasuredCosts, _ workload: Workload, found: (Row) -> Void
  ) throws {
    var plain = experiment
    plain.simulation = Experiment.Simulation()
    // The processes share this machine.
    plain.simulation.cores = .calibrated
    let resolved = try plain.resolved(by: costs, workload)
    for method in experiment.methods {
      let blueprint = try Blueprint(resolved.with(method), data: data)
      let runner = Runner(dataFolder: dataFolder, command: "") { _, _ in }
      let measured = try (0..<Self.runCount).map { _ in
        try trainingSeconds(runner.runCluster(blueprint))
      }
      found(
        Row(
          method: method.name, measuredSeconds: measured.sorted(),
          predictedSeconds: try trainingSeconds(runner.simulate(blueprint))))
    }
  }

  private func trainingSeconds(_ outcome: Runner.Outcome) throws -> Double {
    if let failure = outcome.failure { throw failure }
    return outcome.record.trainingSeconds
  }

  /// For people.
  public static func table(_ rows: [Row]) -> TextTable {
    let header = ["training", "measured", "from", "to", "predicted", "predicted / measured"]
    let cells = rows.map { row in
      let (middle, all) = (median(row.measuredSeconds), row.measuredSeconds)
      let seconds = [middle, all.first ?? 0, all.last ?? 0, row.predictedSeconds]
      return [row.method] + seconds.map(Figures.seconds)
        + [String(format: "%.2f", row.predictedSeconds / max(middle, 1e-9))]
    }
    return TextTable(header: header, rows: cells, leftColumns: Set(header.indices))
  }
}
