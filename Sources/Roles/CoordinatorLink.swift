/// A worker's or server's tie to the coordinator: registers until welcomed, beats, notices silence,
/// and at last waits until its last word has been heard.
///
///     registering → tied → parting → over
struct CoordinatorLink: Sendable {
  private enum State {
    case registering(since: Instant)
    case tied
    /// The last word has been said. A connection that is closed before it has been heard may take
    /// it along.
    case parting(Ending, until: Instant)
    case over
  }

  private let id: NodeID
  /// What to call the coordinator: with its endpoint, if that is known.
  private let coordinator: String
  private var timeouts: Timeouts
  /// Whether this node ends with the coordinator's process, whatever happens to that: then the
  /// coordinator's silence means that it has been stopped, not that it is lost.
  private let endsWithCoordinator: Bool
  private var state = State.registering(since: .zero)
  /// The moment of the input at hand.
  private var now = Instant.zero
  private var lastHeard: Instant?
  private var nextBeat = Instant.zero
  private var nextWord = Instant.zero

  /// - Parameters:
  ///   - coordinator: Its endpoint, for sentences.
  ///   - endsWithCoordinator: Whether this node ends with the coordinator's process.
  init(id: NodeID, coordinator: String?, timeouts: Timeouts, endsWithCoordinator: Bool = false) {
    self.id = id
    self.endsWithCoordinator = endsWithCoordinator
    self.coordinator = "coordinator" + (coordinator.map { " at \($0)" } ?? "")
    self.timeouts = timeouts
  }

  /// Whether the coordinator has welcomed this node.
  var isTied: Bool {
    if case .registering = state { false } else { true }
  }

  /// Whether the node has not said its last word yet.
  var isAtWork: Bool {
    switch state {
    case .registering, .tied: true
    case .parting, .over: false
    }
  }

  /// Whether the coordinator has said anything yet.
  private var hasHeard: Bool { lastHeard != nil }

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

  /// The next moment at which ``isBeatDue(at:)``, ``word(at:)``, ``silence(at:)`` or
  /// ``partingEffects(on:at:)`` can change; `nil` once the node is over.
  var nextDeadline: Instant? {
    switch state {
    case .registering: min(nextBeat, nextWord, silenceLimit)
    case .tied: endsWithCoordinator ? nextBeat : min(nextBeat, silenceLimit)
    case .parting(_, let until): until
    case .over: nil
    }
  }

  private var silenceLimit: Instant {
    switch state {
    case .registering(let since):
      (lastHeard ?? since).advanced(byMilliseconds: timeouts.startMilliseconds)
    case .tied, .parting, .over:
      (lastHeard ?? nextBeat).advanced(byMilliseconds: timeouts.silenceMilliseconds)
    }
  }

  /// Whether it is time to register again or to beat; if so, the next time is set.
  mutating func isBeatDue(at now: Instant) -> Bool {
    guard now >= nextBeat else { return false }
    nextBeat = now.advanced(byMilliseconds: timeouts.heartbeatMilliseconds)
    return true
  }

  /// After how much silence a node at work shall say that it lives.
  var signMilliseconds: Int { 2 * timeouts.heartbeatMilliseconds }

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

  /// A node at work ends when the coordinator has been silent for too long.
  mutating func silence(at now: Instant) -> [Effect]? {
    if case .tied = state, endsWithCoordinator { return nil }
    guard now >= silenceLimit else { return nil }
    return end(.failed(.lostNode, reason: silenceReason))
  }

  private var silenceReason: String {
    switch (state, hasHeard) {
    case (.registering, false):
      return "\(id) found no \(coordinator) within \(duration(timeouts.startMilliseconds)); "
        + "check the endpoint given with --coordinator, that `hebb coordinate` runs there, and "
        + "that its --keys know this node"
    case (.registering, true):
      return "\(id) heard nothing more from the \(coordinator) for "
        + "\(duration(timeouts.startMilliseconds)) and stopped"
    case (.tied, _), (.parting, _), (.over, _):
      return "\(id) heard nothing from the coordinator for \(timeouts.silenceMilliseconds) ms "
        + "and stopped"
    }
  }

  // MARK: The last word

  /// What becomes of an input to a node that has said its last word. Call with every input, first.
  ///
  /// - Returns: `nil` while the node is at work: then the input is its role's to take.
  mutating func partingEffects(on input: Input, at now: Instant) -> [Effect]? {
    self.now = now
    switch state {
    case .registering, .tied: return nil
    case .over: return []
    case .parting(let ending, let until):
      return heard(ending, until: until, on: input).map { end($0) } ?? []
    }
  }

  /// The node's work is done and it has said so: from now on it waits until that has been heard.
  mutating func complete() {
    // All weights have to pass the line before.
    part(.completed, waiting: timeouts.startMilliseconds)
  }

  /// The node cannot go on. One that has never heard of a coordinator has nobody to tell.
  ///
  /// - Parameter word: Tells the coordinator.
  mutating func fail(_ kind: FailureKind, _ reason: String, saying word: Effect) -> [Effect] {
    let ending = Ending.failed(kind, reason: reason)
    guard hasHeard else { return end(ending) }
    part(ending, waiting: timeouts.silenceMilliseconds)
    return [word]
  }

  /// The node ends here and now; it waits for nobody.
  mutating func end(_ ending: Ending) -> [Effect] {
    state = .over
    return [.finish(ending)]
  }

  private mutating func part(_ ending: Ending, waiting milliseconds: Int) {
    state = .parting(ending, until: now.advanced(byMilliseconds: milliseconds))
  }

  /// How a node ends that has said its last word, once an input decides it. It ends well even if
  /// nobody is left to answer.
  private func heard(_ ending: Ending, until limit: Instant, on input: Input) -> Ending? {
    switch input {
    case .deadline: return now >= limit ? ending : nil
    case .interrupted: return ending
    case .message(let message, let peer):
      guard peer == Peer(link: .coordinator), message.sender == .coordinator,
        case .control(let control) = message.payload
      else { return nil }
      switch control {
      case .released(let another):
        return ending == .completed && another ? .completedWithAnother : ending
      case .again: return .completedWithAnother
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
