/// The coordinator's deadlines: how long it waits for nodes to come and to prepare, when it says
/// so, and when it beats.
struct StartWatch: Sendable {
  private let timeouts: Timeouts
  /// How long it waits for nodes to register.
  let gatherMilliseconds: Int
  private var isGathering = true
  private var waitingSince = Instant.zero
  private(set) var nextBeat = Instant.zero
  private(set) var nextWord = Instant.zero

  /// - Parameter gatherMilliseconds: As long as for nodes to prepare if it is `nil`.
  init(_ timeouts: Timeouts, gatherMilliseconds: Int?) {
    self.timeouts = timeouts
    self.gatherMilliseconds = gatherMilliseconds ?? timeouts.startMilliseconds
  }

  /// Until when it waits for all to come, or to prepare.
  var limit: Instant {
    waitingSince.advanced(
      byMilliseconds: isGathering ? gatherMilliseconds : timeouts.startMilliseconds)
  }

  mutating func start(at now: Instant) {
    waitingSince = now
    nextBeat = now
    nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
  }

  /// All have come; from now on they prepare.
  mutating func startPreparing(at now: Instant) {
    isGathering = false
    waitingSince = now
  }

  /// Whether it is time for a word; if so, the next time is set.
  mutating func isWordDue(at now: Instant) -> Bool {
    guard now >= nextWord else { return false }
    nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
    return true
  }

  /// Whether it is time to beat; if so, the next time is set.
  mutating func isBeatDue(at now: Instant) -> Bool {
    guard now >= nextBeat else { return false }
    nextBeat = now.advanced(byMilliseconds: timeouts.heartbeatMilliseconds)
    return true
  }
}
