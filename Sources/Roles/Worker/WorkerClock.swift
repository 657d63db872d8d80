import Archives

/// Where a worker's time goes: to work that it has ordered, or to waiting for others.
struct WorkerClock: Sendable {
  private(set) var spent = TimeSpent()
  private var orderedAt: Instant
  private var waitingSince: Instant

  init(at now: Instant) {
    orderedAt = now
    waitingSince = now
  }

  mutating func beginWork(at now: Instant) { orderedAt = now }

  /// The work ordered last is done.
  mutating func endWork(_ kind: WritableKeyPath<TimeSpent, Double>, at now: Instant) {
    spent[keyPath: kind] += now.seconds(since: orderedAt)
    waitingSince = now
  }

  /// What was waited for is here.
  mutating func endWait(at now: Instant) {
    spent.wait += now.seconds(since: waitingSince)
    waitingSince = now
  }
}

extension WorkerClock: Saved {
  /// Moments of this life's clock.
  static let unsaved = ["orderedAt", "waitingSince"]

  func save(to archive: inout Archive) { archive.put("spent", spent) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    spent = try reader.take("spent")
  }
}
