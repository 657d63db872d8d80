import Streams

/// A way in which data sets come: as files of one format, or with the program.
///
/// A further one is one file and one line in ``DataKinds``.
protocol DataKind: Sendable {
  /// What is looked for in a folder, in words: `an .npz archive`.
  var files: String { get }
  /// Those that need no files.
  var embedded: [any StoredData] { get }
  /// Those that lie in a folder, complete or not, by name.
  func sets(in folder: DataFolder) -> [any StoredData]
}

extension DataKind {
  var embedded: [any StoredData] { [] }
}

/// A data set where it lies, before it is read.
protocol StoredData: Sendable {
  /// What it is called; `nil` if as the folder it lies in.
  var name: String? { get }
  /// The folder or file that has it, or a word for what needs none.
  var place: String { get }
  /// Folders within its folder that are parts of it.
  var parts: Set<String> { get }
  /// What keeps it from being read, in words; `nil` if nothing does.
  var flaw: String? { get }
  /// What is known of its size before it is read.
  var size: DataSize { get }

  /// Reads it.
  ///
  /// - Parameter name: What it is to be called.
  /// - Throws: `DataError` that names the file and what to do.
  func load(as name: String) throws(DataError) -> DataSet
}

extension StoredData {
  var parts: Set<String> { [] }
}

/// How large a data set is that has not been read.
public enum DataSize: Sendable, Hashable {
  /// Bytes of its files.
  case bytes(Int)
  /// What there is in it, in words.
  case words(String)
}

/// Every way in which data sets come.
enum DataKinds {
  static let all: [any DataKind] = [
    GlyphData(), IDXData(), NumPyData(), ImageFolderData(), StoryData(),
  ]

  /// A data set that comes with the program.
  static func embedded(_ name: String) -> (any StoredData)? {
    all.flatMap(\.embedded).first { $0.name == name }
  }

  /// What is looked for in a folder: `this, that or those`.
  static var files: String {
    let words = all.map(\.files).filter { !$0.isEmpty }
    return words.dropLast().joined(separator: ", ")
      + (words.count > 1 ? " or " : "") + (words.last ?? "")
  }
}
