public import Streams

/// Where an experiment's data come from.
public enum DataSource {
  /// Loads or makes the data set of an experiment, or those of its stream as one.
  ///
  /// - Parameter folder: Folder of data sets, for those that are files.
  /// - Throws: `DataError`.
  public static func load(_ experiment: Experiment, folder: String?) throws -> DataSet {
    var sets: [DataSet] = []
    for name in experiment.dataSets { sets.append(try load(name, folder: folder)) }
    return sets.count == 1 ? sets[0] : try DataSet(joining: sets)
  }

  /// Loads or makes a data set.
  ///
  /// - Parameter folder: Folder of data sets, for those that are files.
  /// - Throws: `DataError` that names the file and what to do.
  public static func load(_ name: String, folder: String?) throws(DataError) -> DataSet {
    if let data = embedded(name) { return data }
    guard let folder else {
      throw DataError(
        "data set \"\(name)\" is a folder of files; name its parent with --data DIR "
          + "(`hebb data fetch mnist --data DIR` brings MNIST)")
    }
    return try DataDirectory(folder).load(name)
  }

  /// A data set that comes with the program; `nil` if none is called so.
  public static func embedded(_ name: String) -> DataSet? {
    guard let data = DataKinds.embedded(name) else { return nil }
    return try? data.load(as: name)
  }
}
