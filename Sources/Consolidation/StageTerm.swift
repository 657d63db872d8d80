public import Tensors

/// What is known about one stage's importance by one worker, or by the server itself.
public struct KeyImportance: Sendable {
  /// The worker whose key it is; `nil` for the server's own estimate over all workers.
  public let worker: Int?
  /// Sum of per-example importances, cut into consecutive blocks.
  public let sum: [VectorView]
  /// Examples behind the sum; a key with none says nothing.
  public let exampleCount: Int
  /// θ*: the whole shard at which the importance was estimated.
  public let anchor: VectorView

  /// - Parameters:
  ///   - worker: Who says it; `nil` for all workers together.
  ///   - sum: Σ Ω over its examples, block by block.
  ///   - exampleCount: Of those examples.
  ///   - anchor: θ*: the whole shard at which the importance was estimated.
  public init(worker: Int?, sum: [VectorView], exampleCount: Int, anchor: VectorView) {
    self.worker = worker
    self.sum = sum
    self.exampleCount = exampleCount
    self.anchor = anchor
  }
}

/// The part of the penalty that one stage has: Ω, the example-weighted mean over the workers that
/// have told theirs so far, and Ωθ*, the same with each worker's own anchor.
struct StageTerm: Sendable {
  let stage: Int
  /// Whether no key will be entered or replaced any more.
  private(set) var isClosed = false
  private(set) var importance: Vector
  private(set) var pull: Vector
  private var keys: [KeyImportance] = []
  private let count: Int

  init(stage: Int, count: Int) {
    self.stage = stage
    self.count = count
    importance = Vector(count: count)
    pull = Vector(count: count)
  }

  /// Enters keys, or replaces what the same workers said before: a provisional importance must not
  /// be counted twice. O(keys · count).
  mutating func enter(_ fresh: [KeyImportance]) throws(ImportanceError) {
    var keys = keys.filter { key in !fresh.contains { $0.worker == key.worker } }
    keys += fresh
    keys.sort { ($0.worker ?? -1) < ($1.worker ?? -1) }
    var mean = ImportanceMean(count: count)
    for key in keys {
      try mean.enter(worker: key.worker ?? -1, sum: key.sum, exampleCount: key.exampleCount)
    }
    importance = try mean.mean()
    self.keys = keys
    pull = Self.weightedAnchor(keys, mean: importance)
  }

  /// Forgets the keys and keeps their mean.
  mutating func close() {
    isClosed = true
    keys = []
  }

  private static func weightedAnchor(_ keys: [KeyImportance], mean: Vector) -> Vector {
    let result = Vector(uninitialized: mean.count)
    let spoken = keys.filter { $0.exampleCount > 0 }
    if let anchor = spoken.first?.anchor, spoken.allSatisfy({ $0.anchor.base == anchor.base }) {
      for index in 0..<mean.count { result.base[index] = mean.base[index] * anchor.base[index] }
      return result
    }
    let total = Float(spoken.reduce(0) { $0 + $1.exampleCount })
    result.base.update(repeating: 0, count: mean.count)
    for key in spoken {
      var offset = 0
      for block in key.sum {
        for index in 0..<block.count {
          result.base[offset + index] += block.base[index] * key.anchor.base[offset + index]
        }
        offset += block.count
      }
    }
    for index in 0..<mean.count { result.base[index] /= total }
    return result
  }
}
