import Tensors

/// A vector on its way to a role: block by block, in any order, each once.
struct IncomingVector: Sendable {
  private var sources: [VectorSource?]
  private var missingCount: Int

  /// Nothing is here yet.
  init(blockCount: Int) {
    sources = Array(repeating: nil, count: blockCount)
    missingCount = blockCount
  }

  /// One that is here.
  init(_ blocks: [VectorView]) {
    sources = blocks.map { .here($0) }
    missingCount = 0
  }

  /// Whether every block has come.
  var isComplete: Bool { missingCount == 0 }

  /// Enters a block.
  ///
  /// - Returns: Whether it is news; if it has come before, the first one stays.
  mutating func enter(_ source: VectorSource, block: Int) -> Bool {
    guard sources[block] == nil else { return false }
    sources[block] = source
    missingCount -= 1
    return true
  }

  /// Puts other floats in a block's place; none: what comes for it is news again.
  mutating func replace(block: Int, by source: VectorSource?) {
    missingCount += (sources[block] == nil ? 0 : 1) - (source == nil ? 0 : 1)
    sources[block] = source
  }

  /// A block, if it has come and its floats are here.
  subscript(block: Int) -> VectorView? { sources[block]?.view }

  /// The blocks whose floats are here, in order.
  var blocks: [VectorView] { sources.compactMap { $0?.view } }

  /// All blocks in order, once all have come with their floats.
  var whole: [VectorView]? {
    guard isComplete else { return nil }
    let blocks = blocks
    return blocks.count == sources.count ? blocks : nil
  }

  /// What makes the vector, if it comes as work.
  var deferred: Deferred? { sources.first.flatMap { $0?.deferred } }
}
