import Compression
import Consolidation
import Tensors

/// The penalty as a worker was told it last, block by block.
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
    return HeldPenalty(importance: u, centre: centre, own: own)
  }

  /// How far a gradient of one can move each weight of a block: 1/(1 + cU) with c the stiffness;
  /// `nil` where nothing holds them.
  func ranking(block: Int, stiffness: Float) -> Vector? {
    guard stiffness > 0, let u = curvature[block] else { return nil }
    return HeldPenalty.mobility(importance: u, stiffness: stiffness)
  }
}
