/// A worker's or server's tie to the coordinator: registers until welcomed, beats, notices silence,
/// and at last waits until its last word has been heard.
struct CoordinatorLink: Sendable {
  private enum State {
    case registering(since: Instant)
    case tied
    case parting(until: Instant)
  }

  private let id: NodeID
  /// What to call the coordinator: with its endpoint, if that is known.
  private let coordinator: String
  private var timeouts: Timeouts
  private var state = State.registering(since: .zero)
  private var lastHeard: Instant?
  private var nextBeat = Instant.zero
  private var nextWord = Instant.zero

  /// - Parameter coordinator: Its endpoint, for sentences.
  init(id: NodeID, coordinator: String?, timeouts: Timeouts) {
    self.id = id
    self.coordinator = "coordinator" + (coordinator.map { " at \($0)" } ?? "")
    self.timeouts = timeouts
  }

  /// Whether the coordinator has welcomed this node.
  var isTied: Bool {
    if case .registering = state { false } else { true }
  }

  /// Whether the coordinator has said anything yet.
  var hasHeard: Bool { lastHeard != nil }

  mutating func start(at now: Instant) {
    state = .registering(since: now)
    nextBeat = now
    nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
  }

  mutating func tie(timeouts: Timeouts, at now: Instant) {
    state = .tied
    self.timeouts = timeouts
    lastHeard = now
    nextBeat = now
  }

  /// What is to be told when the coordinator has said something.
  mutating func heard(at now: Instant) -> [Effect] {
    defer { lastHeard = now }
    return hasHeard ? [] : [.record(.connected(id))]
  }

  // MARK: Time

  /// The next moment at which ``isBeatDue(at:)``, ``word(at:)`` or ``silence(at:)`` can change.
  var nextDeadline: Instant {
    switch state {
    case .registering: min(nextBeat, nextWord, silenceLimit)
    case .tied: min(nextBeat, silenceLimit)
    case .parting: silenceLimit
    }
  }

  private var silenceLimit: Instant {
    switch state {
    case .registering(let since):
      (lastHeard ?? since).advanced(byMilliseconds: timeouts.startMilliseconds)
    case .tied: (lastHeard ?? nextBeat).advanced(byMilliseconds: timeouts.silenceMilliseconds)
    case .parting(let until): until
    }
  }

  /// Whether it is time to register again or to beat; if so, the next time is set.
  mutating func isBeatDue(at now: Instant) -> Bool {
    guard now >= nextBeat else { return false }
    nextBeat = now.advanced(byMilliseconds: timeouts.heartbeatMilliseconds)
    return true
  }

  /// Every few seconds of waiting for a welcome: for what, and until when.
  mutating func word(at now: Instant) -> [Effect] {
    guard case .registering = state, now >= nextWord else { return [] }
    nextWord = now.advanced(byMilliseconds: waitingWordMilliseconds)
    let isHere = lastHeard.map {
      now < $0.advanced(byMilliseconds: timeouts.silenceMilliseconds)
    }
    let sentence =
      isHere == true
      ? "\(id) is registered with the \(coordinator) and waits for the other nodes"
      : "\(id) waits for a \(coordinator); gives up in \(now.secondsUntil(silenceLimit)) s"
    return [.record(.waiting(sentence, by: id))]
  }

  /// A sentence when the coordinator has been silent for too long.
  func silence(at now: Instant) -> String? {
    guard now >= silenceLimit else { return nil }
    switch (state, hasHeard) {
    case (.registering, false):
      return "\(id) found no \(coordinator) within \(duration(timeouts.startMilliseconds)); "
        + "check the endpoint given with --coordinator and that `hebb coordinate` runs there"
    case (.registering, true):
      return "\(id) heard nothing more from the \(coordinator) for "
        + "\(duration(timeouts.startMilliseconds)) and stopped"
    case (.tied, _), (.parting, _):
      return "\(id) heard nothing from the coordinator for \(timeouts.silenceMilliseconds) ms "
        + "and stopped"
    }
  }

  // MARK: The last word

  /// The last word has been said; from now on the node only waits until it has been heard, for a
  /// connection that is closed before that may take the word with it.
  mutating func part(_ ending: Ending, at now: Instant) {
    // Before a farewell all weights have to pass the line.
    let limit =
      ending == .completed ? timeouts.startMilliseconds : timeouts.silenceMilliseconds
    state = .parting(until: now.advanced(byMilliseconds: limit))
  }

  /// How a node ends that has said its last word, once an input decides it. It ends well even if
  /// nobody is left to answer.
  func end(_ ending: Ending, on input: Input, at now: Instant) -> Ending? {
    switch input {
    case .deadline: return now >= silenceLimit ? ending : nil
    case .interrupted: return ending
    case .message(let message, let peer):
      guard peer == Peer(link: .coordinator), message.sender == .coordinator,
        case .control(let control) = message.payload
      else { return nil }
      switch control {
      case .released(let another):
        return ending == .completed && another ? .completedWithAnother : ending
      case .stop(let kind, let reason):
        return ending == .completed ? .stopped(kind, reason) : ending
      // Nobody will answer.
      case .refused: return ending
      default: return nil
      }
    default: return nil
    }
  }
}
