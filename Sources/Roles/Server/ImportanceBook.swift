import Archives
import Consolidation
import Tensors

/// A server's book of what is being consolidated: anchors whose importance is awaited, estimates
/// that wait to be folded, and which workers are not done with a stage yet.
///
/// Estimates are folded at the beginning of an update, in a fixed order: when a message came must
/// not show in the result.
struct ImportanceBook: Sendable {
  /// The weights at which a worker estimates the importance of a stage.
  private struct Anchor: Sendable {
    let stage: Int
    let worker: Int
    let version: UInt64
    let weights: Vector
    /// What has come of it.
    var parcel: Parcel?
  }

  /// An estimate that waits to be folded.
  struct Entry: Sendable {
    let stage: Int
    let version: UInt64
    let estimate: ImportanceEstimate
    let byteCount: Int
    /// What makes the sum, if it is not here.
    var deferred: Deferred?
  }

  private let blockCount: Int
  private let partCount: Int
  private var anchors: [Anchor] = []
  private var entries: [Entry] = []
  /// By stage: the workers that are not done with it.
  private var owners: [[Int]]
  /// By worker: the stage of its last push.
  private var lastStage: [Int?]
  private var closable: [Int] = []
  private var occurrences: [[Int]: Int] = [:]

  /// - Parameters:
  ///   - blockCount: Of the shard.
  ///   - partCount: Vectors that a worker sends for a stage.
  init(_ taskSchedule: TaskSchedule, blockCount: Int, partCount: Int) {
    self.blockCount = blockCount
    self.partCount = partCount
    let stages = (taskSchedule.sequences.joined().max() ?? -1) + 1
    owners = (0..<stages).map { taskSchedule.owners(of: $0) }
    lastStage = taskSchedule.sequences.map { _ in nil }
  }

  /// Whether nothing is awaited, and nothing waits to be folded.
  var isAtRest: Bool { anchors.isEmpty && entries.isEmpty && closable.isEmpty }

  // MARK: Progress of the workers

  /// A worker that pushes for another stage than before is done with that one, unless it comes back
  /// to it: a sequence names a stage once.
  mutating func enterPush(of worker: Int, stage: Int) {
    if let last = lastStage[worker], last != stage { finish(last, worker) }
    lastStage[worker] = stage
  }

  /// The worker is done with its last stage.
  mutating func retire(_ worker: Int) {
    if let last = lastStage[worker] { finish(last, worker) }
    lastStage[worker] = nil
  }

  /// The worker will say nothing more about the stage.
  mutating func finish(_ stage: Int, _ worker: Int) {
    guard let index = owners[stage].firstIndex(of: worker) else { return }
    owners[stage].remove(at: index)
    if owners[stage].isEmpty { closable.append(stage) }
  }

  // MARK: Anchors and estimates

  /// The worker's earlier anchor for the stage, if its importance never came, is forgotten.
  mutating func expect(_ stage: Int, of worker: Int, version: UInt64, at weights: Vector) {
    anchors.removeAll { $0.stage == stage && $0.worker == worker }
    anchors.append(Anchor(stage: stage, worker: worker, version: version, weights: weights))
  }

  /// Enters one block of one vector of a worker's importance.
  ///
  /// - Returns: Whether the importance is whole now; `nil` if nobody asked for it.
  mutating func enter(_ source: VectorSource, block: Int, of message: Message) -> Bool? {
    guard
      let index = anchors.firstIndex(where: {
        $0.stage == message.stage && $0.worker == message.sender.rank
          && $0.version == message.version
      }), message.part < partCount
    else { return nil }
    var parcel = anchors[index].parcel ?? Parcel(message, blockCount: partCount * blockCount)
    guard parcel.vector.enter(source, block: message.part * blockCount + block) else { return nil }
    anchors[index].parcel = parcel
    guard parcel.vector.isComplete else { return false }
    let anchor = anchors.remove(at: index)
    // A worker without examples of the stage has nothing to say about it.
    guard parcel.exampleCount > 0 else { return true }
    add(
      anchor.stage, version: anchor.version,
      ImportanceEstimate(
        worker: anchor.worker, sum: parcel.vector.blocks, exampleCount: parcel.exampleCount,
        anchor: anchor.weights.view),
      byteCount: partCount * anchor.weights.view.byteCount, deferred: parcel.vector.deferred)
    return true
  }

  /// Adds an estimate that waits to be folded.
  mutating func add(
    _ stage: Int, version: UInt64, _ estimate: ImportanceEstimate, byteCount: Int = 0,
    deferred: Deferred? = nil
  ) {
    entries.removeAll { $0.stage == stage && $0.estimate.worker == estimate.worker }
    entries.append(
      Entry(
        stage: stage, version: version, estimate: estimate, byteCount: byteCount,
        deferred: deferred))
  }

  /// The estimates of one stage whose sums are not here, in worker order.
  private var deferredGroup: [Entry] {
    let deferred = entries.filter { $0.deferred != nil }
    return deferred.filter { $0.stage == deferred[0].stage }
      .sorted { ($0.estimate.worker ?? -1) < ($1.estimate.worker ?? -1) }
  }

  /// What makes the sums of one stage, in worker order; empty once all sums are here.
  var deferred: [Deferred] { deferredGroup.compactMap(\.deferred) }

  /// Puts one estimate with the sum of all in the place of those that ``deferred`` makes. All their
  /// workers met at one anchor.
  ///
  /// - Parameter sum: The shard's blocks.
  mutating func merge(_ sum: [VectorView]) {
    let group = deferredGroup
    guard let first = group.first else { return }
    entries.removeAll { $0.deferred != nil && $0.stage == first.stage }
    add(
      first.stage, version: first.version,
      ImportanceEstimate(
        worker: first.estimate.worker, sum: sum,
        exampleCount: group.reduce(0) { $0 + $1.estimate.exampleCount },
        anchor: first.estimate.anchor),
      byteCount: group.reduce(0) { $0 + $1.byteCount })
  }

  /// Takes all that waits out of the book: estimates by stage and worker, and the stages that are
  /// closed after them.
  mutating func takeAll() -> (entries: [Entry], closable: [Int]) {
    defer { (entries, closable) = ([], []) }
    let sorted = entries.sorted {
      ($0.stage, $0.estimate.worker ?? -1) < ($1.stage, $1.estimate.worker ?? -1)
    }
    return (sorted, closable.sorted())
  }

  /// How often a stage of a worker was consolidated before; counts this time.
  mutating func countOccurrence(of stage: Int, _ worker: Int?) -> Int {
    defer { occurrences[[stage, worker ?? -1], default: 0] += 1 }
    return occurrences[[stage, worker ?? -1], default: 0]
  }
}

extension ImportanceBook: Saved {
  /// At rest nothing is awaited, and nothing waits to be folded.
  static let unsaved = ["blockCount", "partCount", "anchors", "entries", "closable"]

  func save(to archive: inout Archive) {
    archive.put("owners", owners)
    archive.put("lastStage", lastStage)
    let sorted = occurrences.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    archive.put("occurrences", sorted.map { $0.key + [$0.value] })
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    owners = try reader.take("owners", count: owners.count)
    lastStage = try reader.take("lastStage", as: [Int?].self, count: lastStage.count)
    guard lastStage.allSatisfy({ $0.map(owners.indices.contains) ?? true }) else {
      throw reader.error("is of other stages")
    }
    for line in try reader.take("occurrences", as: [[Int]].self) {
      guard line.count == 3 else { throw reader.error("is no count") }
      occurrences[[line[0], line[1]]] = line[2]
    }
  }
}
