import CPlatform
import Experiments
import Launch
import Roles
import Streams
import Tensors

/// Turns `calibrated` into numbers before anything else sees an experiment: looks them up, and
/// measures what has not been measured on this machine yet.
struct CostLookup {
  private let file: CalibrationFile
  private let dataFolder: String?
  private let screen: Screen
  /// What has been read and measured here so far.
  private var known: Calibration?

  /// - Parameter screen: Told when something is measured.
  init(_ file: CalibrationFile, dataFolder: String?, screen: Screen) {
    self.file = file
    self.dataFolder = dataFolder
    self.screen = screen
  }

  /// The experiment with numbers for all its costs.
  ///
  /// - Parameter data: Asked for only if something has to be looked up.
  /// - Throws: What keeps a measurement from being made.
  mutating func resolve(_ experiment: Experiment, data: () throws -> DataSet) throws -> Experiment {
    guard !experiment.calibratedKeys.isEmpty else { return experiment }
    let data = try data()
    let workload = try Workload(experiment, data: data)
    let calibration = try known ?? file.read()
    known = calibration
    if calibration.costs(of: workload) == nil { try measure(experiment, workload, data) }
    guard let costs = known?.costs(of: workload) else { return experiment }
    return try experiment.resolved(by: costs, workload)
  }

  private mutating func measure(
    _ experiment: Experiment, _ workload: Workload, _ data: DataSet
  ) throws {
    screen.write(
      "calibrating \(workload.name) for the simulator's clock, some seconds, into "
        + "\(file.path) (hebb calibrate measures longer)\n")
    // What is under way has to be cleaned up when a signal comes.
    _ = Interruption()
    // As the processes do whose work is measured.
    hebb_keep_big_buffers()
    useOneBLASThread()
    let costs: MeasuredCosts
    do {
      costs = try Calibrator(experiment, data: data, dataFolder: dataFolder).measure(.brief)
    } catch let failure as RunFailure where failure.kind != .interrupted {
      throw RunFailure(
        kind: failure.kind,
        description:
          "the clock could not be calibrated: \(failure.description); --clock free needs "
          + "no calibration")
    }
    known?.enter(costs, for: workload)
    do {
      // Somebody else may have measured something meanwhile.
      var stored = try file.read()
      stored.enter(costs, for: workload)
      try file.write(stored)
    } catch {
      screen.warn("hebb: the calibration is for this command alone: \(error)\n")
    }
  }
}
