import Tensors

/// Weights on their way to a worker: from each server a whole shard of one version, block by block.
struct IncomingWeights: Sendable {
  private let map: BlockMap
  private var vector: IncomingVector
  /// By server: the version of what has come from it.
  private var versions: [UInt64?]

  /// Nothing is here yet.
  init(_ map: BlockMap) {
    self.map = map
    vector = IncomingVector(blockCount: map.blocks.count)
    versions = map.shards.map { _ in nil }
  }

  /// The whole vector, once all of it is here.
  var weights: HeldWeights? {
    vector.whole.map { HeldWeights(blocks: $0, versions: versions.map { $0 ?? 0 }) }
  }

  enum Verdict: Equatable {
    case new, repeated
    case wrong(String)
  }

  /// Enters a block. All blocks of a shard are of one version: should a server answer twice, the
  /// later answer counts.
  mutating func enter(
    _ view: VectorView, _ range: Range<Int>, version: UInt64, server: Int
  ) -> Verdict {
    guard let block = map.index(of: range, at: server), view.count == range.count else {
      return .wrong("weights \(range) are no block of the parameter vector")
    }
    if let known = versions[server], known != version {
      guard version > known else { return .repeated }
      for other in map.indices(at: server) { vector.replace(block: other, by: nil) }
    }
    versions[server] = version
    return vector.enter(.here(view), block: block) ? .new : .repeated
  }
}
