public import Streams

/// Where an experiment's data come from.
public enum DataSource {
  /// Loads or makes the data set of an experiment.
  ///
  /// - Parameter folder: Folder of data sets, for those that are files.
  /// - Throws: `DataError`.
  public static func load(_ experiment: Experiment, folder: String?) throws -> DataSet {
    if experiment.data.set == "glyphs" { return Glyphs.dataSet() }
    guard let folder else {
      throw DataError(
        "data set \"\(experiment.data.set)\" is a folder of files; name its parent with --data DIR "
          + "(`hebb data fetch mnist --data DIR` brings MNIST)")
    }
    return try DataDirectory(folder).load(experiment.data.set)
  }
}
