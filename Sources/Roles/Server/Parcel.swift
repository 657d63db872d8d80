import Tensors

/// A worker's vector as it comes to a server, with what its messages say of it.
struct Parcel: Sendable {
  let stage: Int
  let exampleCount: Int
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
