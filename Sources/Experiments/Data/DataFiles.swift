import Foundation

/// The four IDX files of one data set, as far as a folder has them.
struct DataFiles: Sendable, Hashable {
  /// What the names begin with: `emnist-letters` of `emnist-letters-train-images-idx3-ubyte`; empty
  /// for MNIST's own names.
  let prefix: String
  let folder: String
  /// Their paths in the order of ``DataDirectory/fileNames``.
  private(set) var paths: [String?] = [nil, nil, nil, nil]

  /// The names of those that are not there, as they would be.
  var missing: [String] {
    paths.indices.filter { paths[$0] == nil }.map { index in
      guard !prefix.isEmpty else { return DataDirectory.fileNames[index] }
      return "\(prefix)-" + DataDirectory.fileNames[index].replacing("t10k", with: "test")
    }
  }

  /// The names of those that are.
  var present: [String] {
    paths.compactMap { $0.map { URL(fileURLWithPath: $0).lastPathComponent } }
  }

  /// The data sets of a folder, by their prefix.
  ///
  /// - Parameter names: The files in it.
  static func all(in folder: String, names: [String]) -> [DataFiles] {
    var found: [String: DataFiles] = [:]
    // Of a file that is there twice the plain form counts.
    for name in names.sorted(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) {
      guard let (prefix, index) = role(of: name) else { continue }
      var files = found[prefix] ?? DataFiles(prefix: prefix, folder: folder)
      if files.paths[index] == nil { files.paths[index] = "\(folder)/\(name)" }
      found[prefix] = files
    }
    return found.values.sorted { $0.prefix < $1.prefix }
  }

  /// Which of the four files a name is for, and of which data set.
  ///
  /// `train-images-idx3-ubyte`, `train-images.idx3-ubyte.gz` and `emnist-letters-test-…` are names
  /// that such files have.
  private static func role(of name: String) -> (prefix: String, index: Int)? {
    var stem = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    stem = stem.replacing(".idx", with: "-idx")
    for (index, ending) in DataDirectory.fileNames.enumerated() {
      for ending in [ending, ending.replacing("t10k", with: "test")] where stem.hasSuffix(ending) {
        let prefix = stem.dropLast(ending.count)
        guard !prefix.isEmpty else { return ("", index) }
        guard let last = prefix.last, "-_.".contains(last) else { continue }
        return (String(prefix.dropLast()), index)
      }
    }
    return nil
  }
}
