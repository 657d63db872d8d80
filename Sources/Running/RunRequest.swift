public import Experiments

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
