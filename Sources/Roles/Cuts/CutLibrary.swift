public import Archives

/// The cuts of one run: a file for each node's part, and one that lists them all. The list is
/// written last: a cut counts once it is there.
///
/// What is not whole, damaged, of another run or of another cut than its name says is refused, and
/// the cut before is taken.
public struct CutLibrary<Files: CutFiles>: Sendable {
  /// Where they are.
  public let files: Files
  private let mark: UInt64

  /// Cuts of one conduct of a run.
  private static var conductSize: Int { 1_000_000 }
  private static var list: String { "parts" }

  /// - Parameters:
  ///   - files: Where they are.
  ///   - mark: A random number that all parts of the run have.
  public init(_ files: Files, mark: UInt64) {
    self.files = files
    self.mark = mark
  }

  /// A number below which all cuts are that any conduct of the run can have begun so far.
  public var nextBase: Int {
    ((files.numbers.first ?? 0) / Self.conductSize + 1) * Self.conductSize
  }

  // MARK: Writing

  /// Writes a node's part.
  ///
  /// - Parameter seconds: How long it took since the writing began.
  public func write(
    _ archive: Archive, cut: Int, of node: NodeID, seconds: () -> Double
  ) -> CutOutcome {
    do {
      let written = try put(archive, cut: cut, named: "\(node)")
      return .written(
        CutEntry(
          node: node, byteCount: written.byteCount,
          checksum: String(written.checksum, radix: 16), seconds: seconds()))
    } catch {
      return .failed(reason: "\(node) cannot write its part of a cut: \(error)")
    }
  }

  private func put(
    _ archive: Archive, cut: Int, named name: String
  ) throws(ArchiveError) -> (byteCount: Int, checksum: UInt64) {
    try files.write(archive, as: CutPart(mark: mark, cut: cut, node: name))
  }

  /// All parts are there: lists them, and takes away the cuts before the last one.
  public func complete(cut: Int, _ entries: [CutEntry]) {
    var archive = Archive()
    archive.put("entries", each: entries) { archive, entry in
      archive.put("node", "\(entry.node)")
      archive.put("byteCount", entry.byteCount)
      archive.put("checksum", entry.checksum)
    }
    // A cut without a list is none; the run goes on all the same.
    guard (try? put(archive, cut: cut, named: Self.list)) != nil else { return }
    files.settle()
    let numbers = files.numbers
    let earlier = numbers.first { $0 < cut && files.has(Self.list, of: $0) }
    for number in numbers where number != cut && number != earlier { files.remove(number) }
  }

  // MARK: Reading

  /// What a node has saved.
  ///
  /// - Throws: ``ArchiveError`` if it is not there, not whole or not of this run.
  public func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader {
    guard let checksum = try checksums(of: cut)["\(node)"] else {
      throw ArchiveError("\(files.place(Self.list, of: cut)) has none of \(node)")
    }
    return try part(cut, "\(node)", checksum: checksum)
  }

  private func part(
    _ cut: Int, _ node: String, checksum: UInt64? = nil
  ) throws(ArchiveError) -> ArchiveReader {
    guard let bytes = files.read(node, of: cut) else {
      throw ArchiveError("\(files.place(node, of: cut)) is missing or cannot be read")
    }
    do {
      return try CutPart(mark: mark, cut: cut, node: node).decode(bytes, checksum: checksum)
    } catch {
      throw ArchiveError("\(files.place(node, of: cut)) \(error)")
    }
  }

  /// By node: the checksum at the end of its file.
  private func checksums(of cut: Int) throws(ArchiveError) -> [String: UInt64] {
    var reader = try part(cut, Self.list)
    let pairs = try reader.take(each: "entries") { reader throws(ArchiveError) in
      let node = try reader.take("node", as: String.self)
      _ = try reader.take("byteCount", as: Int.self)
      guard let sum = UInt64(try reader.take("checksum", as: String.self), radix: 16) else {
        throw reader.error("is no checksum")
      }
      return (node, sum)
    }
    return Dictionary(pairs) { $1 }
  }

  /// The last cut of which all parts are whole.
  ///
  /// - Parameters:
  ///   - nodes: Whose parts there must be.
  ///   - remark: Told of each cut that is passed over, and why.
  public func last(of nodes: [NodeID], remark: (String) -> Void = { _ in }) -> Int? {
    files.numbers.first { cut in
      // Nodes were writing when the run ended: nothing is wrong.
      guard files.has(Self.list, of: cut) else { return false }
      do {
        for node in nodes { _ = try read(cut: cut, of: node) }
        return true
      } catch {
        remark("a saved state cannot be used, and the one before is taken: \(error)")
        return false
      }
    }
  }
}
