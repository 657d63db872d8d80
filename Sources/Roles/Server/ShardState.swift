import Archives
import Compression
import Consolidation
import Tensors
import Updates

/// θ of one shard at its newest version, with all that moves it.
///
/// Weights are a list of immutable blocks, one network message each. An update makes new blocks and
/// leaves the old ones to whoever still reads or sends them, so that everybody sees one version.
struct ShardState: Sendable {
  /// How the shard is cut.
  let shard: Shard
  private(set) var weights: [VectorView]
  /// Every applied update adds one. While one is under way, blocks that are not done yet are of
  /// the version before.
  private(set) var version: UInt64 = 0
  private(set) var update: ConsolidatedUpdate
  /// Where answers are changes: the weights as the workers have them.
  private var pullEncoder: PullEncoder?
  /// Versions that are no steps: of weights that were given the penalty they lacked.
  private var settledVersions: [UInt64] = []

  init(_ plan: ServerPlan, by server: NodeID) {
    shard = plan.shard
    let weights = plan.shard.localBlocks.map { plan.weights[$0] }
    self.weights = weights
    update = plan.update
    pullEncoder = plan.communication.pull.map {
      PullEncoder(plan.communication, codec: $0, server: server, weights: weights)
    }
  }

  // MARK: Looking

  /// All of it in one piece. O(count).
  var whole: Vector { Vector(joining: weights) }

  /// Bytes of the weights, of the optimiser's moments, of what is folded, and of what is gathered.
  var keptByteCount: Int {
    (1 + update.keptVectorCount) * shard.count * MemoryLayout<Float>.stride
  }

  /// The weights as workers have them who have all that was sent.
  var sent: [VectorView] { pullEncoder?.blocks ?? weights }

  /// The weights with the penalty that they may lack, block by block.
  var settled: [VectorView] {
    guard update.mustSettle(before: nil) else { return weights }
    return zip(shard.localBlocks, weights).map { update.settle($1, block: $0).view }
  }

  /// A block as it is, or what changed since the version that a worker has.
  ///
  /// - Parameter held: `nil` for all of the block.
  func payload(block: Int, from held: UInt64?) -> Message.Payload {
    pullEncoder?.payload(block: block, from: held, to: version) ?? .tensor(weights[block])
  }

  /// Steps between a version and the newest.
  func staleness(of base: UInt64) -> Int {
    Int(version - base) - settledVersions.count { $0 > base }
  }

  // MARK: Moving

  /// Begins an update, which has a version of its own; ``apply(_:block:)`` does it, block by block.
  ///
  /// - Parameters:
  ///   - stages: Of its pushes.
  ///   - share: The part of a whole step that it is.
  ///   - steps: Local steps behind each push, ≥ 1.
  mutating func begin(stages: [Int], share: Float, steps: Int) {
    for stage in stages { update.beginPath(of: stage, at: weights) }
    version += 1
    update.begin(share: share, steps: steps)
  }

  /// Updates one block; blocks come in order.
  mutating func apply(_ contributions: [Contribution], block: Int) throws(CodecError) {
    let next = update.apply(
      block: shard.localBlock(block), contributions, weights: weights[block])
    weights[block] = next.view
    try pullEncoder?.enter(weights[block], block: block, version: version)
  }

  /// Gives all weights the penalty that they lack, as an update of its own.
  ///
  /// - Parameter steps: Of the update to come; `nil` if somebody is to see the weights.
  mutating func settle(before steps: Int? = nil) throws(CodecError) {
    guard update.mustSettle(before: steps) else { return }
    version += 1
    weights = settled
    for block in weights.indices {
      try pullEncoder?.enter(weights[block], block: block, version: version)
    }
    update.finishSettling()
    settledVersions.append(version)
  }

  /// Begins with other weights, at a version of their own.
  mutating func restart(at fresh: Vector) {
    weights = shard.localBlocks.map { fresh[$0] }
    version += 1
    pullEncoder?.reset(to: weights)
  }

  /// All workers meet at rest: decides what becomes of what they were not sent.
  mutating func meet(_ boundary: ErrorFeedback.Boundary) {
    switch boundary {
    case .keep: break
    case .drop: weights = sent
    case .flush: pullEncoder?.reset(to: weights)
    }
  }

  mutating func resetOptimizer() { update.resetOptimizer() }

  // MARK: Folding

  /// Enters estimates of several stages into the penalty; see ``ConsolidatedUpdate``.
  mutating func enter(
    _ groups: [(stage: Int, estimates: [ImportanceEstimate])], rule: FoldRule
  ) throws(ImportanceError) {
    try update.enter(groups, rule: rule)
  }

  /// Closes a stage that all its workers have finished.
  mutating func close(stage: Int, rule: FoldRule) { update.close(stage: stage, rule: rule) }
}

extension ShardState: Saved {
  static let unsaved = ["shard"]

  func save(to archive: inout Archive) {
    archive.put("weights", weights)
    archive.put("version", version)
    archive.put("update", state: update)
    if let pullEncoder { archive.put("pullEncoder", state: pullEncoder) }
    archive.put("settledVersions", settledVersions)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    weights = try reader.take("weights", blocks: shard.localBlocks)
    version = try reader.take("version")
    try reader.take("update", into: &update)
    if var state = pullEncoder {
      try reader.take("pullEncoder", into: &state)
      pullEncoder = state
    }
    settledVersions = try reader.take("settledVersions")
  }
}
