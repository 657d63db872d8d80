import Archives
public import Compression
import Tensors

/// How vectors travel between workers and servers.
public struct Communication: Sendable, Hashable {
  /// Of the experiment: what codecs draw follows from it.
  public var seed: UInt64
  /// Workers' gradients.
  public var push: Codec
  /// What a worker keeps of what its codec leaves out.
  public var feedback: ErrorFeedback.Options
  /// What becomes of it at the end of a stage.
  public var boundary: ErrorFeedback.Boundary
  /// Servers' answers: `nil` for whole weights, else the codec of what changed.
  public var pull: Codec?
  /// Changes that a server keeps for workers that are behind; one further behind gets all weights.
  public var ringCount: Int
  /// What becomes of that when all workers meet at a boundary.
  public var pullBoundary: ErrorFeedback.Boundary
  /// η of θ − ηr, at which a worker computes, where r is what it has not pushed yet of its own
  /// steps: its own unsent way counts for itself at once. 0: it computes at θ.
  public var overlayRate: Float
  /// Importances.
  public var importance: Codec
  /// Pushes say nothing of places where U is above this; `nil`: of all.
  public var frozenAbove: Float?
  /// c = ηλ of 1/(1 + cU), by which magnitudes are ranked where only the largest are pushed: what
  /// would really move. 0: magnitudes alone.
  public var stiffness: Float

  /// The default sends everything as it is.
  public init(
    seed: UInt64 = 0, push: Codec = .none, feedback: ErrorFeedback.Options = .init(),
    boundary: ErrorFeedback.Boundary = .keep, pull: Codec? = nil, ringCount: Int = 16,
    pullBoundary: ErrorFeedback.Boundary = .keep, overlayRate: Float = 0, importance: Codec = .none,
    frozenAbove: Float? = nil, stiffness: Float = 0
  ) {
    precondition(ringCount >= 1 && stiffness >= 0)
    self.seed = seed
    self.push = push
    self.feedback = feedback
    self.boundary = boundary
    self.pull = pull
    self.ringCount = ringCount
    self.pullBoundary = pullBoundary
    self.overlayRate = overlayRate
    self.importance = importance
    self.frozenAbove = frozenAbove
    self.stiffness = stiffness
  }

  /// Whether workers' vectors travel as they are.
  public var isPlain: Bool { push == .none && importance == .none && frozenAbove == nil }

  /// The draws of one encoding: who encodes, its round trip or version, and the block.
  func draws(_ node: NodeID, _ clock: UInt64, block: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: .compression, node: place(node), step: step(clock, block))
  }

  /// What sender and receiver both know: indices that are drawn and never sent.
  func indexSeed(_ node: NodeID, _ clock: UInt64, block: Int) -> RandomStream {
    RandomStream(
      seed: seed, purpose: .compression, node: 1 << 30 | place(node), step: step(clock, block))
  }

  /// A block of importances as it travels; one that the codec cannot hold travels as it is.
  ///
  /// - Parameter clock: For what the codec draws; none for importances takes indices from a seed.
  func payload(
    importance view: VectorView, by node: NodeID, _ clock: UInt64, block: Int
  ) -> Message.Payload {
    guard importance != .none else { return .tensor(view) }
    var draws = draws(node, clock, block: block)
    let seed = indexSeed(node, 0, block: block)
    let bytes = try? importance.encode(view, draws: &draws, indexSeed: seed)
    return bytes.map { .encoded($0) } ?? .tensor(view)
  }

  /// A vector of importances as it travels, one payload a block.
  ///
  /// - Parameter clock: For what the codec draws.
  func payloads(
    importance sum: VectorSource, blocks: [Range<Int>], by node: NodeID, _ clock: UInt64
  ) -> [Message.Payload] {
    switch sum {
    case .later(let deferred): blocks.map { _ in .deferred(deferred) }
    case .here(let view):
      blocks.enumerated().map { index, range in
        payload(importance: view[range], by: node, clock, block: index)
      }
    }
  }

  private func place(_ node: NodeID) -> Int {
    (node.kind == .server ? 1 << 29 : 0) | node.rank & 0x1FFF_FFFF
  }

  private func step(_ clock: UInt64, _ block: Int) -> Int {
    Int(UInt32(truncatingIfNeeded: clock << 8 ^ UInt64(block)))
  }
}

/// A worker's side of the pushes: what it sends and what it remembers.
struct PushEncoder: Sendable {
  private let communication: Communication
  private let worker: NodeID
  private let blocks: [Range<Int>]
  private let layout: ParameterLayout
  private var memories: [BlockMemory]
  /// By block: the places that pushes have; `nil` for all.
  private var places: [Mask?]
  private var rankings: [Vector?]
  private var step = 0

