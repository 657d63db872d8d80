import Compression
import Tensors
import Testing

@testable import Roles

@Suite struct `Incoming weights` {
  private let map = BlockMap([0..<4, 4..<6], blockSize: 2)

  private func message(
    _ values: [Float], at start: Int, version: UInt64, server: Int
  ) -> Message {
    Message(
      .weights, run: 5, sender: .server(server), incarnation: 0, version: version,
      range: start..<start + values.count, payload: .tensor(Vector(values).view))
  }

  @Test func `are whole when every server has sent its shard`() throws {
    var weights = IncomingWeights(map)
    let blocks = [
      message([5, 6], at: 4, version: 9, server: 1), message([1, 2], at: 0, version: 3, server: 0),
      message([1, 2], at: 0, version: 3, server: 0),
    ]
    for block in blocks {
      let whole = try weights.entering(block)
      #expect(whole == nil)
    }
    let whole = try weights.entering(message([3, 4], at: 2, version: 3, server: 0))
    #expect(whole?.versions == [3, 9])
    #expect(whole?.blocks.map(\.array) == [[1, 2], [3, 4], [5, 6]])
  }

  @Test func `never mix two versions of a shard`() throws {
    var weights = IncomingWeights(map)
    let blocks = [
      message([5, 6], at: 4, version: 9, server: 1), message([1, 2], at: 0, version: 3, server: 0),
      // The server answered twice: what it says of later weights counts, what is left of its
      // earlier answer does not.
      message([7, 8], at: 2, version: 4, server: 0), message([3, 4], at: 2, version: 3, server: 0),
    ]
    for block in blocks {
      let whole = try weights.entering(block)
      #expect(whole == nil)
    }
    let whole = try weights.entering(message([0, 1], at: 0, version: 4, server: 0))
    #expect(whole?.versions == [4, 9])
    #expect(whole?.blocks.map(\.array) == [[0, 1], [7, 8], [5, 6]])
  }

  @Test(arguments: [(4, 0), (0, 1), (1, 0), (0, 2), (6, 1)])
  func `are no block of anybody's but the sender's`(start: Int, server: Int) {
    var weights = IncomingWeights(map)
    let failure = #expect(throws: Failure.self) {
      _ = try weights.entering(message([1, 2], at: start, version: 1, server: server))
    }
    #expect(failure?.kind == .violation)
    #expect(
      failure?.reason == "weights \(start)..<\(start + 2) are no block of the parameter vector")
  }

  /// Changes without a codec, one after another.
  private func changes(
    _ changes: [[Float]], at start: Int, version: UInt64, server: Int
  ) throws -> Message {
    var draws = RandomStream(seed: 0, purpose: .test)
    let payloads = try changes.map {
      try Codec.none.encode(Vector($0).view, draws: &draws, indexSeed: draws)
    }
    var message = message([0, 0], at: start, version: version, server: server)
    message.payload = .encoded(ChangeChain.encode(payloads))
    return message
  }

  private let base = HeldWeights(
    blocks: [[1, 2], [3, 4], [5, 6]].map { Vector($0).view }, versions: [7, 2])
  private let plan = Communication(pull: Codec.none)

  @Test func `come as changes of what is at hand`() throws {
    var weights = IncomingWeights(map)
    let messages = [
      try changes([[1, 1], [0, 20]], at: 0, version: 9, server: 0),
      try changes([[-3, 0], [0, 0]], at: 2, version: 9, server: 0),
      try changes([], at: 4, version: 2, server: 1),
    ]
    var whole: HeldWeights?
    for message in messages { whole = try weights.entering(message, changing: base, plan) }
    #expect(whole?.versions == [9, 2])
    #expect(whole?.blocks.map(\.array) == [[2, 23], [0, 4], [5, 6]])
    #expect(base.blocks.map(\.array) == [[1, 2], [3, 4], [5, 6]])
  }

  @Test func `are no changes of another version, of nothing, or of another block`() throws {
    let one = [[1, 1] as [Float]]
    let wrong: [(Message, HeldWeights?)] = [
      (try changes(one, at: 0, version: 9, server: 0), base),
      (try changes(one, at: 0, version: 6, server: 0), base),
      (try changes(one, at: 0, version: 8, server: 0), nil),
      (try changes(one, at: 0, version: 3, server: 1), base),
    ]
    for (message, base) in wrong {
      var weights = IncomingWeights(map)
      let failure = #expect(throws: Failure.self) {
        _ = try weights.entering(message, changing: base, plan)
      }
      #expect(failure?.kind == .violation)
    }
    // Who asked for all weights passes changes over.
    var weights = IncomingWeights(map)
    let passed = try weights.entering(changes(one, at: 0, version: 8, server: 0))
    #expect(passed == nil)
  }
}
