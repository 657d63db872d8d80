/// Decides at a server whose pushes are applied together and who is answered.
///
/// Pushes wait until somebody's answer falls due; then all that have come are applied as one
/// update, in worker order. With a bound of 0 an answer falls due when everybody has pushed: BSP.
/// Without a bound it falls due at once: ASP. A worker ahead of the bound waits for the slowest.
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
    var position = 0
    /// A push has come and is not applied yet.
    var hasPush = false
    /// A push has come and is not answered yet.
    var isWaiting = false
  }

  /// What to do next.
  struct Update: Sendable, Equatable {
    /// Ranks whose pushes are applied; may be empty.
    let applied: [Int]
    /// Ranks that are answered afterwards.
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
    admit()
  }

  var isOver: Bool { members.allSatisfy { $0.membership == .retired } }

  func isActive(_ rank: Int) -> Bool { members[rank].membership == .active }

  mutating func enterPush(of rank: Int) {
    members[rank].clock += 1
    members[rank].position += 1
    members[rank].hasPush = true
    members[rank].isWaiting = true
  }

  /// Takes a push back that came too late to be applied.
  mutating func drop(_ rank: Int) {
    members[rank].hasPush = false
    members[rank].isWaiting = false
  }

  mutating func retire(_ rank: Int) {
    members[rank].membership = .retired
    admit()
  }

  /// The next update, if any answer is due. O(workers).
  func next() -> Update? {
    let active = members.indices.filter { isActive($0) }
    let applied = active.filter { members[$0].hasPush }
    let answered: [Int]
    if consistency.backups > 0 {
      let wanted = max(1, active.count - consistency.backups)
      answered = applied.count >= wanted ? applied : []
    } else {
      let slowest = active.map { members[$0].position }.min() ?? 0
      answered = active.filter { rank in
        guard members[rank].isWaiting else { return false }
        guard let bound = consistency.bound else { return true }
        return members[rank].position - slowest <= bound
      }
    }
    guard !answered.isEmpty else { return nil }
    return Update(applied: applied, answered: answered, share: share(of: applied, among: active))
  }

  /// A barrier makes one step of what has come; without one every worker brings its own part.
  private func share(of applied: [Int], among active: [Int]) -> Float {
    guard consistency.bound != 0 else { return 1 }
    let part = applied.reduce(0) { $0 + shares[$1] }
    return Float(part) / Float(active.reduce(0) { $0 + shares[$1] })
  }

  /// The update has been applied and answered.
  ///
  /// - Returns: The number of whole steps taken so far, if it has grown.
  mutating func finish(_ update: Update) -> Int? {
    for rank in update.applied { members[rank].hasPush = false }
    for rank in update.answered { members[rank].isWaiting = false }
    guard !update.applied.isEmpty else { return nil }
    let before = wholeSteps
    progress += Double(update.share)
    admit()
    return wholeSteps > before ? wholeSteps : nil
  }

  /// Shares add up to whole steps but for rounding.
  private var wholeSteps: Int { Int(progress + 1e-3) }

  /// Lets those in whose time has come; if nobody is training, those who come next.
  private mutating func admit() {
    let waiting = members.compactMap { member -> Int? in
      if case .absent(let step) = member.membership { step } else { nil }
    }
    guard let earliest = waiting.min() else { return }
    let isIdle = !members.contains { $0.membership == .active }
    let limit = isIdle ? max(earliest, wholeSteps) : wholeSteps
    let slowest = members.filter { $0.membership == .active }.map(\.position).min() ?? 0
    for index in members.indices {
      if case .absent(let step) = members[index].membership, step <= limit {
        members[index].membership = .active
        members[index].position = slowest
      }
    }
  }
}
