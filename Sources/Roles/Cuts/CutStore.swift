public import Archives

/// Where nodes keep their parts of cuts; the room that knows files provides it.
public protocol CutStore: Sendable {
  /// Writes a node's part, now or in the background.
  ///
  /// - Returns: What came of it; `nil` if that is told later, as ``Input/saved(_:cut:)``.
  func write(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome?

  /// What a node has saved.
  ///
  /// - Throws: ``ArchiveError`` if it is not there, not whole or not of this run.
  func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader

  /// All parts are there: from now on the cut counts, and those before the last one can go.
  func complete(cut: Int, _ entries: [CutEntry])
}

/// What came of writing a part.
public enum CutOutcome: Sendable {
  case written(CutEntry)
  case failed(reason: String)
}

/// A store that knows which of its cuts a run can go on from.
public protocol CutShelf: CutStore {
  /// A number below which all cuts are that any conduct of the run can have begun so far.
  var nextBase: Int { get }
  /// The last cut of which all parts are whole.
  ///
  /// - Parameters:
  ///   - nodes: Whose parts there must be.
  ///   - remark: Told of each cut that is passed over, and why.
  func last(of nodes: [NodeID], remark: (String) -> Void) -> Int?
}
