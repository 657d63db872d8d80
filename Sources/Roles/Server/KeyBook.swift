import Consolidation
import Tensors

/// A server's book of what is being consolidated: anchors whose importance is awaited, importances
/// that wait to be folded, and which workers are not done with a stage yet.
///
/// Importances are folded at the beginning of an update, in a fixed order: when a message came must
/// not show in the result.
struct KeyBook: Sendable {
  /// The weights at which a worker estimates the importance of a stage.
  struct Anchor: Sendable {
    let stage: Int
    let worker: Int
    let version: UInt64
    let weights: Vector
    var parcel: Parcel?
  }

  /// An importance that waits to be folded.
  struct Entry: Sendable {
    let stage: Int
    let version: UInt64
    let key: KeyImportance
    let byteCount: Int
    /// What makes the key's sum, if it is not here.
    var deferred: Deferred?
  }

  private(set) var anchors: [Anchor] = []
  private var entries: [Entry] = []
  /// By stage: the workers that are not done with it.
  private var owners: [[Int]] = []
  /// By worker: the stage of its last push.
  private var lastStage: [Int?] = []
  private var closable: [Int] = []
  private var occurrences: [[Int]: Int] = [:]

  init() {}

  init(_ taskSchedule: TaskSchedule) {
    let stages = (taskSchedule.sequences.joined().max() ?? -1) + 1
    owners = (0..<stages).map { taskSchedule.owners(of: $0) }
    lastStage = taskSchedule.sequences.map { _ in nil }
  }

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
    guard let place = owners[stage].firstIndex(of: worker) else { return }
    owners[stage].remove(at: place)
    if owners[stage].isEmpty { closable.append(stage) }
  }

  // MARK: Anchors and importances

  /// The worker's earlier anchor for the stage, if its importance never came, is forgotten.
  mutating func expect(_ stage: Int, of worker: Int, version: UInt64, at weights: Vector) {
    anchors.removeAll { $0.stage == stage && $0.worker == worker }
    anchors.append(Anchor(stage: stage, worker: worker, version: version, weights: weights))
  }

  /// Enters one block of a worker's importance.
  ///
  /// - Returns: Whether the importance is whole now; `nil` if nobody asked for it.
  mutating func enter(
    _ content: VectorSource, block: Int, of message: Message, empty: Parcel
  ) -> Bool? {
    guard
      let place = anchors.firstIndex(where: {
        $0.stage == message.stage && $0.worker == message.sender.rank
          && $0.version == message.version
      })
    else { return nil }
    var parcel = anchors[place].parcel ?? empty
    guard parcel.vector.enter(content, block: block) else { return nil }
    anchors[place].parcel = parcel
    guard parcel.vector.isComplete else { return false }
    let anchor = anchors.remove(at: place)
    // A worker without examples of the stage has nothing to say about it.
    guard parcel.exampleCount > 0 else { return true }
    add(
      anchor.stage, version: anchor.version,
      KeyImportance(
        worker: anchor.worker, sum: parcel.vector.blocks, exampleCount: parcel.exampleCount,
        anchor: anchor.weights.view),
      byteCount: anchor.weights.view.byteCount, deferred: parcel.vector.deferred)
    return true
  }

  /// Adds an importance that waits to be folded.
  mutating func add(
    _ stage: Int, version: UInt64, _ key: KeyImportance, byteCount: Int = 0,
    deferred: Deferred? = nil
  ) {
    entries.removeAll { $0.stage == stage && $0.key.worker == key.worker }
    entries.append(
      Entry(
        stage: stage, version: version, key: key, byteCount: byteCount, deferred: deferred))
  }

  /// The importances of one stage whose sums are not here, in worker order.
  var deferredGroup: [Entry] {
    let deferred = entries.filter { $0.deferred != nil }
    return deferred.filter { $0.stage == deferred[0].stage }
      .sorted { ($0.key.worker ?? -1) < ($1.key.worker ?? -1) }
  }

  /// Puts one key with the sum of all in the place of that group. All its workers met at one
  /// anchor.
  mutating func merge(_ sum: [VectorView]) {
    let group = deferredGroup
    guard let first = group.first else { return }
    entries.removeAll { $0.deferred != nil && $0.stage == first.stage }
    add(
      first.stage, version: first.version,
      KeyImportance(
        worker: first.key.worker, sum: sum,
        exampleCount: group.reduce(0) { $0 + $1.key.exampleCount }, anchor: first.key.anchor),
      byteCount: group.reduce(0) { $0 + $1.byteCount })
  }

  /// Takes all that waits out of the book: importances by stage and worker, and the stages that are
  /// closed after them.
  mutating func takeAll() -> (entries: [Entry], closable: [Int]) {
    defer { (entries, closable) = ([], []) }
    let sorted = entries.sorted {
      ($0.stage, $0.key.worker ?? -1) < ($1.stage, $1.key.worker ?? -1)
    }
    return (sorted, closable.sorted())
  }

  /// How often a stage of a worker was consolidated before; counts this time.
  mutating func countOccurrence(of stage: Int, _ worker: Int?) -> Int {
    defer { occurrences[[stage, worker ?? -1], default: 0] += 1 }
    return occurrences[[stage, worker ?? -1], default: 0]
  }
}
