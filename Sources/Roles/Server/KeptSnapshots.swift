import Tensors

/// Versions of a shard's weights that are kept until they have been looked at.
struct KeptSnapshots: Sendable {
  /// A version under its name.
  struct Kept: Sendable {
    let snapshot: Snapshot
    let version: UInt64
    let blocks: [VectorView]
  }

  private var all: [Kept] = []
  /// The last of those that nobody looks at any more: of samples, and of each worker's stages.
  private var lastSample: (phase: Int, step: Int)?
  // Never iterated.
  private var lastPositions: [Int: Int] = [:]

  var isEmpty: Bool { all.isEmpty }

  subscript(snapshot: Snapshot) -> Kept? { all.first { $0.snapshot == snapshot } }

  /// Keeps a version; one that has the name already stays.
  mutating func keep(_ snapshot: Snapshot, version: UInt64, _ blocks: [VectorView]) {
    guard self[snapshot] == nil else { return }
    all.append(Kept(snapshot: snapshot, version: version, blocks: blocks))
  }

  mutating func release(_ snapshot: Snapshot) {
    guard self[snapshot] != nil else { return }
    all.removeAll { $0.snapshot == snapshot }
    switch snapshot {
    case .sample(let phase, let step):
      if !hasReleased(snapshot) { lastSample = (phase, step) }
    case .boundary(let worker, let position):
      lastPositions[worker] = max(lastPositions[worker] ?? 0, position)
    case .provisional: break
    }
  }

  /// Whether it may be one that was kept: then whoever asks for it has asked twice, and has been
  /// answered.
  func hasReleased(_ snapshot: Snapshot) -> Bool {
    switch snapshot {
    case .sample(let phase, let step): lastSample.map { (phase, step) <= $0 } ?? false
    case .boundary(let worker, let position): lastPositions[worker].map { position <= $0 } ?? false
    case .provisional: false
    }
  }
}
