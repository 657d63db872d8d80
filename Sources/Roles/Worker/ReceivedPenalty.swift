import Archives
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

  /// Whether what has come is of blocks of these lengths.
  func fits(_ counts: [Int]) -> Bool {
    counts.count == places.count
      && counts.enumerated().allSatisfy { block, count in
        [curvature[block]?.count, centre[block]?.count, places[block]?.count]
          .allSatisfy { $0 ?? count == count }
      }
  }

  /// Bytes of what has come: elements of both vectors, and a place in each mask.
  var keptByteCount: Int {
    let vectors = (curvature.blocks + centre.blocks).reduce(0) { $0 + $1.byteCount }
    return vectors + places.reduce(0) { $0 + (($1?.count ?? 0) + 7) / 8 }
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

extension ReceivedPenalty: Saved {
  static let unsaved: [String] = []

  func save(to archive: inout Archive) {
    archive.put("curvature", places.indices.map { curvature[$0] })
    archive.put("centre", places.indices.map { centre[$0] })
    archive.put("places", places)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let count = places.count
    for (block, view) in try reader.take("curvature", as: [VectorView?].self, count: count)
      .enumerated()
    { curvature.replace(block: block, by: view.map { .here($0) }) }
    for (block, view) in try reader.take("centre", as: [VectorView?].self, count: count)
      .enumerated()
    { centre.replace(block: block, by: view.map { .here($0) }) }
    places = try reader.take("places", as: [Mask?].self, count: count)
  }
}
