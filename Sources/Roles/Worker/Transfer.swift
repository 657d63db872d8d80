public import Tensors

/// All parameters at one version of every shard, in the blocks in which they travelled.
public struct HeldWeights: Sendable {
  /// Consecutive blocks of the flat vector; together all of it.
  public let blocks: [VectorView]
  /// By server.
  public let versions: [UInt64]

  /// - Parameters:
  ///   - blocks: Consecutive; together the whole vector.
  ///   - versions: By server.
  public init(blocks: [VectorView], versions: [UInt64]) {
    self.blocks = blocks
    self.versions = versions
  }

  /// Elements of the whole vector.
  public var count: Int { blocks.reduce(0) { $0 + $1.count } }

  /// Copies the whole vector. O(P).
  public func write(to destination: UnsafeMutablePointer<Float>) {
    var offset = 0
    for block in blocks {
      (destination + offset).update(from: block.base, count: block.count)
      offset += block.count
    }
  }
}

/// Weights on their way to a worker, block by block.
struct Transfer: Sendable {
  private struct Shard: Sendable {
    let ranges: [Range<Int>]
    var blocks: [VectorView?]
    var version: UInt64?
  }

  private var shards: [Shard]
  private var missingCount: Int

  /// - Parameter shards: The ranges of the servers, each cut into blocks the same way on both
  ///   sides.
  init(shards: [Range<Int>]) {
    self.shards = shards.map {
      let ranges = $0.pieces(of: blockCountMaximum)
      return Shard(ranges: ranges, blocks: ranges.map { _ in nil })
    }
    missingCount = self.shards.reduce(0) { $0 + $1.ranges.count }
  }

  /// The whole vector, once all of it is here.
  var weights: HeldWeights? {
    guard missingCount == 0 else { return nil }
    return HeldWeights(
      blocks: shards.flatMap { $0.blocks.compactMap { $0 } },
      versions: shards.map { $0.version ?? 0 })
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
    guard shards.indices.contains(server),
      let index = shards[server].ranges.firstIndex(of: range), view.count == range.count
    else { return .wrong("weights \(range) are no block of the parameter vector") }
    if let known = shards[server].version, known != version {
      guard version > known else { return .repeated }
      missingCount += shards[server].blocks.count { $0 != nil }
      shards[server].blocks = shards[server].ranges.map { _ in nil }
    }
    shards[server].version = version
    guard shards[server].blocks[index] == nil else { return .repeated }
    shards[server].blocks[index] = view
    missingCount -= 1
    return .new
  }
}
