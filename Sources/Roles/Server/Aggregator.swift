import Archives
import Consolidation
import Tensors
import Updates

/// Gathers the workers' pushes, and says which of them become an update and when.
struct Aggregator: Sendable {
  /// A push that is whole and takes part in a round now.
  struct Arrival: Sendable {
    let rank: Int
    let stage: Int
    /// The step it belongs to went on without it: it is dropped.
    let isLate: Bool
  }

  private let consistency: Consistency
  private let shares: [Int]
  private let blockCount: Int
  /// Vectors of a push in this phase.
  private var partCount = 1
  private var rounds: Rounds
  /// By rank: the push that is coming in or waits to be applied.
  private var pushes: [Parcel?]
  /// Ranks whose push is whole but has not entered a round.
  private var arrived: [Int] = []

  init(_ consistency: Consistency, shares: [Int], blockCount: Int) {
    self.consistency = consistency
    self.shares = shares
    self.blockCount = blockCount
    rounds = Rounds(
      consistency, shares: shares, startSteps: shares.map { _ in nil },
      clocks: shares.map { _ in 0 })
    pushes = shares.map { _ in nil }
  }

  /// A phase begins.
  ///
  /// - Parameters:
  ///   - startSteps: As ``Rounds`` has them.
  ///   - partCount: Vectors of a push, ≥ 1.
  mutating func begin(startSteps: [Int?], partCount: Int) {
    self.partCount = partCount
    rounds = Rounds(
      consistency, shares: shares, startSteps: startSteps, clocks: rounds.members.map(\.clock))
  }

  // MARK: The workers

  /// Nobody has anything more to push in the phase.
  var isOver: Bool { rounds.isOver }

  /// Round trips of a worker whose push has entered a round.
  func clock(of rank: Int) -> UInt64 { rounds.members[rank].clock }

  func isActive(_ rank: Int) -> Bool { rounds.isActive(rank) }

  /// Whether a worker's time to join has not come yet.
  func isAbsent(_ rank: Int) -> Bool {
    if case .absent = rounds.members[rank].membership { true } else { false }
  }

  /// Whether a worker has a part in the phase and nothing under way.
  func canRetire(_ rank: Int) -> Bool {
    let member = rounds.members[rank]
    return member.membership != .retired && !member.isWaiting && pushes[rank] == nil
  }

  mutating func retire(_ rank: Int) { rounds.retire(rank) }

  /// Whether no push is here, whole or in part, and everybody has been answered.
  var isAtRest: Bool {
    arrived.isEmpty && pushes.allSatisfy { $0 == nil } && rounds.isAtRest
  }

  // MARK: Pushes coming in

  /// Whether a push is whole and waits.
  func isWhole(_ rank: Int) -> Bool { pushes[rank]?.vector.isComplete == true }

  /// Whether a worker's last push has been answered and no other has begun to come.
  func isAnswered(_ rank: Int) -> Bool { !rounds.members[rank].isWaiting && pushes[rank] == nil }

  /// Enters a block of a push.
  ///
  /// - Returns: Whether the push is whole now; `nil` if the block was here before.
  mutating func enter(_ source: VectorSource, block: Int, of message: Message) -> Bool? {
    let rank = message.sender.rank
    // In its place, or each block would copy the list of all.
    if pushes[rank] == nil { pushes[rank] = Parcel(message, blockCount: partCount * blockCount) }
    let place = message.part * blockCount + block
    guard
      pushes[rank]?.enter(source, place: place, of: message, partCount: partCount) == true
    else { return nil }
    guard isWhole(rank) else { return false }
    arrived.append(rank)
    return true
  }

  /// Lets the pushes that are whole take part in the round.
  ///
  /// - Parameter version: Newest of the weights.
  mutating func admit(version: UInt64) -> [Arrival] {
    let ranks = arrived
    arrived = []
    return ranks.compactMap { rank in
      guard let push = pushes[rank] else { return nil }
      rounds.enterPush(of: rank)
      let isLate = consistency.backups > 0 && push.version < version
      if isLate {
        rounds.drop(rank)
        pushes[rank] = nil
      }
      return Arrival(rank: rank, stage: push.stage, isLate: isLate)
    }
  }

  // MARK: Updates

  /// The next update, if any answer is due.
  var next: Rounds.Update? { rounds.next() }

