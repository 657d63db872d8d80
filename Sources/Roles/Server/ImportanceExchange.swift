import Consolidation
import Tensors

/// What workers say of themselves with every push: an importance and the weights at which it was
/// estimated. A worker's newest takes the place of what it said before.
struct ImportanceExchange: Sendable {
  private var pairs: [(importance: Parcel, centre: Parcel)?]
  private let blockCount: Int

  init(workerCount: Int, blockCount: Int) {
    pairs = Array(repeating: nil, count: workerCount)
    self.blockCount = blockCount
  }

  /// Whether nothing waits to be folded.
  var isAtRest: Bool { pairs.allSatisfy { $0 == nil } }

  /// Enters a block of either; one of another version than before begins anew.
  mutating func enter(_ view: VectorView, block: Int, of message: Message) {
    let rank = message.sender.rank
    let empty = Parcel(message, blockCount: blockCount)
    var pair = pairs[rank] ?? (empty, empty)
    if pair.importance.version != message.version { pair = (empty, empty) }
    if message.kind == .importance {
      _ = pair.importance.vector.enter(.here(view), block: block)
    } else {
      _ = pair.centre.vector.enter(.here(view), block: block)
    }
    pairs[rank] = pair
  }

  /// Hands over what is whole of some workers. Each has a term of its own, under its rank.
  mutating func take(_ ranks: [Int]) -> [(stage: Int, estimates: [ImportanceEstimate])] {
    ranks.compactMap { rank in
      guard let pair = pairs[rank], let sum = pair.importance.vector.whole,
        let centre = pair.centre.vector.whole
      else { return nil }
      pairs[rank] = nil
      let estimate = ImportanceEstimate(
        worker: rank, sum: sum, exampleCount: pair.importance.exampleCount,
        anchor: Vector(joining: centre).view)
      return (rank, [estimate])
    }
  }
}
