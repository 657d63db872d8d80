import Archives
import Compression
import Consolidation
import Tensors

/// What a server sends to its workers: it knows what each of them has.
struct Responder: Sendable {
  private let voice: ServerVoice
  private let plan: ServerPlan
  /// By worker rank.
  private var seats: [Seat]
  private var broadcast: PenaltyBroadcast

  init(_ plan: ServerPlan, _ voice: ServerVoice) {
    self.plan = plan
    self.voice = voice
    broadcast = PenaltyBroadcast(plan, by: voice.id)
    let masks = broadcast.masks
    seats = plan.batchShares.map { _ in Seat(masks: masks) }
  }

  // MARK: Who is there

  /// Why a peer is not the worker of this run in whose name it speaks; `nil` if it is.
  func strangeness(of message: Message, from peer: Peer) -> String? {
    let sender = message.sender
    guard message.run == voice.run else { return "a message of another run came to \(voice.id)" }
    guard sender.kind == .worker, seats.indices.contains(sender.rank) else {
      return "\(sender) is no worker of this run"
    }
    return seats[sender.rank].strangeness(of: message, from: peer)
  }

  /// The sender is its rank's worker from now on.
  mutating func admit(_ message: Message, from peer: Peer) -> Effect {
    seats[message.sender.rank].admit(message, from: peer)
    return .admit(message.sender, peer)
  }

  /// Answers to a worker belong to this stage from now on.
  ///
  /// - Returns: The stage before.
  mutating func enter(stage: Int, of rank: Int) -> Int {
    defer { seats[rank].stage = stage }
    return seats[rank].stage
  }

  // MARK: What workers have

  /// The mask that a worker's pushes have in a block.
  func mask(of rank: Int, block: Int) -> Mask? { seats[rank].masks[block] }

  /// The weights that a worker was sent last, if they are needed.
  func sent(to rank: Int) -> [VectorView]? { seats[rank].sent }

  /// A worker has computed at a version: of several answers it took that one.
  mutating func hold(_ version: UInt64, at rank: Int) { seats[rank].heldVersion = version }

  /// The weights are others than the last ones with changes.
  mutating func forgetVersions() {
    for rank in seats.indices { seats[rank].heldVersion = nil }
  }

  /// A worker was sent all of the newest weights.
  mutating func remember(_ rank: Int, _ shard: ShardState) {
    seats[rank].heldVersion = shard.version
    // Gradients are compensated for their delay from there.
    if shard.update.delayCompensation > 0 { seats[rank].sent = shard.weights }
  }

  // MARK: Weights

  /// All blocks of a version.
  ///
  /// - Parameter message: Asked for them.
  func send(
    _ blocks: [VectorView], _ kind: Message.Kind, version: UInt64, answering message: Message
  ) -> [Effect] {
    blocks.indices.map { block in
      .send(
        voice.message(
          kind, stage: message.stage, request: message.request, version: version,
          range: plan.shard.block(block), .tensor(blocks[block])),
        to: message.sender)
    }
  }

  /// All of the newest weights to a node that is no worker.
  func hand(_ shard: ShardState, to node: NodeID) -> [Effect] {
    shard.weights.indices.map { block in
      .send(
        voice.message(
          .weights, version: shard.version, range: plan.shard.block(block),
          .tensor(shard.weights[block])),
        to: node)
    }
  }

  /// All of the newest weights, whatever the worker has.
  mutating func sendAll(
    of shard: ShardState, to rank: Int, request: WeightsRequest? = nil, clock: UInt64 = 0
  ) -> [Effect] {
    seats[rank].heldVersion = nil
    defer { remember(rank, shard) }
    return (0..<plan.shard.blockCount).map {
      send(block: $0, of: shard, to: rank, request: request, clock: clock)
    }
  }

  /// One block of the newest weights: as it is, or what changed since the version that the worker
  /// has.
  func send(
    block: Int, of shard: ShardState, to rank: Int, request: WeightsRequest? = nil, clock: UInt64
  ) -> Effect {
    .send(
      voice.message(
        .weights, stage: seats[rank].stage, request: request, clock: clock,
        version: shard.version, range: plan.shard.block(block),
        shard.payload(block: block, from: seats[rank].heldVersion)),
      to: .worker(rank))
  }

  // MARK: The penalty

  /// Something was folded: what workers are told has changed.
  mutating func renewBroadcast(from shard: ShardState) { broadcast.renew(from: shard) }

  /// All that there is to tell of the penalty; from then on the worker's pushes have the masks that
  /// it was told.
  ///
  /// - Parameter request: If the worker asked, it holds the weights that it was sent last.
  mutating func tellPenalty(
    to rank: Int, request: WeightsRequest? = nil, _ shard: ShardState
  ) -> [Effect] {
    seats[rank].penaltyVersion = broadcast.version
    seats[rank].masks = broadcast.masks
    let isKnown = request != nil && seats[rank].heldVersion == shard.version
    return broadcast.pieces(held: isKnown ? shard.sent : nil).map { piece in
      .send(
        voice.message(
          piece.kind, stage: seats[rank].stage, request: request, version: shard.version,
          range: plan.shard.block(piece.block), piece.payload),
        to: .worker(rank))
    }
  }

  /// Before an answer: what has changed since the worker was told. Where all meet, workers ask.
  mutating func tellNews(to rank: Int, _ shard: ShardState) -> [Effect] {
    guard !broadcast.isEmpty, seats[rank].penaltyVersion < broadcast.version,
      !plan.taskSchedule.moment.isGlobal || plan.method.importance == .exchange
    else { return [] }
    return tellPenalty(to: rank, shard)
  }
}

extension Responder: Saved {
  static let unsaved = ["voice", "plan"]

  func save(to archive: inout Archive) {
    archive.put("seats", states: seats)
    archive.put("broadcast", state: broadcast)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("seats", into: &seats)
    try reader.take("broadcast", into: &broadcast)
    let cut = plan.shard.localBlocks.map(\.count)
    guard
      seats.allSatisfy({ seat in
        (seat.sent.map { $0.map(\.count) == cut } ?? true)
          && zip(seat.masks, cut).allSatisfy { $0?.count ?? $1 == $1 }
      })
    else { throw reader.error("is of another cut of the vector") }
  }
}
