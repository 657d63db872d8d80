import Archives

/// What the coordinator waits for between two moments at which all meet. What a server says of its
/// own rest may come before what the workers say of theirs, and from one server before another.
struct Phase: Sendable {
  /// 0-based.
  let number: Int
  /// Servers that are not ready for pushes yet.
  var opening: Barrier
  /// Workers that have more to train.
  var training: Barrier
  /// Servers that are not at rest yet.
  var sealing: Barrier
  /// Servers that have more to consolidate.
  var consolidation: Barrier
  /// Elementwise over the servers that are at rest, by stage of the phase: what importances are
  /// scaled by; `nil` while no server has told any.
  private(set) var maxima: [[Double]]?
  /// What the servers agree on before they apply a step.
  private(set) var agreement: StepAgreement
  /// When the workers were told to train.
  var openedAt = Instant.zero

  init(_ number: Int, servers: [NodeID], workers: [NodeID]) {
    self.number = number
    opening = Barrier(servers)
    training = Barrier(workers)
    sealing = Barrier(servers)
    consolidation = Barrier(servers)
    agreement = StepAgreement(servers)
  }

  /// Enters a server's part of what is to be known over all shards.
  ///
  /// - Returns: All of it, once every server has told its part.
  mutating func agree(
    _ number: Int, _ scalars: ShardScalars, from server: NodeID
  ) throws(Objection) -> ShardScalars? {
    try agreement.enter(number, scalars, from: server)
  }

  /// Whether a server is at rest and has more to consolidate.
  func hasRest(at server: NodeID) -> Bool {
    !sealing.awaits(server) && consolidation.awaits(server)
  }

  /// A server is at rest.
  ///
  /// - Parameter told: The maxima of its shard, if it has any.
  /// - Returns: Whether that was awaited, and its maxima are as many as the others'.
  mutating func seal(_ server: NodeID, maxima told: [[Double]]?) -> Bool {
    let isFirst = sealing.isWhole
    guard isFirst || told?.map(\.count) == maxima?.map(\.count), sealing.arrive(server) else {
      return false
    }
    maxima = told.map { told in
      zip(maxima ?? told, told).map { zip($0, $1).map { Swift.max($0, $1) } }
    }
    return true
  }
}

extension Phase: Saved {
  /// A phase is saved when all servers have opened it. Its time is counted by the run.
  static let unsaved = ["number", "opening", "openedAt"]

  func save(to archive: inout Archive) {
    archive.put("training", state: training)
    archive.put("sealing", state: sealing)
    archive.put("consolidation", state: consolidation)
    archive.put("agreement", state: agreement)
    archive.put("hasMaxima", maxima != nil)
    archive.put("maxima", maxima ?? [])
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("training", into: &training)
    try reader.take("sealing", into: &sealing)
    try reader.take("consolidation", into: &consolidation)
    try reader.take("agreement", into: &agreement)
    let hasMaxima = try reader.take("hasMaxima", as: Bool.self)
    let told = try reader.take("maxima", as: [[Double]].self)
    maxima = hasMaxima ? told : nil
  }
}
