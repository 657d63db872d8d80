import Tensors
import Testing

@testable import Roles

@Suite struct `A block map` {
  /// Three servers, of which the second has one block exactly.
  private let map = BlockMap([0..<7, 7..<10, 10..<15], blockSize: 3)

  @Test func `cuts every shard into blocks of its own`() {
    #expect(map.blocks == [0..<3, 3..<6, 6..<7, 7..<10, 10..<13, 13..<15])
    #expect(map.shards.map(\.firstBlock) == [0, 3, 4])
    #expect(map.shards.map(\.blockCount) == [3, 1, 2])
    #expect(map.shards[2].localBlocks == [0..<3, 3..<5])
    #expect(map.parameterCount == 15)
    #expect(map.indices(at: 2) == 4..<6)
  }

  /// Every range of elements, looked up by arithmetic and by looking.
  @Test func `finds exactly the blocks of the server that speaks`() {
    for server in -1...3 {
      let own =
        map.shards.indices.contains(server) ? Set(map.shards[server].blocks) : []
      for start in 0...16 {
        for end in start...17 {
          let range = start..<end
          let looked = own.contains(range) ? map.blocks.firstIndex(of: range) : nil
          #expect(map.index(of: range, at: server) == looked)
        }
      }
    }
    #expect(map.index(of: 1 << 40..<1 << 41, at: 2) == nil)
  }

  @Test(arguments: [(1, 1, 1), (10, 3, 4), (1000, 7, 64), (64, 4, 16), (5, 5, 1)])
  func `has every element in one block, none longer than allowed`(
    count: Int, servers: Int, size: Int
  ) {
    let map = BlockMap(evenRanges(of: count, parts: servers), blockSize: size)
    #expect(map.blocks.flatMap { Array($0) } == Array(0..<count))
    #expect(map.blocks.allSatisfy { (1...size).contains($0.count) })
    for (rank, shard) in map.shards.enumerated() {
      for index in 0..<shard.blockCount {
        #expect(map.blocks[shard.firstBlock + index] == shard.block(index))
        #expect(map.index(of: shard.block(index), at: rank) == shard.firstBlock + index)
      }
    }
  }
}

@Suite struct `An incoming vector` {
  private func view(_ values: [Float]) -> VectorSource { .here(Vector(values).view) }

  private func enter(_ source: VectorSource, _ block: Int, into vector: inout IncomingVector)
    -> Bool
  {
    vector.enter(source, block: block)
  }

  @Test func `is whole when every block has come, in whatever order`() {
    var vector = IncomingVector(blockCount: 3)
    for (block, value) in [(2, 3), (0, 1)] {
      #expect(enter(view([Float(value)]), block, into: &vector))
      #expect(!vector.isComplete && vector.whole == nil)
    }
    #expect(enter(view([2]), 1, into: &vector))
    #expect(vector.isComplete && vector.whole?.map(\.array) == [[1], [2], [3]])
  }

  @Test func `keeps the first of two of the same block`() {
    var vector = IncomingVector(blockCount: 2)
    #expect(enter(view([1]), 0, into: &vector))
    #expect(!enter(view([9]), 0, into: &vector))
    #expect(vector[0]?.array == [1] && vector[1] == nil && !vector.isComplete)
  }

  @Test func `can have a block replaced or forgotten`() {
    var vector = IncomingVector([Vector([1]).view, Vector([2]).view])
    vector.replace(block: 1, by: view([5]))
    #expect(vector.whole?.map(\.array) == [[1], [5]])
    vector.replace(block: 0, by: nil)
    vector.replace(block: 0, by: nil)
    #expect(!vector.isComplete)
    #expect(enter(view([4]), 0, into: &vector))
    #expect(vector.isComplete)
  }

  @Test func `may be the work that makes it`() {
    var vector = IncomingVector(blockCount: 2)
    for block in 0..<2 {
      _ = vector.enter(.later(Deferred(worker: 3, serial: 7, orders: [])), block: block)
    }
    #expect(vector.isComplete && vector.whole == nil && vector.blocks.isEmpty)
    #expect(vector.deferred?.worker == 3 && vector.deferred?.serial == 7)
  }
}
