import Foundation
public import Streams

/// A folder of data sets in IDX files, as MNIST and its kin come.
public struct DataDirectory {
  private let folder: String

  /// - Parameter path: The folder that holds a folder for each data set, or a data set's own.
  public init(_ path: String) { folder = path }

  /// The four files of a data set.
  public static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  /// Of one file, decompressed.
  static let byteCountMaximum = 4 << 30

  /// What is known about one data set on disk, or about a folder that is none.
  public struct Entry: Sendable {
    public let name: String
    public let path: String
    /// What keeps it from being read, in words; `nil` if nothing does.
    public let flaw: String?
    /// Of its files.
    public let byteCount: Int
  }

  /// Reads a data set.
  ///
  /// - Parameter name: Its folder's name, or what its files' names begin with, as `emnist-letters`.
  /// - Throws: ``DataError`` that names the file and what to do.
  public func load(_ name: String) throws(DataError) -> DataSet {
    let files = try locate(name)
    guard files.missing.isEmpty else {
      throw DataError(
        "\(files.folder): \(files.missing.joined(separator: ", ")) "
          + "\(files.missing.count == 1 ? "is" : "are") missing (with or without .gz); there is "
          + "\(files.present.joined(separator: ", ")); a data set has training and test images "
          + "with their labels")
    }
    let paths = files.paths.compactMap { $0 }
    return try DataSet(
      name: name, train: imageSet(paths[0], paths[1]), test: imageSet(paths[2], paths[3]))
  }

  /// The data sets in the folder, by name, and the folders in it that are none.
  ///
  /// - Throws: ``DataError`` when the folder itself cannot be read.
  public func list() throws(DataError) -> [Entry] {
    let (own, folders) = try content(of: folder)
    var entries: [Entry] = []
    for name in folders {
      let place = "\(folder)/\(name)"
      guard let (sets, inner) = try? content(of: place) else {
        entries.append(
          Entry(
            name: name, path: place, flaw: "cannot be read; check its permissions", byteCount: 0))
        continue
      }
      entries += sets.map { entry($0, folderName: name) }
      if sets.isEmpty {
        entries.append(
          Entry(name: name, path: place, flaw: stranger(place, inner), byteCount: 0))
      }
    }
    return entries + own.map { entry($0, folderName: lastName) }
  }

  private func entry(_ files: DataFiles, folderName: String) -> Entry {
    let byteCount = files.paths.compactMap { $0 }.reduce(0) { sum, path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return sum + ((attributes?[.size] as? Int) ?? 0)
    }
    return Entry(
      name: files.prefix.isEmpty ? folderName : files.prefix, path: files.folder,
      flaw: files.missing.isEmpty ? nil : "missing \(files.missing.joined(separator: ", "))",
      byteCount: byteCount)
  }

  /// What a folder without IDX files holds.
  private func stranger(_ place: String, _ folders: [String]) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    let endings = Set(names.map { URL(fileURLWithPath: $0).pathExtension }).subtracting([""])
    var holdings = endings.sorted().prefix(3).map { ".\($0) files" }
    if !folders.isEmpty { holdings.append("folders") }
    let rest = holdings.isEmpty ? "" : " but \(holdings.joined(separator: " and "))"
    return "no data set: it has no IDX files (\(Self.fileNames[0]), …)\(rest)"
  }

  // MARK: Finding

  private var lastName: String {
    URL(fileURLWithPath: folder).standardizedFileURL.lastPathComponent
  }

  private func content(
    of place: String
  ) throws(DataError) -> (sets: [DataFiles], folders: [String]) {
    let manager = FileManager.default
    guard let names = try? manager.contentsOfDirectory(atPath: place) else {
      throw DataError(
        manager.fileExists(atPath: place)
          ? "\(place) cannot be read as a folder; name a folder of data sets"
          : "there is no folder \(place); name a folder of data sets")
    }
    let folders = names.sorted().filter { name in
      var isFolder: ObjCBool = false
      return !name.hasPrefix(".")
        && manager.fileExists(atPath: "\(place)/\(name)", isDirectory: &isFolder)
        && isFolder.boolValue
    }
    return (DataFiles.all(in: place, names: names.filter { !folders.contains($0) }), folders)
  }

  /// The files of a data set: in the folder of that name, or, by what their names begin with, here
  /// or in any folder here.
  private func locate(_ name: String) throws(DataError) -> DataFiles {
    let (own, folders) = try content(of: folder)
    if let sets = try? content(of: "\(folder)/\(name)").sets {
      return try choose(name, among: sets, in: "\(folder)/\(name)")
    }
    if let files = own.first(where: { $0.prefix == name || $0.prefix.isEmpty && lastName == name })
    {
      return files
    }
    for inner in folders {
      let sets = (try? content(of: "\(folder)/\(inner)").sets) ?? []
      if let files = sets.first(where: { $0.prefix == name }) { return files }
    }
    let known = try list().filter { $0.flaw == nil }.map(\.name)
    let hint =
      known.isEmpty
      ? "it holds no data set; `hebb data fetch mnist --data \(folder)` brings MNIST"
      : "it holds \(known.joined(separator: ", "))"
    throw DataError("there is no data set \"\(name)\" in \(folder); \(hint)")
  }

  private func choose(
    _ name: String, among sets: [DataFiles], in place: String
  ) throws(DataError) -> DataFiles {
    if let files = sets.first(where: { $0.prefix.isEmpty || $0.prefix == name }) { return files }
    guard sets.count <= 1 else {
      throw DataError(
        "\(place) holds several data sets; name one of them as data.set: "
          + sets.map(\.prefix).joined(separator: ", "))
    }
    guard let files = sets.first else {
      throw DataError(
        "\(place) is no data set: it has none of the four files "
          + "\(Self.fileNames.joined(separator: ", ")) (with or without .gz)")
    }
    return files
  }

  // MARK: Reading

  private func imageSet(_ imagesFile: String, _ labelsFile: String) throws(DataError) -> ImageSet {
    try IDX.imageSet(
      images: bytes(of: imagesFile), imagesFile: imagesFile, labels: bytes(of: labelsFile),
      labelsFile: labelsFile)
  }

  private func bytes(of file: String) throws(DataError) -> [UInt8] {
    let bytes: [UInt8]
    do throws(FileProblem) {
      bytes = try FileBytes.load(file, atMost: Self.byteCountMaximum)
    } catch {
      throw DataError(error.sentence(file, kind: "an IDX file"))
    }
    return Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, file: file) : bytes
  }
}
