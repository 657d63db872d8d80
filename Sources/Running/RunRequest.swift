public import Experiments
import Reports

/// What is asked of a command that runs an experiment.
public struct RunRequest {
  /// With the settings of the command line.
  public let experiment: Experiment
  /// Folder of data sets; `nil` where only embedded ones are used.
  public let dataFolder: String?
  /// The arguments that say what to run, after the command's name and without a seed: for the line
  /// that repeats one method's run.
  public let words: [String]
  /// Folder for results.
  public let folder: String
  /// Overwrite what is in that folder.
  public let overwrites: Bool
  /// Print the results as JSON.
  public let printsJSON: Bool
  public let screen: Screen
  /// Where the costs of a run that has virtual time are looked up; `nil` for one that has none.
  public let calibration: CalibrationFile?
  /// What it goes on from, of a run that was broken off.
  private(set) var broken: ResumableRun?

  /// - Parameters:
  ///   - experiment: With the settings of the command line.
  ///   - dataFolder: Folder of data sets.
  ///   - words: The arguments that say what to run, after the command's name and without a seed.
  ///   - folder: For results.
  ///   - overwrites: Overwrite what is in that folder.
  ///   - printsJSON: Print the results as JSON.
  ///   - screen: Where people are told.
  ///   - calibration: Of a run that has virtual time.
  public init(
    _ experiment: Experiment, dataFolder: String?, words: [String], folder: String,
    overwrites: Bool, printsJSON: Bool, screen: Screen, calibration: CalibrationFile? = nil
  ) {
    self.experiment = experiment
    self.dataFolder = dataFolder
    self.words = words
    self.folder = folder
    self.overwrites = overwrites
    self.printsJSON = printsJSON
    self.screen = screen
    self.calibration = calibration
  }
}

extension RunRequest {
  /// What was asked of a run that was broken off.
  ///
  /// - Parameters:
  ///   - folder: Of its results.
  ///   - mode: Of the command that is to go on with it.
  ///   - dataFolder: Of data sets, if they are elsewhere now.
  ///   - printsJSON: Print the results as JSON.
  ///   - screen: Where people are told.
  /// - Throws: `ReportError` if there is none, or it was another command's.
  public init(
    resuming folder: String, mode: String, dataFolder: String?, printsJSON: Bool, screen: Screen
  ) throws {
    let broken = try ResumableRun(resuming: ResultFolder(folder))
    let request = broken.request
    guard request.mode == mode else {
      throw ReportError(
        "the run in \(folder) was begun by hebb \(request.mode); go on with it by "
          + "`hebb \(request.mode) --resume \(folder)`")
    }
    let experiment = try Experiment(yaml: request.experiment, named: "\(folder)'s experiment")
    self.init(
      experiment, dataFolder: dataFolder ?? request.dataFolder, words: request.words,
      folder: folder, overwrites: true, printsJSON: printsJSON, screen: screen)
    self.broken = broken
  }
}
