public import Archives

/// Where the parts of cuts are as files: folders of a disk, or memory.
public protocol CutFiles: Sendable {
  /// Numbers of all cuts of which there is anything, the last one first.
  var numbers: [Int] { get }
  /// What to call a file in a sentence.
  func place(_ name: String, of cut: Int) -> String
  /// Writes a file as a whole, or not at all.
  ///
  /// - Returns: Its bytes, and the checksum at its end.
  /// - Throws: ``ArchiveError`` if there is no room, or whatever else the place objects to.
  func write(
    _ archive: Archive, as part: CutPart
  ) throws(ArchiveError) -> (byteCount: Int, checksum: UInt64)
  /// A file's bytes; `nil` if it is missing or cannot be read.
  func read(_ name: String, of cut: Int) -> [UInt8]?
  /// Whether there is such a file.
  func has(_ name: String, of cut: Int) -> Bool
  /// Makes the names of all cuts last.
  func settle()
  /// Takes all files of a cut away.
  func remove(_ cut: Int)
}
