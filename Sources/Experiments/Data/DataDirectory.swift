import Foundation
public import Streams

/// A folder of data sets in IDX files, as MNIST and its kin come.
public struct DataDirectory {
  private let folder: URL

  /// - Parameter path: The folder that holds a folder for each data set, or a data set's own.
  public init(_ path: String) { folder = URL(fileURLWithPath: path) }

  /// The four files of a data set.
  public static let fileNames = [
    "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
  ]

  /// What is known about one data set on disk.
  public struct Entry: Sendable {
    public let name: String
    public let path: String
    /// Files that are not there.
    public let missing: [String]
    public let byteCount: Int
  }

  /// Reads a data set.
  ///
  /// - Parameter name: Its folder's name.
  /// - Throws: ``DataError`` that names the file and what to do.
  public func load(_ name: String) throws(DataError) -> DataSet {
    let place = try locate(name)
    return try DataSet(
      name: name,
      train: imageSet(in: place, Self.fileNames[0], Self.fileNames[1]),
      test: imageSet(in: place, Self.fileNames[2], Self.fileNames[3]))
  }

  /// The data sets in the folder, by name.
  public func list() -> [Entry] {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.sorted() ?? []
    var entries = names.compactMap { name -> Entry? in
      entry(name: name, at: folder.appendingPathComponent(name))
    }
    if let own = entry(name: folder.lastPathComponent, at: folder) { entries.append(own) }
    return entries
  }

  private func entry(name: String, at place: URL) -> Entry? {
    let found = Self.fileNames.map { file(named: $0, in: place) }
    guard found.contains(where: { $0 != nil }) else { return nil }
    let byteCount = found.compactMap { $0 }.reduce(0) { sum, file in
      let attributes = try? FileManager.default.attributesOfItem(atPath: file.path)
      return sum + ((attributes?[.size] as? Int) ?? 0)
    }
    return Entry(
      name: name, path: place.path,
      missing: zip(Self.fileNames, found).filter { $0.1 == nil }.map(\.0), byteCount: byteCount)
  }

  private func locate(_ name: String) throws(DataError) -> URL {
    let inner = folder.appendingPathComponent(name)
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: inner.path, isDirectory: &isFolder),
      isFolder.boolValue
    {
      return inner
    }
    if folder.lastPathComponent == name, file(named: Self.fileNames[0], in: folder) != nil {
      return folder
    }
    let known = list().map(\.name)
    let hint =
      known.isEmpty
      ? "it holds no data set; `hebb data fetch mnist --data \(folder.path)` brings MNIST"
      : "it holds \(known.joined(separator: ", "))"
    throw DataError("there is no data set \"\(name)\" in \(folder.path); \(hint)")
  }

  /// The file under one of the names it goes by, compressed or not.
  private func file(named name: String, in place: URL) -> URL? {
    let dotted = name.replacingOccurrences(of: "-idx", with: ".idx")
    return [name, "\(name).gz", dotted, "\(dotted).gz"]
      .map { place.appendingPathComponent($0) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }

  private func imageSet(
    in place: URL, _ imagesName: String, _ labelsName: String
  ) throws(DataError) -> ImageSet {
    let (images, imagesFile) = try bytes(of: imagesName, in: place)
    let (labels, labelsFile) = try bytes(of: labelsName, in: place)
    return try IDX.imageSet(
      images: images, imagesFile: imagesFile, labels: labels, labelsFile: labelsFile)
  }

  private func bytes(
    of name: String, in place: URL
  ) throws(DataError) -> (bytes: [UInt8], file: String) {
    guard let file = file(named: name, in: place) else {
      throw DataError(
        "\(place.appendingPathComponent(name).path) is missing (with or without .gz); "
          + "a data set has the four files \(Self.fileNames.joined(separator: ", "))")
    }
    guard let content = FileManager.default.contents(atPath: file.path) else {
      throw DataError("\(file.path) cannot be read; check its permissions")
    }
    let bytes = [UInt8](content)
    return (Gzip.isGzip(bytes) ? try Gzip.inflate(bytes, file: file.path) : bytes, file.path)
  }
}