  /// - Parameter blocks: Of the whole vector, over all servers.
  init(
    _ communication: Communication, worker: NodeID, blocks: [Range<Int>], layout: ParameterLayout
  ) {
    self.communication = communication
    self.worker = worker
    self.blocks = blocks
    self.layout = layout
    memories = blocks.map {
      BlockMemory(
        $0, count: $0.count, layout: layout, codec: communication.push,
        options: communication.feedback)
    }
    places = blocks.map { _ in nil }
    rankings = blocks.map { _ in nil }
  }

  /// Takes note of what the servers have told: of what was left out before, only what may still be
  /// sent is kept.
  mutating func heed(_ broadcast: ReceivedPenalty) {
    for (block, range) in blocks.enumerated() {
      let fresh = broadcast.places[block]
      if fresh != places[block] {
        let residual = memories[block].flush()
        let whole = places[block].map { $0.scatter(residual.view) } ?? residual
        memories[block] = BlockMemory(
          range, count: fresh?.indices.count ?? range.count, layout: layout,
          codec: communication.push, options: communication.feedback,
          residual: fresh.map { $0.gather(whole.view) } ?? whole)
        places[block] = fresh
      }
      let ranking = broadcast.ranking(block: block, stiffness: communication.stiffness)
      rankings[block] = ranking.map { whole in fresh.map { $0.gather(whole.view) } ?? whole }
    }
  }

  /// The weights at which to compute: θ − ηr, or θ. O(P).
  func overlaid(_ weights: HeldWeights) -> HeldWeights {
    let rate = communication.overlayRate
    // Without a codec nothing is ever left to be pushed.
    guard rate > 0, communication.push != .none, weights.blocks.count == memories.count else {
      return weights
    }
    let blocks = weights.blocks.indices.map { index -> VectorView in
      let kept = memories[index].residual
      let residual = places[index].map { $0.scatter(kept).view } ?? kept
      let next = Vector(copying: weights.blocks[index])
      Kernels.addScaled(residual.base, by: -rate, to: next.base, count: next.count)
      return next.view
    }
    return HeldWeights(blocks: blocks, versions: weights.versions, fit: weights.fit)
  }

  /// One payload a block.
  ///
  /// - Parameters:
  ///   - clock: The round trip.
  ///   - isLast: Of its stage: what becomes of the residual is decided.
  mutating func encode(
    _ source: VectorSource, clock: UInt64, isLast: Bool
  ) throws(CodecError) -> [Message.Payload] {
    let gradient: VectorView
    switch source {
    case .here(let view): gradient = view
    // Nothing is encoded where vectors are made later.
    case .later(let deferred): return blocks.map { _ in .deferred(deferred) }
    }
    var payloads: [Message.Payload] = []
    for (index, range) in blocks.enumerated() {
      if communication.push == .none, places[index] == nil {
        payloads.append(.tensor(gradient[range]))
        continue
      }
      if isLast, communication.boundary == .flush {
        let rest = memories[index].flush()
        let whole = places[index].map { $0.scatter(rest.view) } ?? rest
        Kernels.add(gradient.base + range.lowerBound, to: whole.base, count: range.count)
        payloads.append(.tensor(whole.view))
        continue
      }
      var draws = communication.draws(worker, clock, block: index)
      payloads.append(
        .encoded(
          try memories[index].encode(
            places[index].map { $0.gather(gradient[range]).view } ?? gradient[range],
            step: step, draws: &draws,
            indexSeed: communication.indexSeed(worker, clock, block: index),
            ranking: rankings[index]?.view)))
      if isLast { memories[index].cross(communication.boundary) }
    }
    step += 1
    return payloads
  }

  /// A reference, one payload a block. Nothing is left out of it that would have to be remembered:
  /// what is pushed for it has to be its own at every step.
  ///
  /// - Parameter source: `nil` for a reference to nothing.
  func encode(
    reference source: VectorSource?, clock: UInt64
  ) throws(CodecError) -> [Message.Payload] {
    guard let vector = source?.view else { return blocks.map { _ in .none } }
    guard communication.push != .none else { return blocks.map { .tensor(vector[$0]) } }
    var payloads: [Message.Payload] = []
    for (index, range) in blocks.enumerated() {
      var draws = communication.draws(worker, clock, block: index)
      let seed = communication.indexSeed(worker, clock, block: index)
      payloads.append(
        .encoded(
          try communication.push.encode(vector[range], draws: &draws, indexSeed: seed)))
    }
    return payloads
  }
}

/// A server's side of its answers when it sends changes: the weights as the workers have them, and
/// the last changes.
///
/// All workers have the same weights at the same version. What the codec leaves out of a change is
/// part of the next one, so that nothing is lost: the server's own error feedback.
struct PullEncoder: Sendable {
  /// One update: a payload a block.
  private struct Change: Sendable {
    let version: UInt64
    var payloads: [[UInt8]]
  }

  private let codec: Codec
  private let communication: Communication
  private let server: NodeID
  /// θ as the workers have it, block by block.
  private(set) var blocks: [VectorView]
  private var ring: [Change] = []

