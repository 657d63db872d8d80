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

  var isEmpty: Bool { all.isEmpty }

  subscript(snapshot: Snapshot) -> Kept? { all.first { $0.snapshot == snapshot } }

  /// Keeps a version; one that has the name already stays.
  mutating func keep(_ snapshot: Snapshot, version: UInt64, _ blocks: [VectorView]) {
    guard self[snapshot] == nil else { return }
    all.append(Kept(snapshot: snapshot, version: version, blocks: blocks))
  }

  mutating func release(_ snapshot: Snapshot) { all.removeAll { $0.snapshot == snapshot } }
}
