import Foundation
import Streams

/// What a folder holds.
struct DataFolder: Sendable {
  let path: String
  /// Names in it, sorted; hidden ones are left out of the folders.
  let files: [String]
  let folders: [String]

  /// Its own name.
  var name: String { URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent }

  /// - Throws: `DataError` when it cannot be read.
  init(_ path: String) throws(DataError) {
    let manager = FileManager.default
    guard let names = try? manager.contentsOfDirectory(atPath: path) else {
      throw DataError(
        manager.fileExists(atPath: path)
          ? "\(path) cannot be read as a folder; name a folder of data sets"
          : "there is no folder \(path); name a folder of data sets")
    }
    var (files, folders): ([String], [String]) = ([], [])
    for name in names.sorted() {
      var isFolder: ObjCBool = false
      _ = manager.fileExists(atPath: "\(path)/\(name)", isDirectory: &isFolder)
      if !isFolder.boolValue { files.append(name) }
      if isFolder.boolValue && !name.hasPrefix(".") { folders.append(name) }
    }
    self.path = path
    self.files = files
    self.folders = folders
  }

  /// A folder in it.
  ///
  /// - Throws: `DataError` when it cannot be read.
  func inner(_ name: String) throws(DataError) -> DataFolder { try DataFolder("\(path)/\(name)") }

  /// The data sets in it, of every kind.
  var sets: [any StoredData] { DataKinds.all.flatMap { $0.sets(in: self) } }

  /// Bytes of some files.
  static func byteCount(of paths: [String]) -> Int {
    paths.reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? Int) ?? 0)
    }
  }
}

extension DataFolder {
  /// The content of a file of a data set.
  ///
  /// - Parameter kind: What it should be, as `an IDX file`.
  /// - Throws: `DataError` when it cannot be read or has more than ``DataLimits`` allow.
  static func bytes(of file: String, kind: String) throws(DataError) -> [UInt8] {
    do throws(FileProblem) {
      return try FileBytes.load(file, atMost: DataLimits.byteCountMaximum)
    } catch {
      throw DataError(error.sentence(file, kind: kind))
    }
  }
}
