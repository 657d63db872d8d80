/// What is asked of a command that runs a study.
public struct StudyRequest {
  /// Path of the study, or the name of a bundled one.
  public let file: String
  /// Settings of the command line, `key=value`.
  public let sets: [String]
  /// As the command was given it; the cells' own commands repeat it.
  public let data: String?
  /// The folder of data sets that comes of it; `nil` where only embedded ones are used.
  public let dataFolder: String?
  /// The arguments that change what runs, for the line that repeats the study.
  public let words: [String]
  /// Folder for results; `nil` for one of the study's name.
  public let output: String?
  /// Cells that run at once; `nil` for as many as there are cores.
  public let jobCount: Int?
  /// Print the results as JSON.
  public let printsJSON: Bool
  public let screen: Screen
  public let calibration: CalibrationFile

  /// - Parameters:
  ///   - file: Path of the study, or the name of a bundled one.
  ///   - sets: Settings of the command line, `key=value`.
  ///   - data: The folder of data sets as the command was given it.
  ///   - dataFolder: The folder of data sets.
  ///   - words: The arguments that change what runs.
  ///   - output: Folder for results.
  ///   - jobCount: Cells that run at once.
  ///   - printsJSON: Print the results as JSON.
  ///   - screen: Where people are told.
  ///   - calibration: Where costs are looked up.
  public init(
    _ file: String, sets: [String], data: String?, dataFolder: String?, words: [String],
    output: String?, jobCount: Int?, printsJSON: Bool, screen: Screen,
    calibration: CalibrationFile
  ) {
    self.file = file
    self.sets = sets
    self.data = data
    self.dataFolder = dataFolder
    self.words = words
    self.output = output
    self.jobCount = jobCount
    self.printsJSON = printsJSON
    self.screen = screen
    self.calibration = calibration
  }
}
