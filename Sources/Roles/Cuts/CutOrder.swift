/// What the coordinator orders on the way to a cut: a moment at which all shards are of one
/// version, no push is under way and nothing is being measured, so that what each node saves there
/// fits what the others save.
///
///     workers: pause → advance → (servers: pause → save) → save
public enum CutOrder: Sendable, Codable, Hashable {
  /// To a worker: hold before anything new is trained, and say which weights you have. To a server:
  /// say when you have heard this.
  case pause(cut: Int)
  /// To a worker: go on until a push has been answered with this version of the first shard, and
  /// hold there.
  case advance(cut: Int, version: UInt64)
  /// Save your part. A worker goes on at once.
  case save(cut: Int)
  /// To a worker: nothing comes of it, or all are there again; go on.
  case goOn
}

/// What a node tells the coordinator on the way to a cut.
public enum CutReport: Sendable, Codable, Hashable {
  /// A worker holds, or will when what it does is done; the last weights it was sent had this
  /// version of the first shard.
  case holding(cut: Int, version: UInt64)
  /// A worker holds where it was told to, or has nothing more to train; a server has heard of the
  /// cut.
  case still(cut: Int)
  /// A server has saved: what changes now is no part of the cut.
  case captured(cut: Int)
  /// A node's part is in its place, whole.
  case written(CutEntry, cut: Int)
  /// There is no part of this node, and why.
  case failed(cut: Int, reason: String)
}

extension CutReport {
  /// What came of writing a part.
  init(_ outcome: CutOutcome, cut: Int) {
    switch outcome {
    case .written(let entry): self = .written(entry, cut: cut)
    case .failed(let reason): self = .failed(cut: cut, reason: reason)
    }
  }
}

/// One part of a cut that has been written.
public struct CutEntry: Sendable, Codable, Hashable {
  /// Whose it is.
  public let node: NodeID
  /// Of its file.
  public let byteCount: Int
  /// At the file's end, in hexadecimal: JSON has no numbers of 64 bits.
  public let checksum: String
  /// How long it took to write, in seconds.
  public let seconds: Double

  /// - Parameters:
  ///   - node: Whose it is.
  ///   - byteCount: Of its file.
  ///   - checksum: At the file's end, in hexadecimal.
  ///   - seconds: How long it took to write.
  public init(node: NodeID, byteCount: Int, checksum: String, seconds: Double) {
    self.node = node
    self.byteCount = byteCount
    self.checksum = checksum
    self.seconds = seconds
  }
}

/// How often a run is cut.
public struct CutRule: Sendable, Hashable {
  /// Steps of a worker between two cuts; `nil`: as the clock says.
  public var everySteps: Int?
  /// Milliseconds between two cuts, where they are not counted in steps.
  public var everyMilliseconds: Int
  /// Whether all workers come to the same push, so that there are cuts within phases; if not, there
  /// are some at boundaries only.
  public var isWithinPhases: Bool
  /// Cuts of this conduct of the run have numbers above this one, so that they are those of no
  /// other.
  public var after = 0

  /// - Parameters:
  ///   - everySteps: Steps of a worker between two cuts; `nil`: as the clock says.
  ///   - everyMilliseconds: Milliseconds between two cuts, where they are not counted in steps.
  ///   - isWithinPhases: Whether all workers come to the same push.
  public init(
    everySteps: Int? = nil, everyMilliseconds: Int = 10_000, isWithinPhases: Bool = true
  ) {
    self.isWithinPhases = isWithinPhases
    self.everySteps = everySteps
    self.everyMilliseconds = everyMilliseconds
  }
}
