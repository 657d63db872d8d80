import Compression
import Consolidation
import Tensors

/// What workers are told of the penalty besides the weights.
public enum PenaltyPart: Sendable, Hashable {
  /// U, as the importance codec has it.
  case curvature
  /// θ̄ = V/U.
  case centre
  /// Mask of which a push says nothing, because the penalty holds them.
  case frozen

  var kind: Message.Kind {
    switch self {
    case .curvature: .curvature
    case .centre: .centre
    case .frozen: .frozen
    }
  }
}

/// A server's side: the penalty as workers are told it, renewed whenever something is folded.
///
/// A worker has one push under way at most, and what it is told comes before the answer to it: both
/// sides know which places the next push has.
struct PenaltyBroadcast: Sendable {
  /// Grows with every renewal; 0: nothing is folded yet.
  private(set) var penaltyVersion = 0
  private var curvature: [Message.Payload] = []
  private var centre: [VectorView] = []
  /// By block: the places that pushes have; `nil` for all.
  private(set) var places: [Mask?]

  init(blockCount: Int) { places = Array(repeating: nil, count: blockCount) }

  /// - Parameters:
  ///   - blocks: Of the shard, by element of the shard.
  ///   - weights: As the workers have them; where V is not other than Uθ, θ̄ is these.
  ///   - encode: Writes a block of importances.
  mutating func renew(
    _ penalty: FoldedPenalty, parts: [PenaltyPart], blocks: [Range<Int>], weights: [VectorView],
    frozenAbove: Float?, encode: (VectorView, Int) -> Message.Payload
  ) {
    guard let importance = penalty.importance, let pull = penalty.weightedAnchor else { return }
    penaltyVersion += 1
    let u = blocks.map { importance[$0] }
    if parts.contains(.curvature) {
      curvature = u.enumerated().map { encode($0.element, $0.offset) }
    }
    if parts.contains(.centre) {
      centre = zip(u, zip(blocks, weights)).map { importance, place in
        let (v, held) = (pull[place.0].base, place.1.base)
        let (u, result) = (importance.base, Vector(uninitialized: importance.count))
        for index in 0..<result.count {
          // Where V was folded from these very weights, θ̄ is them to the bit.
          let isHeld = u[index] * held[index] == v[index]
          result.base[index] = isHeld ? held[index] : v[index] / u[index]
        }
        return result.view
      }
    }
    if parts.contains(.frozen), let frozenAbove {
      places = u.map {
        let open = Mask(of: $0, atMost: frozenAbove)
        return open.isWhole ? nil : open
      }
    }
  }

  /// One part of a block.
  ///
  /// - Parameters:
  ///   - held: The block as the worker has it; where θ̄ is that, nothing need be said.
  ///   - isExact: Whether θ̄ travels in full precision.
  func payload(
    _ part: PenaltyPart, block: Int, held: VectorView?, isExact: Bool
  ) -> Message.Payload {
    switch part {
    case .curvature: return penaltyVersion > 0 ? curvature[block] : .none
    case .frozen: return places[block].map { .encoded($0.encode()) } ?? .none
    case .centre:
      guard penaltyVersion > 0 else { return .none }
      let view = centre[block]
      if let held, held.isIdentical(to: view) { return .none }
      guard !isExact else { return .tensor(view) }
      var draws = RandomStream(seed: 0, purpose: .compression)
      let bytes = try? Codec.fp16.encode(view, draws: &draws, indexSeed: draws)
      return bytes.map { .encoded($0) } ?? .tensor(view)
    }
  }
}

extension VectorView {
  /// Whether all values are equal.
  fileprivate func isIdentical(to other: VectorView) -> Bool {
    count == other.count && (0..<count).allSatisfy { base[$0] == other.base[$0] }
  }
}

/// A worker's side: what it was told last, block by block.
struct ReceivedPenalty: Sendable {
  private var curvature: IncomingVector
  private var centre: IncomingVector
  private(set) var places: [Mask?]

  init(blockCount: Int) {
    curvature = IncomingVector(blockCount: blockCount)
    centre = curvature
    places = Array(repeating: nil, count: blockCount)
  }

  /// Enters a part of a block.
  ///
  /// - Parameter held: The worker's own weights there.
  /// - Returns: A sentence if it is no such part.
  mutating func enter(
    _ message: Message, block: Int, held: VectorView?, indexSeed: RandomStream
  ) -> String? {
    let count = message.range.count
    do {
      switch (message.kind, message.payload) {
      case (.curvature, .none): curvature.replace(block: block, by: nil)
      case (.centre, .none): centre.replace(block: block, by: held.map { .here($0) })
      case (.curvature, .tensor(let view)) where view.count == count:
        curvature.replace(block: block, by: .here(view))
      case (.centre, .tensor(let view)) where view.count == count:
        centre.replace(block: block, by: .here(view))
      case (.curvature, .encoded(let bytes)):
        let values = try Codec.decode(bytes, count: count, indexSeed: indexSeed)
        curvature.replace(block: block, by: .here(values.dense.view))
      case (.centre, .encoded(let bytes)):
        let values = try Codec.decode(bytes, count: count, indexSeed: indexSeed)
        centre.replace(block: block, by: .here(values.dense.view))
      case (.frozen, .none): places[block] = nil
      case (.frozen, .encoded(let bytes)): places[block] = try Mask.decode(bytes, count: count)
      default: return "it is not of the block's length"
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// The penalty, once there is one.
  func penalty(own: HeldPenalty.Own?) -> HeldPenalty? {
    guard let u = curvature.whole, let centre = centre.whole else { return nil }
    return HeldPenalty(curvature: u, centre: centre, own: own)
  }

  /// 1/(1 + cU) of a block: how far a gradient of one can move a weight that the penalty holds.
  func ranking(block: Int, stiffness: Float) -> Vector? {
    guard stiffness > 0, let u = curvature[block] else { return nil }
    let result = Vector(uninitialized: u.count)
    for index in 0..<u.count { result.base[index] = 1 / (1 + stiffness * u.base[index]) }
    return result
  }
}
