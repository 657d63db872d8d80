import Archives

/// Where a worker stands on the way to a cut, and what it goes on from after one.
struct WorkerHold: Sendable {
  /// The cut that the coordinator prepares, if any.
  private var cut: Int?
  /// The version of the first shard at which to hold; unknown until all workers have said theirs.
  private var target: UInt64?
  /// Whether the coordinator knows that this worker holds there.
  private var isTold = false
  /// Version of the first shard with which the last push was answered.
  private(set) var version: UInt64 = 0
  /// Whether nothing has begun since that answer.
  private(set) var isFresh = false
  /// Steps after which the coordinator is told how far the worker is; `nil`: as the clock says.
  var tellsEvery: Int?
  /// Of a worker that goes on from a cut: the versions that it held there, until it has them again.
  var held: [UInt64]?

  /// A push has been answered.
  mutating func answer(_ version: UInt64) {
    self.version = version
    isFresh = true
  }

  /// Something new begins.
  mutating func moveOn() { isFresh = false }

  /// Whether nothing new may begin: until it is known where to hold, and there.
  var stops: Bool {
    guard cut != nil else { return false }
    return target.map { isFresh && version >= $0 } ?? true
  }

  // MARK: Orders

  mutating func pause(_ cut: Int) { (self.cut, target, isTold) = (cut, nil, false) }

  mutating func advance(_ cut: Int, to version: UInt64) {
    if self.cut == cut { target = version }
  }

  mutating func goOn() { (cut, target) = (nil, nil) }

  /// The cut for which the worker holds, if the coordinator has yet to hear of it.
  mutating func telling() -> Int? {
    guard let cut, target != nil, !isTold else { return nil }
    isTold = true
    return cut
  }
}

extension WorkerHold: Saved {
  /// A worker saves where it holds, and goes on at once.
  static let unsaved = ["cut", "target", "isTold", "held"]

  func save(to archive: inout Archive) {
    archive.put("version", version)
    archive.put("isFresh", isFresh)
    archive.put("tellsEvery", tellsEvery)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    version = try reader.take("version")
    isFresh = try reader.take("isFresh")
    tellsEvery = try reader.take("tellsEvery", as: Int?.self).flatMap { $0 > 0 ? $0 : nil }
  }
}
