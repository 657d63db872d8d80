/// The range of the flat parameter vector that one server owns, cut into the blocks that travel as
/// one message each. Both ends of a line cut alike: what is no block is no part of the vector.
public struct Shard: Sendable, Hashable {
  /// Elements of the whole vector.
  public let range: Range<Int>
  /// Elements of every block but the last, which may be shorter; ≥ 1.
  private let blockSize: Int
  /// Blocks of the shards before this one: codecs number a vector's blocks over all servers.
  public let firstBlock: Int

  /// - Parameters:
  ///   - range: Elements of the whole vector.
  ///   - blockSize: Most elements of a block, ≥ 1; more than ``blockCountMaximum`` do not travel.
  ///   - firstBlock: Blocks of the shards before this one.
  public init(_ range: Range<Int>, blockSize: Int = blockCountMaximum, firstBlock: Int = 0) {
    precondition(blockSize >= 1 && firstBlock >= 0)
    self.range = range
    self.blockSize = blockSize
    self.firstBlock = firstBlock
  }

  /// Elements of the shard.
  public var count: Int { range.count }

  /// How many blocks it has.
  public var blockCount: Int { (range.count + blockSize - 1) / blockSize }

  /// The blocks as elements of the whole vector, in order.
  public var blocks: [Range<Int>] { (0..<blockCount).map(block) }

  /// The blocks as elements of the shard, in order.
  public var localBlocks: [Range<Int>] { (0..<blockCount).map(localBlock) }

  /// A block as elements of the whole vector. O(1).
  ///
  /// - Parameter index: 0-based within the shard, below ``blockCount``.
  public func block(_ index: Int) -> Range<Int> {
    let local = localBlock(index)
    return range.lowerBound + local.lowerBound..<range.lowerBound + local.upperBound
  }

  /// A block as elements of the shard. O(1).
  ///
  /// - Parameter index: 0-based within the shard, below ``blockCount``.
  public func localBlock(_ index: Int) -> Range<Int> {
    precondition(index >= 0 && index < blockCount, "the shard has no such block")
    return index * blockSize..<min((index + 1) * blockSize, range.count)
  }

  /// Which block, counted within the shard, some elements of the whole vector are; `nil` if they
  /// are none. O(1).
  public func index(of elements: Range<Int>) -> Int? {
    guard range.contains(elements.lowerBound) else { return nil }
    let index = (elements.lowerBound - range.lowerBound) / blockSize
    return block(index) == elements ? index : nil
  }
}

/// How the flat parameter vector is cut: P elements into one shard a server, those into blocks.
/// Cut once, from then on looked up.
public struct BlockMap: Sendable, Hashable {
  /// In rank order; consecutive.
  public let shards: [Shard]
  /// All blocks as elements of the whole vector, over all servers in order.
  public let blocks: [Range<Int>]

  /// - Parameters:
  ///   - shards: The range of each server in rank order, consecutive from 0.
  ///   - blockSize: Most elements of a block, ≥ 1.
  public init(_ shards: [Range<Int>], blockSize: Int = blockCountMaximum) {
    precondition(
      zip([0] + shards.map(\.upperBound), shards).allSatisfy { $0 == $1.lowerBound },
      "shards follow one another")
    var cut: [Shard] = []
    for range in shards {
      let firstBlock = cut.last.map { $0.firstBlock + $0.blockCount } ?? 0
      cut.append(Shard(range, blockSize: blockSize, firstBlock: firstBlock))
    }
    self.shards = cut
    blocks = cut.flatMap(\.blocks)
  }

  /// P: elements of the whole vector.
  public var parameterCount: Int { shards.last?.range.upperBound ?? 0 }

  /// Which block, counted over all servers, some elements are that a server speaks of; `nil` if
  /// they are no block of that server. O(1).
  ///
  /// - Parameter server: A rank; need not be one.
  public func index(of elements: Range<Int>, at server: Int) -> Int? {
    guard shards.indices.contains(server) else { return nil }
    return shards[server].index(of: elements).map { shards[server].firstBlock + $0 }
  }

  /// The indices, counted over all servers, of one server's blocks.
  func indices(at server: Int) -> Range<Int> {
    let shard = shards[server]
    return shard.firstBlock..<shard.firstBlock + shard.blockCount
  }
}
