import Archives

/// Decides at a server whose pushes are applied together and who is answered.
///
/// Pushes wait until somebody's answer falls due; then all that have come are applied as one
/// update, in worker order. With a bound of 0 an answer falls due when everybody has pushed: BSP.
/// Without a bound it falls due at once: ASP. A worker ahead of the bound waits for the slowest.
///
/// What it costs to enter a push does not grow with the number of workers.
struct Rounds: Sendable {
  enum Membership: Sendable, Equatable {
    /// Joins once so many whole steps have been taken.
    case absent(untilStep: Int)
    case active
    case retired
  }

  struct Member: Sendable {
    var membership: Membership
    /// Round trips of the worker whose push has come, over the whole run.
    var clock: UInt64 = 0
    /// Round trips of this phase; a worker that joins late begins where the slowest is.
    var progress = 0
    /// A push has come and is not answered yet.
    var isWaiting = false
  }

  /// What to do next.
  struct Update: Sendable, Equatable {
    /// Ranks whose pushes are applied, ascending; may be empty.
    let applied: [Int]
    /// Ranks that are answered afterwards, ascending.
    let answered: [Int]
    /// The part of a whole step that the update is.
    let share: Float
  }

  private let consistency: Consistency
  /// By rank: the worker's part of the global batch.
  private let shares: [Int]
  private(set) var members: [Member]
  /// Whole steps taken in this phase.
  private(set) var progress = 0.0
  /// Ranks whose pushes have come and are not applied.
  private var pushed: [Int] = []
  /// Ranks whose answer is due.
  private var due: [Int] = []
  /// By progress: ranks that are ahead of the bound there.
  private var blocked: [Int: [Int]] = [:]
  /// By progress: how many active workers are there.
  private var population: [Int: Int] = [:]
  /// The least progress of an active worker.
  private var slowest = 0
  private var activeCount = 0
  private var activeShare = 0
  private var absentCount = 0
  private var presentCount = 0

  /// - Parameters:
  ///   - shares: By rank, > 0.
  ///   - startSteps: By rank: whole steps after which the worker joins; `nil` for one that has no
  ///     part in the phase.
  init(_ consistency: Consistency, shares: [Int], startSteps: [Int?], clocks: [UInt64]) {
    self.consistency = consistency
    self.shares = shares
    members = zip(startSteps, clocks).map { start, clock in
      Member(membership: start.map { .absent(untilStep: $0) } ?? .retired, clock: clock)
    }
    absentCount = startSteps.count { $0 != nil }
    presentCount = absentCount
    admit()
  }

  var isOver: Bool { presentCount == 0 }

  /// Whether nobody waits for an answer.
  var isAtRest: Bool { pushed.isEmpty && due.isEmpty && !members.contains(where: \.isWaiting) }

  func isActive(_ rank: Int) -> Bool { members[rank].membership == .active }

  mutating func enterPush(of rank: Int) {
    members[rank].clock += 1
    members[rank].isWaiting = true
    pushed.append(rank)
    leave(members[rank].progress)
    members[rank].progress += 1
    let progress = members[rank].progress
    population[progress, default: 0] += 1
    advanceSlowest()
    guard consistency.backups == 0, let bound = consistency.bound else {
      due.append(rank)
      return
    }
    if progress - slowest <= bound {
      due.append(rank)
    } else {
      blocked[progress, default: []].append(rank)
    }
  }

  /// Takes the last push back: it came too late to be applied.
  mutating func drop(_ rank: Int) {
    members[rank].isWaiting = false
    pushed.removeAll { $0 == rank }
    due.removeAll { $0 == rank }
  }

  mutating func retire(_ rank: Int) {
    switch members[rank].membership {
    case .active:
      activeCount -= 1
      activeShare -= shares[rank]
      leave(members[rank].progress)
    case .absent: absentCount -= 1
    case .retired: return
    }
    presentCount -= 1
    members[rank].membership = .retired
    advanceSlowest()
    admit()
  }

  private mutating func leave(_ progress: Int) {
    let count = (population[progress] ?? 0) - 1
    population[progress] = count > 0 ? count : nil
  }

