public import Archives

/// What a driver counts for its node, and saves with it: the ledger of its socket, and the moment.
public struct DriverAccount: Sendable {
  public var traffic: Traffic
  /// On the clock of the run.
  public var now: Instant

  /// - Parameters:
  ///   - traffic: The ledger of the node's socket.
  ///   - now: The moment, on the clock of the run.
  public init(traffic: Traffic = Traffic(), now: Instant = .zero) {
    self.traffic = traffic
    self.now = now
  }

  /// A node's part of a cut: the driver's, its performer's, the role's.
  public func part(of performer: some Performer, _ role: Archive) -> Archive {
    var archive = Archive()
    archive.put("driver", state: self)
    performer.save(to: &archive)
    archive.append(role)
    return archive
  }

  /// Takes back what is the driver's and its performer's of a node's part of a cut.
  ///
  /// - Returns: What is the role's.
  /// - Throws: ``ArchiveError`` if it is not there.
  public mutating func take(
    _ reader: ArchiveReader, for performer: inout some Performer
  ) throws(ArchiveError) -> ArchiveReader {
    var reader = reader
    try reader.take("driver", into: &self)
    try performer.restore(from: &reader)
    return reader
  }
}

extension DriverAccount: Saved {
  /// What follows from the plan, or is as in a fresh state whenever it is saved.
  public static let unsaved: [String] = []

  /// Saves what changes.
  public func save(to archive: inout Archive) {
    archive.put("traffic", state: traffic)
    archive.put("now", Int(now.nanoseconds))
  }

  /// Takes back what was saved; it must be of the same plan.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("traffic", into: &traffic)
    now = Instant(nanoseconds: Int64(try reader.take("now", as: Int.self)))
    guard (Instant.zero...Instant.end).contains(now) else {
      throw reader.error("is a moment that no clock has")
    }
  }
}
