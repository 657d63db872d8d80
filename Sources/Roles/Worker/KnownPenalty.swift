import Archives
import Consolidation
import Tensors

/// What a worker knows of the penalty: what servers have told it, and what part of that is its own.
struct KnownPenalty: Sendable {
  /// What every server tells of every block.
  private let parts: [PenaltyPart]
  private var received: ReceivedPenalty
  /// Whether something was told that pushes have not heeded yet.
  private var hasNews = false
  /// What the worker said of itself last, where others' knowledge alone is to hold it.
  private var own: HeldPenalty.Own?

  /// Nothing is known.
  init(_ plan: WorkerPlan) {
    parts = plan.broadcast
    received = ReceivedPenalty(blockCount: plan.map.blocks.count)
  }

  /// One thing that is told of one block.
  struct Item: Sendable, Hashable {
    let kind: Message.Kind
    let block: Int
  }

  /// All that there is to be told.
  var items: Set<Item> {
    Set(
      parts.flatMap { part in
        received.places.indices.map { Item(kind: part.kind, block: $0) }
      })
  }

  /// The block that a server tells something of, if such things are told in this run.
  func block(of message: Message, _ map: BlockMap) throws(Failure) -> Int {
    guard let block = map.index(of: message.range, at: message.sender.rank),
      parts.contains(where: { $0.kind == message.kind })
    else {
      throw Failure(
        .violation, "\(message.sender) told of \(message.range), of which it knows nothing")
    }
    return block
  }

  /// Enters what a server tells of a block.
  ///
  /// - Parameters:
  ///   - held: The worker's weights of the block, if they are at hand.
  ///   - indexSeed: For codecs that draw indices.
  mutating func enter(
    _ message: Message, block: Int, held: VectorView?, indexSeed: RandomStream
  ) throws(Failure) {
    let flaw = received.enter(message, block: block, held: held, indexSeed: indexSeed)
    if let flaw {
      throw Failure(.violation, "\(message.sender) told of the penalty what is none: \(flaw)")
    }
    hasNews = true
  }

  /// Whether what is known is of blocks of these lengths.
  func fits(_ blocks: [Range<Int>]) -> Bool {
    let count = blocks.reduce(0) { $0 + $1.count }
    return received.fits(blocks.map(\.count))
      && own.map { $0.importance.count == count && $0.anchor.count == count } ?? true
  }

  /// Has pushes heed what is new.
  mutating func inform(_ encoder: inout PushEncoder) {
    guard hasNews else { return }
    encoder.heed(received)
    hasNews = false
  }

  /// What to apply while a gradient is computed; `nil` where the servers apply it, or there is none
  /// yet.
  var applied: HeldPenalty? { parts.contains(.centre) ? received.penalty(own: own) : nil }

  /// Bytes of the vectors that are kept: what was told, and the worker's own part.
  var keptByteCount: Int {
    let mine = own.map { $0.importance.count + $0.anchor.count } ?? 0
    return received.keptByteCount + mine * MemoryLayout<Float>.stride
  }

  /// Takes note of what the worker says of itself.
  mutating func note(_ own: HeldPenalty.Own) { self.own = own }
}

extension KnownPenalty: Saved {
  static let unsaved = ["parts"]

  func save(to archive: inout Archive) {
    archive.put("received", state: received)
    archive.put("hasNews", hasNews)
    archive.put("own", own.map { [$0.importance.view, $0.anchor.view] } ?? [])
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("received", into: &received)
    hasNews = try reader.take("hasNews")
    let views = try reader.take("own", as: [VectorView].self)
    guard views.isEmpty || views.count == 2 && views[0].count == views[1].count else {
      throw reader.error("is no importance with its weights")
    }
    own =
      views.isEmpty
      ? nil
      : HeldPenalty.Own(
        importance: Vector(copying: views[0]), anchor: Vector(copying: views[1]))
  }
}
