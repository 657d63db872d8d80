import Archives

/// What the servers need of each other before they apply a step: each tells its shard's part, and
/// all are told the whole, one thing after another.
struct StepAgreement: Sendable {
  private let servers: [NodeID]
  /// Things that have been agreed on in the phase.
  private var number = 0
  private var awaited: Barrier
  /// Of the servers that have told theirs.
  private var sum: ShardScalars?

  init(_ servers: [NodeID]) {
    self.servers = servers
    awaited = Barrier(servers)
  }

  /// Enters a server's part.
  ///
  /// - Returns: The whole, once every server has told its part.
  /// - Throws: A refusal if the part is not awaited, or of another kind or length than the others'.
  mutating func enter(
    _ number: Int, _ scalars: ShardScalars, from server: NodeID
  ) throws(Objection) -> ShardScalars? {
    let next = sum.map { $0.joined(by: scalars) } ?? scalars
    guard number == self.number, let next, awaited.arrive(server) else {
      throw .refusal("\(server) told of a step out of turn, or otherwise than the others")
    }
    sum = next
    guard awaited.isOpen else { return nil }
    self.number += 1
    awaited = Barrier(servers)
    sum = nil
    return next
  }
}

extension StepAgreement: Saved {
  /// Between two steps nothing is awaited.
  static let unsaved = ["servers", "awaited", "sum"]

  func save(to archive: inout Archive) { archive.put("number", number) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    number = try reader.take("number")
  }
}