  init(_ communication: Communication, codec: Codec, server: NodeID, weights: [VectorView]) {
    self.codec = codec
    self.communication = communication
    self.server = server
    blocks = weights
  }

  /// Starts again from these weights.
  mutating func reset(to weights: [VectorView]) {
    blocks = weights
    ring = []
  }

  /// A block has new weights; blocks come in order.
  mutating func enter(
    _ weights: VectorView, block: Int, version: UInt64
  ) throws(CodecError) {
    let old = blocks[block]
    let change = Vector(copying: weights)
    Kernels.addScaled(old.base, by: -1, to: change.base, count: change.count)
    var draws = communication.draws(server, version, block: block)
    let seed = communication.indexSeed(server, version, block: block)
    let payload = try codec.encode(change.view, draws: &draws, indexSeed: seed)
    let next = Vector(copying: old)
    try Codec.decode(payload, count: weights.count, indexSeed: seed)
      .addScaled(1, to: next.base)
    blocks[block] = next.view
    if block == 0 { ring.append(Change(version: version, payloads: [])) }
    ring[ring.count - 1].payloads.append(payload)
    if ring.count > communication.ringCount { ring.removeFirst() }
  }

  /// What brings a block from a version to the present one: a chain of changes, or all of it.
  func payload(block: Int, from version: UInt64?, to present: UInt64) -> Message.Payload {
    guard let version else { return .tensor(blocks[block]) }
    let chain = ring.filter { $0.version > version }
    guard UInt64(chain.count) == present - version else { return .tensor(blocks[block]) }
    let changes = chain.map { $0.payloads[block] }
    let byteCount = changes.reduce(0) { $0 + $1.count }
    guard byteCount < blocks[block].byteCount else { return .tensor(blocks[block]) }
    return .encoded(ChangeChain.encode(changes))
  }
}

/// Changes one after another in one payload: their number, then length and bytes of each.
enum ChangeChain {
  static func encode(_ changes: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(changes.count, to: &bytes)
    for change in changes {
      append(change.count, to: &bytes)
      bytes += change
    }
    return bytes
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: UInt32(number).littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// `nil` unless the bytes are exactly a chain.
  static func decode(_ bytes: [UInt8]) -> [ArraySlice<UInt8>]? {
    var rest = bytes[...]
    guard let count = number(&rest) else { return nil }
    var changes: [ArraySlice<UInt8>] = []
    for _ in 0..<count {
      guard let length = number(&rest), length <= rest.count else { return nil }
      changes.append(rest.prefix(length))
      rest = rest.dropFirst(length)
    }
    return rest.isEmpty ? changes : nil
  }

  private static func number(_ bytes: inout ArraySlice<UInt8>) -> Int? {
    guard bytes.count >= 4 else { return nil }
    defer { bytes = bytes.dropFirst(4) }
    return bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}

extension PushEncoder: Saved {
  static let unsaved = ["communication", "worker", "blocks", "layout"]

  func save(to archive: inout Archive) {
    archive.put("places", places)
    archive.put("memories", states: memories)
    archive.put("rankings", rankings.map { $0?.view })
    archive.put("step", step)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    places = try reader.take("places", masks: blocks)
    memories = blocks.enumerated().map { index, range in
      BlockMemory(
        range, count: places[index]?.indices.count ?? range.count, layout: layout,
        codec: communication.push, options: communication.feedback)
    }
    try reader.take("memories", into: &memories)
    let rankings = try reader.take("rankings", as: [VectorView?].self, count: blocks.count)
    guard
      blocks.indices.allSatisfy({ index in
        let count = places[index]?.indices.count ?? blocks[index].count
        return rankings[index]?.count ?? count == count
      })
    else { throw reader.error("is of another cut of the vector") }
    self.rankings = rankings.map { $0.map { Vector(copying: $0) } }
    step = try reader.take("step")
  }
}

extension PullEncoder: Saved {
  static let unsaved = ["codec", "communication", "server"]

  func save(to archive: inout Archive) {
    archive.put("blocks", blocks)
    archive.put("ring", each: ring) { archive, change in
      archive.put("version", change.version)
      archive.put("payloads", each: change.payloads) { $0.put("bytes", bytes: $1) }
    }
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let fresh = try reader.take("blocks", as: [VectorView].self, count: blocks.count)
    guard fresh.map(\.count) == blocks.map(\.count) else {
      throw reader.error("is of another cut of the vector")
    }
    blocks = fresh
    ring = try reader.take(each: "ring") { reader throws(ArchiveError) in
      Change(
        version: try reader.take("version"),
        payloads: try reader.take(each: "payloads") { reader throws(ArchiveError) in
          try reader.take(bytes: "bytes")
        })
    }
    guard ring.allSatisfy({ $0.payloads.count == blocks.count }) else {
      throw reader.error("is of another cut of the vector")
    }
  }
}
