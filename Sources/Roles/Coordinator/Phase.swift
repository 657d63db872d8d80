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
  /// When the workers were told to train.
  var openedAt = Instant.zero

  init(_ number: Int, servers: [NodeID], workers: [NodeID]) {
    self.number = number
    opening = Barrier(servers)
    training = Barrier(workers)
    sealing = Barrier(servers)
    consolidation = Barrier(servers)
  }
}
