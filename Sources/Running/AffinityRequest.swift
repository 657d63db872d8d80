public import Experiments
public import Training

/// What is asked of a command that measures affinity.
public struct AffinityRequest {
  /// With the settings of the command line.
  public let experiment: Experiment
  /// Which matrices, and how.
  public let plan: AffinityPlan
  /// Folder of data sets; `nil` where only embedded ones are used.
  public let dataFolder: String?
  /// The arguments that say what to measure, after the command's name and without a seed.
  public let words: [String]
  /// Folder for results.
  public let folder: String
  /// Overwrite what is in that folder.
  public let overwrites: Bool
  /// Print the results as JSON.
  public let printsJSON: Bool
  public let screen: Screen

  /// - Parameters:
  ///   - experiment: With the settings of the command line.
  ///   - plan: Which matrices, and how.
  ///   - dataFolder: Folder of data sets.
  ///   - words: The arguments that say what to measure, without the command and a seed.
  ///   - folder: For results.
  ///   - overwrites: Overwrite what is in that folder.
  ///   - printsJSON: Print the results as JSON.
  ///   - screen: Where people are told.
  public init(
    _ experiment: Experiment, _ plan: AffinityPlan, dataFolder: String?, words: [String],
    folder: String, overwrites: Bool, printsJSON: Bool, screen: Screen
  ) {
    self.experiment = experiment
    self.plan = plan
    self.dataFolder = dataFolder
    self.words = words
    self.folder = folder
    self.overwrites = overwrites
    self.printsJSON = printsJSON
    self.screen = screen
  }
}