  /// Most local steps behind a push of an update.
  func steps(of update: Rounds.Update) -> Int {
    update.applied.compactMap { pushes[$0]?.steps }.max() ?? 1
  }

  /// Hands over the pushes of an update, in worker order.
  mutating func take(_ update: Rounds.Update) -> [(rank: Int, push: Parcel)] {
    update.applied.compactMap { rank in
      guard let push = pushes[rank] else { return nil }
      pushes[rank] = nil
      return (rank, push)
    }
  }

  /// The update has been applied and answered.
  ///
  /// - Returns: The number of whole steps taken in the phase, if it has grown.
  mutating func finish(_ update: Rounds.Update) -> Int? { rounds.finish(update) }
}

/// An update while it is applied, block by block.
struct UpdateUnderWay: Sendable {
  /// A push in it.
  struct Push: Sendable {
    let parcel: Parcel
    /// Of its gradient, 0…1.
    let weight: Float
    /// The weights it was computed at, if they are needed.
    let base: [VectorView]?
  }

  let round: Rounds.Update
  private(set) var pushes: [Push]
  /// Blocks before it are done.
  var block = 0
  /// In the place of the mean gradient: a sum of the step's vectors.
  private var direction: (vectors: StepVectors, coefficients: [Double])?

  init(_ round: Rounds.Update, _ pushes: [Push]) {
    self.round = round
    self.pushes = pushes
  }

  /// What adds the gradients up, where they are not here themselves.
  var totalOrder: Order? {
    let deferred = pushes.compactMap(\.parcel.vector.deferred)
    guard !deferred.isEmpty else { return nil }
    let mean = WeightedMean(
      exampleCounts: pushes.map(\.parcel.exampleCount), weights: pushes.map(\.weight))
    return .total(of: deferred, factors: mean.factors)
  }

  /// Puts one push with the mean of all in their place.
  ///
  /// - Parameter blocks: Of the shard.
  mutating func merge(_ blocks: [VectorView]) {
    guard let first = pushes.first?.parcel else { return }
    let whole = Parcel(
      stage: first.stage, exampleCount: pushes.reduce(0) { $0 + $1.parcel.exampleCount },
      version: first.version, steps: first.steps, vector: IncomingVector(blocks))
    pushes = [Push(parcel: whole, weight: 1, base: nil)]
  }

  /// The vectors of the step, if its pushes have references.
  func vectors(_ shard: Shard) -> StepVectors? {
    let partCount = 1 + (pushes.map(\.parcel.referenceCounts.count).max() ?? 0)
    guard partCount > 1 else { return nil }
    let count = shard.blockCount
    let parts = (0..<partCount).map { part in
      let counts = pushes.map {
        part == 0 ? $0.parcel.exampleCount : $0.parcel.referenceCounts[part - 1]
      }
      return StepVectors.Part(
        blocks: pushes.map { push in
          (part * count..<(part + 1) * count).compactMap { push.parcel.vector[$0] }
        },
        mean: WeightedMean(exampleCounts: counts, weights: pushes.map(\.weight)))
    }
    return StepVectors(parts, blocks: shard.localBlocks)
  }

  /// From now on the pushes bring this in the place of their gradients' mean.
  mutating func turn(to coefficients: [Double], of vectors: StepVectors) {
    direction = (vectors, coefficients)
  }

  /// What the pushes bring to the block that is next, in worker order.
  var contributions: [Contribution] {
    if let (vectors, coefficients) = direction, let first = pushes.first?.parcel {
      return [
        Contribution(
          gradient: vectors.combination(coefficients, block: block).view, exampleCount: 1,
          stage: first.stage)
      ]
    }
    return pushes.compactMap { push in
      push.parcel.vector[block].map {
        Contribution(
          gradient: $0, exampleCount: push.parcel.exampleCount, stage: push.parcel.stage,
          weight: push.weight, base: push.base?[block])
      }
    }
  }
}

extension Aggregator: Saved {
  /// At rest no push is here.
  static let unsaved = ["consistency", "shares", "blockCount", "pushes", "arrived"]

  func save(to archive: inout Archive) {
    archive.put("rounds", state: rounds)
    archive.put("partCount", partCount)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("rounds", into: &rounds)
    partCount = try reader.take("partCount")
    guard (1...1_000_000).contains(partCount) else {
      throw reader.error("is no number of vectors")
    }
  }
}
