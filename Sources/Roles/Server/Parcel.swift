import Tensors

/// A worker's vector as it comes to a server, with what its messages say of it.
struct Parcel: Sendable {
  let stage: Int
  /// Of a push, those of its gradient.
  private(set) var exampleCount: Int
  /// Of a push, those of its references, as far as they have come.
  private(set) var referenceCounts: [Int] = []
  let version: UInt64
  let steps: Int
  var vector: IncomingVector
}

extension Parcel {
  /// None of its blocks is here yet.
  ///
  /// - Parameter message: Brings the first of them.
  init(_ message: Message, blockCount: Int) {
    self.init(
      stage: message.stage, exampleCount: message.exampleCount, version: message.version,
      steps: message.steps, vector: IncomingVector(blockCount: blockCount))
  }

  init(stage: Int, exampleCount: Int, version: UInt64, steps: Int, vector: IncomingVector) {
    self.stage = stage
    self.exampleCount = exampleCount
    self.version = version
    self.steps = steps
    self.vector = vector
  }

  /// Enters a block of one part of a push that has several.
  ///
  /// - Parameters:
  ///   - place: Of the block among those of all parts.
  ///   - partCount: Of the push.
  /// - Returns: Whether it is news.
  mutating func enter(
    _ source: VectorSource, place: Int, of message: Message, partCount: Int
  ) -> Bool {
    guard vector.enter(source, block: place) else { return false }
    if message.part == 0 {
      exampleCount = message.exampleCount
    } else {
      if referenceCounts.isEmpty { referenceCounts = Array(repeating: 0, count: partCount - 1) }
      referenceCounts[message.part - 1] = message.exampleCount
    }
    return true
  }
}

extension Message {
  /// The floats of a worker's message; `nil` unless there are as many as its range says.
  var source: VectorSource? {
    switch payload {
    case .tensor(let view) where view.count == range.count: .here(view)
    case .deferred(let deferred): .later(deferred)
    default: nil
    }
  }
}
