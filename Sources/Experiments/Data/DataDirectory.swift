import Foundation
public import Streams

/// A folder of data sets, of whatever kinds.
public struct DataDirectory {
  private let path: String

  /// - Parameter path: The folder that holds a folder for each data set, or a data set's own.
  public init(_ path: String) { self.path = path }

  /// What is known about one data set on disk, or about a folder that is none.
  public struct Entry: Sendable {
    public let name: String
    public let path: String
    /// What keeps it from being read, in words; `nil` if nothing does.
    public let flaw: String?
    /// Of its files, or what is in it.
    public let size: DataSize
  }

  /// Reads a data set.
  ///
  /// - Parameter name: Its folder's name, or its own, as `emnist-letters`.
  /// - Throws: ``DataError`` that names the file and what to do.
  public func load(_ name: String) throws(DataError) -> DataSet {
    try locate(name).load(as: name)
  }

  /// The data sets that come with the program.
  public static var embedded: [Entry] {
    DataKinds.all.flatMap(\.embedded).map { entry($0, in: "") }
  }

  /// The data sets in the folder, by name, and the folders in it that are none.
  ///
  /// - Throws: ``DataError`` when the folder itself cannot be read.
  public func list() throws(DataError) -> [Entry] {
    let own = try DataFolder(path)
    let ownSets = own.sets
    let parts = ownSets.reduce(into: Set<String>()) { $0.formUnion($1.parts) }
    var entries: [Entry] = []
    for name in own.folders where !parts.contains(name) {
      guard let inner = try? own.inner(name) else {
        entries.append(
          Entry(
            name: name, path: "\(path)/\(name)", flaw: "cannot be read; check its permissions",
            size: .bytes(0)))
        continue
      }
      let sets = inner.sets
      entries += sets.map { Self.entry($0, in: name) }
      if sets.isEmpty {
        entries.append(
          Entry(name: name, path: inner.path, flaw: Self.stranger(inner), size: .bytes(0)))
      }
    }
    return entries + ownSets.map { Self.entry($0, in: own.name) }
  }

  private static func entry(_ data: any StoredData, in folderName: String) -> Entry {
    Entry(name: data.name ?? folderName, path: data.place, flaw: data.flaw, size: data.size)
  }

  /// What a folder without any data set holds.
  private static func stranger(_ folder: DataFolder) -> String {
    let endings = Set(folder.files.map { URL(fileURLWithPath: $0).pathExtension })
      .subtracting([""])
    var holdings = endings.sorted().prefix(3).map { ".\($0) files" }
    if !folder.folders.isEmpty { holdings.append("folders") }
    let rest = holdings.isEmpty ? "" : " but \(holdings.joined(separator: " and "))"
    return "no data set: it has no \(DataKinds.files)\(rest)"
  }

  /// The data set of a name: in the folder of that name or, by its own name, here or in any folder
  /// here.
  private func locate(_ name: String) throws(DataError) -> any StoredData {
    let own = try DataFolder(path)
    if let inner = try? own.inner(name) { return try choose(name, in: inner) }
    if let data = own.sets.first(where: { ($0.name ?? own.name) == name }) { return data }
    for folder in own.folders {
      let sets = (try? own.inner(folder).sets) ?? []
      if let data = sets.first(where: { $0.name == name }) { return data }
    }
    let known = try list().filter { $0.flaw == nil }.map(\.name)
    let hint =
      known.isEmpty
      ? "it holds no data set; `hebb data fetch mnist --data \(path)` brings MNIST"
      : "it holds \(known.joined(separator: ", "))"
    throw DataError("there is no data set \"\(name)\" in \(path); \(hint)")
  }

  private func choose(
    _ name: String, in folder: DataFolder
  ) throws(DataError) -> any StoredData {
    let sets = folder.sets
    if let data = sets.first(where: { ($0.name ?? name) == name }) { return data }
    guard sets.count <= 1 else {
      throw DataError(
        "\(folder.path) holds several data sets; name one of them as data.set: "
          + sets.map { $0.name ?? folder.name }.joined(separator: ", "))
    }
    guard let data = sets.first else {
      throw DataError("\(folder.path) is \(Self.stranger(folder))")
    }
    return data
  }
}
