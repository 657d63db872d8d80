import Archives
import Compression
import Consolidation
import Tensors

/// The penalty as a server tells it to workers, renewed whenever something is folded.
///
/// A worker has one push under way at most, and what it is told comes before the answer to it: both
/// sides know which mask the next push has.
struct PenaltyBroadcast: Sendable {
  /// One part of one block.
  struct Piece: Sendable {
    let kind: Message.Kind
    let block: Int
    let payload: Message.Payload
  }

  private let parts: [PenaltyPart]
  private let communication: Communication
  private let server: NodeID
  /// Grows with every renewal; 0: nothing is folded yet.
  private(set) var version = 0
  private var importance: [Message.Payload] = []
  private var centre: [VectorView] = []
  /// By block: which elements pushes have; `nil` for all.
  private(set) var masks: [Mask?]

  init(_ plan: ServerPlan, by server: NodeID) {
    parts = plan.broadcast
    communication = plan.communication
    self.server = server
    masks = Array(repeating: nil, count: plan.shard.blockCount)
  }

  /// Whether workers are told nothing.
  var isEmpty: Bool { parts.isEmpty }

  /// Something was folded.
  mutating func renew(from state: ShardState) {
    guard !parts.isEmpty, let u = state.update.penalty.importance else { return }
    version += 1
    let blocks = state.shard.localBlocks
    if parts.contains(.curvature) {
      importance = blocks.enumerated().map { block, range in
        communication.payload(importance: u[range], by: server, state.version, block: block)
      }
    }
    if parts.contains(.centre) {
      centre = zip(blocks, state.sent).compactMap { range, held in
        state.update.penalty.centre(range, held: held)?.view
      }
    }
    if parts.contains(.frozen), let frozenAbove = communication.frozenAbove {
      masks = blocks.map {
        let open = Mask(of: u[$0], atMost: frozenAbove)
        return open.isWhole ? nil : open
      }
    }
  }

  /// All that there is to tell.
  ///
  /// - Parameter held: The blocks as the worker has them, if that is known: where θ̄ is these,
  ///   nothing need be said.
  func pieces(held: [VectorView]?) -> [Piece] {
    parts.flatMap { part in
      masks.indices.map { block in
        Piece(
          kind: part.kind, block: block, payload: payload(part, block: block, held: held?[block]))
      }
    }
  }

  private func payload(_ part: PenaltyPart, block: Int, held: VectorView?) -> Message.Payload {
    switch part {
    case .curvature: return version > 0 ? importance[block] : .none
    case .frozen: return masks[block].map { .encoded($0.encode()) } ?? .none
    case .centre:
      guard version > 0 else { return .none }
      let view = centre[block]
      if let held, held.isEqual(to: view) { return .none }
      guard communication.importance != .none else { return .tensor(view) }
      var draws = RandomStream(seed: 0, purpose: .compression)
      let bytes = try? Codec.fp16.encode(view, draws: &draws, indexSeed: draws)
      return bytes.map { .encoded($0) } ?? .tensor(view)
    }
  }
}

extension PenaltyBroadcast: Saved {
  static let unsaved = ["parts", "communication", "server"]

  func save(to archive: inout Archive) {
    archive.put("version", version)
    archive.put("importance", importance)
    archive.put("centre", centre)
    archive.put("masks", masks)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    version = try reader.take("version")
    importance = try reader.take("importance")
    centre = try reader.take("centre")
    masks = try reader.take("masks", as: [Mask?].self, count: masks.count)
    guard [0, masks.count].contains(importance.count), [0, masks.count].contains(centre.count)
    else { throw reader.error("is of another cut of the vector") }
  }
}
