/// A worker's or server's tie to the coordinator: registers until welcomed, beats, and notices
/// silence.
struct CoordinatorLink: Sendable {
  private enum State {
    case registering(since: Instant)
    case tied
  }

  private let id: NodeID
  private var timeouts: Timeouts
  private var state = State.registering(since: .zero)
  private var lastHeard: Instant?
  private var nextBeat = Instant.zero

  init(id: NodeID, timeouts: Timeouts) {
    self.id = id
    self.timeouts = timeouts
  }

  /// Whether the coordinator has welcomed this node.
  var isTied: Bool {
    if case .tied = state { true } else { false }
  }

  mutating func start(at now: Instant) {
    state = .registering(since: now)
    nextBeat = now
  }

  mutating func tie(timeouts: Timeouts, at now: Instant) {
    state = .tied
    self.timeouts = timeouts
    lastHeard = now
    nextBeat = now
  }

  mutating func heard(at now: Instant) { lastHeard = now }

  /// The next moment at which ``isBeatDue(at:)`` or ``silence(at:)`` can change.
  var nextDeadline: Instant { min(nextBeat, silenceLimit) }

  private var silenceLimit: Instant {
    switch (state, lastHeard) {
    case (.registering(let since), nil):
      since.advanced(byMilliseconds: timeouts.startMilliseconds)
    case (_, let heard?): heard.advanced(byMilliseconds: timeouts.silenceMilliseconds)
    case (.tied, nil): nextBeat
    }
  }

  /// Whether it is time to register again or to beat; if so, the next time is set.
  mutating func isBeatDue(at now: Instant) -> Bool {
    guard now >= nextBeat else { return false }
    nextBeat = now.advanced(byMilliseconds: timeouts.heartbeatMilliseconds)
    return true
  }

  /// A sentence when the coordinator has been silent for too long.
  func silence(at now: Instant) -> String? {
    guard now >= silenceLimit else { return nil }
    return if lastHeard == nil {
      "\(id) found no coordinator within \(timeouts.startMilliseconds / 1000) s; "
        + "check the endpoint given with --coordinator and that `hebb coordinate` runs there"
    } else {
      "\(id) heard nothing from the coordinator for \(timeouts.silenceMilliseconds) ms and stopped"
    }
  }
}
