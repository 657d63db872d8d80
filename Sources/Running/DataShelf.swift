import Experiments
import Streams

/// Data sets that have been loaded, each once.
final class DataShelf {
  private let folder: String?
  /// By the names of those that are one.
  private var sets: [[String]: DataSet] = [:]
  private var fingerprints: [[String]: String] = [:]

  /// - Parameter folder: Folder of data sets, for those that are files.
  init(folder: String?) { self.folder = folder }

  /// The data set of an experiment.
  func data(of experiment: Experiment) throws -> DataSet {
    let name = experiment.dataSets
    if let set = sets[name] { return set }
    let set = try DataSource.load(experiment, folder: folder)
    sets[name] = set
    return set
  }

  /// What tells it from others.
  func fingerprint(of experiment: Experiment) throws -> String {
    let name = experiment.dataSets
    if let fingerprint = fingerprints[name] { return fingerprint }
    let fingerprint = try data(of: experiment).fingerprint
    fingerprints[name] = fingerprint
    return fingerprint
  }
}