  /// Workers that were ahead of the bound may go on when the slowest has moved.
  private mutating func advanceSlowest() {
    guard activeCount > 0 else { return }
    while population[slowest] == nil {
      slowest += 1
      if let bound = consistency.bound, let freed = blocked.removeValue(forKey: slowest + bound) {
        due += freed
      }
    }
  }

  /// The next update, if any answer is due.
  func next() -> Update? {
    guard !due.isEmpty else { return nil }
    if consistency.backups > 0, pushed.count < max(1, activeCount - consistency.backups) {
      return nil
    }
    let applied = pushed.sorted()
    return Update(applied: applied, answered: due.sorted(), share: share(of: applied))
  }

  /// A barrier makes one step of what has come; without one every worker brings its own part.
  private func share(of applied: [Int]) -> Float {
    guard consistency.bound != 0 else { return 1 }
    return Float(applied.reduce(0) { $0 + shares[$1] }) / Float(activeShare)
  }

  /// The update has been applied and answered.
  ///
  /// - Returns: The number of whole steps taken so far, if it has grown.
  mutating func finish(_ update: Update) -> Int? {
    for rank in update.answered { members[rank].isWaiting = false }
    // Nothing comes in between ``next()`` and here.
    due = []
    pushed = []
    guard !update.applied.isEmpty else { return nil }
    let before = wholeSteps
    progress += Double(update.share)
    guard wholeSteps > before else { return nil }
    admit()
    return wholeSteps
  }

  /// Shares add up to whole steps but for rounding.
  private var wholeSteps: Int { Int(progress + 1e-3) }

  /// Lets those in whose time has come; if nobody is training, those who come next.
  private mutating func admit() {
    guard absentCount > 0 else { return }
    let starts = members.compactMap { member -> Int? in
      if case .absent(let step) = member.membership { step } else { nil }
    }
    guard let earliest = starts.min() else { return }
    let limit = activeCount == 0 ? max(earliest, wholeSteps) : wholeSteps
    for rank in members.indices {
      guard case .absent(let step) = members[rank].membership, step <= limit else { continue }
      members[rank].membership = .active
      members[rank].progress = slowest
      population[slowest, default: 0] += 1
      absentCount -= 1
      activeCount += 1
      activeShare += shares[rank]
    }
  }
}

extension Rounds: Saved {
  /// At rest nobody waits, so that nobody is ahead of the bound.
  static let unsaved = ["consistency", "shares", "pushed", "due", "blocked"]

  func save(to archive: inout Archive) {
    archive.put("members", each: members) { archive, member in
      let start: Int? =
        if case .absent(let step) = member.membership { step } else { nil }
      archive.put("isRetired", member.membership == .retired)
      archive.put("untilStep", start)
      archive.put("clock", member.clock)
      archive.put("progress", member.progress)
    }
    archive.put("progress", progress)
    let sorted = population.sorted { $0.key < $1.key }
    archive.put("population", [sorted.map(\.key), sorted.map(\.value)])
    archive.put("slowest", slowest)
    archive.put("activeCount", activeCount)
    archive.put("activeShare", activeShare)
    archive.put("absentCount", absentCount)
    archive.put("presentCount", presentCount)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let members = try reader.take(each: "members") { reader throws(ArchiveError) in
      let isRetired = try reader.take("isRetired", as: Bool.self)
      let start = try reader.take("untilStep", as: Int?.self)
      let membership: Membership =
        isRetired ? .retired : start.map { .absent(untilStep: $0) } ?? .active
      return Member(
        membership: membership, clock: try reader.take("clock"),
        progress: try reader.take("progress"))
    }
    guard members.count == shares.count else { throw reader.error("is of other workers") }
    self.members = members
    progress = try reader.take("progress")
    let lists = try reader.take("population", as: [[Int]].self, count: 2)
    guard lists[0].count == lists[1].count else { throw reader.error("is no list of pairs") }
    population = Dictionary(zip(lists[0], lists[1])) { $1 }
    slowest = try reader.take("slowest")
    activeCount = try reader.take("activeCount")
    activeShare = try reader.take("activeShare")
    absentCount = try reader.take("absentCount")
    presentCount = try reader.take("presentCount")
    guard progress.isFinite, progress >= 0, progress < 1e15,
      activeCount == 0 || population[slowest] != nil
    else { throw reader.error("counts what cannot be") }
  }
}
