/// Several methods run on one experiment: what `result.json` of a comparison holds.
public struct ComparisonResult: Sendable, Hashable, Codable {
  /// Layout of this file.
  public var schema = 1
  public var name: String
  public var runs: [RunResult]
  /// Beside this file, a folder for each run; `nil` where it is not known.
  public var folders: [String]?

  /// - Parameters:
  ///   - name: Of the experiment.
  ///   - runs: One for each method.
  ///   - folders: Beside the file, a folder for each run; `nil` where it is not known.
  public init(name: String, runs: [RunResult], folders: [String]? = nil) {
    self.name = name
    self.runs = runs
    self.folders = folders
  }
}
