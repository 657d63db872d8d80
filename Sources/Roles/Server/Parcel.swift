import Tensors

/// A worker's vector as it comes to a server, block by block.
struct Parcel: Sendable {
  /// A block, or what makes the vector that it is a block of.
  enum Content: Sendable {
    case block(VectorView)
    case deferred(Deferred)

    /// - Returns: `nil` unless the payload is as long as the message's range.
    init?(_ message: Message) {
      switch message.payload {
      case .tensor(let view) where view.count == message.range.count: self = .block(view)
      case .deferred(let deferred): self = .deferred(deferred)
      default: return nil
      }
    }

    /// What is made later, its worker has found finite.
    var isFinite: Bool {
      if case .block(let view) = self {
        Kernels.allFinite(view.base, count: view.count)
      } else {
        true
      }
    }
  }

  let stage: Int
  let exampleCount: Int
  let version: UInt64
  let steps: Int
  var contents: [Content?]

  var isComplete: Bool { contents.allSatisfy { $0 != nil } }

  /// The blocks that are here.
  var blocks: [VectorView] { contents.indices.compactMap { self[$0] } }

  /// What makes the vector, if it is not here.
  var deferred: Deferred? {
    if case .deferred(let deferred) = contents.first ?? nil { deferred } else { nil }
  }

  /// A block that is here.
  subscript(block: Int) -> VectorView? {
    if case .block(let view) = contents[block] { view } else { nil }
  }
}
