import Compression
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

  /// Enters a block as it is, or as what changed of weights that are at hand.
  ///
  /// - Parameters:
  ///   - base: What a change is a change of; without any, changes are passed over.
  ///   - communication: The rules by which changes are encoded; `nil` where there are none.
  /// - Returns: The whole vector, once all of it is here.
  mutating func entering(
    _ message: Message, changing base: HeldWeights? = nil, _ communication: Communication? = nil
  ) throws(Failure) -> HeldWeights? {
    let view: VectorView
    switch message.payload {
    case .tensor(let values): view = values
    case .encoded(let bytes):
      guard let communication else { return nil }
      view = try changed(base, by: bytes, message, communication)
    case .none, .control, .deferred: return nil
    }
    try enter(view, message.range, version: message.version, server: message.sender)
    return vector.whole.map { HeldWeights(blocks: $0, versions: versions.map { $0 ?? 0 }) }
  }

  /// All blocks of a shard are of one version: should a server answer twice, the later answer
  /// counts.
  private mutating func enter(
    _ view: VectorView, _ range: Range<Int>, version: UInt64, server: NodeID
  ) throws(Failure) {
    guard let block = map.index(of: range, at: server.rank), view.count == range.count else {
      throw Failure(.violation, "weights \(range) are no block of the parameter vector")
    }
    if let known = versions[server.rank], known != version {
      guard version > known else { return }
      for other in map.indices(at: server.rank) { vector.replace(block: other, by: nil) }
    }
    versions[server.rank] = version
    _ = vector.enter(.here(view), block: block)
  }

  /// A block after all changes since the version that is at hand.
  private func changed(
    _ base: HeldWeights?, by bytes: [UInt8], _ message: Message, _ communication: Communication
  ) throws(Failure) -> VectorView {
    let server = message.sender
    guard communication.pull != nil, let base,
      let block = map.index(of: message.range, at: server.rank),
      let chain = ChangeChain.decode(bytes)
    else { throw Failure(.violation, "\(server) sent changes that are none") }
    var version = base.versions[server.rank]
    guard message.version >= version, message.version - version == UInt64(chain.count) else {
      throw Failure(.violation, "\(server) sent changes to another version than it says")
    }
    let next = Vector(copying: base.blocks[block])
    // The server counts its own blocks.
    let ownBlock = block - map.shards[server.rank].firstBlock
    for change in chain {
      version += 1
      do {
        try Codec.decode(
          Array(change), count: next.count,
          indexSeed: communication.indexSeed(server, version, block: ownBlock)
        ).addScaled(1, to: next.base)
      } catch {
        throw Failure(.violation, "\(server) sent changes that are none: \(error)")
      }
    }
    return next.view
  }
}
