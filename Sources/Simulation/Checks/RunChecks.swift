import Roles

/// What a role was given and what it made of it.
struct Sight {
  /// Of its life.
  let place: Int
  let node: NodeID
  let moment: Instant
  let input: Input
  let effects: [Effect]

  /// Messages that left.
  var sent: [(message: Message, to: NodeID)] {
    effects.compactMap {
      if case .send(let message, let node) = $0 { (message, node) } else { nil }
    }
  }

  /// Events that were told.
  var events: [Event] {
    effects.compactMap { if case .record(let event) = $0 { event } else { nil } }
  }
}

/// Something that holds in every run, whatever happens to it. A check knows no scenario: it looks
/// at what roles are given and what they do.
protocol RunCheck {
  mutating func see(_ sight: Sight)
  /// What is wrong once the run is over.
  mutating func conclude(_ record: RunRecord)
  /// One sentence each.
  var violations: [String] { get }
}

/// All checks of a run.
struct RunChecks {
  private var checks: [any RunCheck]
  private var objections: [String] = []

  /// - Parameter isRepeatable: Whether the run ends on the same bits whoever is how fast; what is
  ///   told of any other one holds until it goes back to a cut.
  init(isRepeatable: Bool) {
    checks = [
      PushesOnce(answersAlike: isRepeatable), VersionsGrow(), RowsOfOneVersion(), LedgerAddsUp(),
    ]
    if isRepeatable { checks.append(NothingUnsaid()) }
  }

  mutating func see(_ sight: Sight) {
    for index in checks.indices { checks[index].see(sight) }
  }

  /// Something else is wrong.
  mutating func object(_ sentence: String) { objections.append(sentence) }

  mutating func violations(at record: RunRecord) -> [String] {
    for index in checks.indices { checks[index].conclude(record) }
    return objections + checks.flatMap(\.violations)
  }
}
