import Foundation
import Streams

/// Data sets of four IDX files, as MNIST and its kin come.
struct IDXData: DataKind {
  let files = "IDX files (train-images-idx3-ubyte, …)"

  /// MNIST's names.
  static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  func sets(in folder: DataFolder) -> [any StoredData] {
    var found: [String: IDXFiles] = [:]
    // Of a file that is there twice the plain form counts.
    for name in folder.files.sorted(by: { ($0.utf8.count, $0) < ($1.utf8.count, $1) }) {
      guard let (prefix, index) = Self.role(of: name) else { continue }
      var files = found[prefix] ?? IDXFiles(prefix: prefix, place: folder.path)
      if files.paths[index] == nil { files.paths[index] = "\(folder.path)/\(name)" }
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
    for (index, ending) in fileNames.enumerated() {
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

/// The four IDX files of one data set, as far as a folder has them.
private struct IDXFiles: StoredData {
  /// What the names begin with: `emnist-letters` of `emnist-letters-train-images-idx3-ubyte`; empty
  /// for MNIST's own names.
  let prefix: String
  let place: String
  /// Their paths in the order of ``IDXData/fileNames``.
  var paths: [String?] = [nil, nil, nil, nil]

  init(prefix: String, place: String) {
    self.prefix = prefix
    self.place = place
  }

  var name: String? { prefix.isEmpty ? nil : prefix }
  var size: DataSize { .bytes(DataFolder.byteCount(of: paths.compactMap { $0 })) }
  var flaw: String? { missing.isEmpty ? nil : "missing \(missing.joined(separator: ", "))" }

  /// The names of those that are not there, as they would be.
  private var missing: [String] {
    paths.indices.filter { paths[$0] == nil }.map { index in
      guard !prefix.isEmpty else { return IDXData.fileNames[index] }
      return "\(prefix)-" + IDXData.fileNames[index].replacing("t10k", with: "test")
    }
  }

  func load(as name: String) throws(DataError) -> DataSet {
    let paths = paths.compactMap { $0 }
    guard missing.isEmpty else {
      let present = paths.map { URL(fileURLWithPath: $0).lastPathComponent }
      throw DataError(
        "\(place): \(missing.joined(separator: ", ")) "
          + "\(missing.count == 1 ? "is" : "are") missing (with or without .gz); there is "
          + "\(present.joined(separator: ", ")); a data set has training and test images "
          + "with their labels")
    }
    return try DataSet(
      name: name, train: imageSet(paths[0], paths[1]), test: imageSet(paths[2], paths[3]))
  }

  private func imageSet(_ imagesFile: String, _ labelsFile: String) throws(DataError) -> ImageSet {
    try IDX.imageSet(
      images: bytes(of: imagesFile), imagesFile: imagesFile, labels: bytes(of: labelsFile),
      labelsFile: labelsFile)
  }

  private func bytes(of file: String) throws(DataError) -> [UInt8] {
    let bytes = try DataFolder.bytes(of: file, kind: "an IDX file")
    return Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, file: file) : bytes
  }
}
