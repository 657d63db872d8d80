extension WorkerRole {
  /// The stage that is under way, for the ledger; 0 before any.
  var currentStage: Int {
    guard let plan, let training else { return 0 }
    let sequence = plan.taskSchedule.sequences[id.rank]
    return sequence.indices.contains(training.position) ? sequence[training.position] : 0
  }

  /// An answer is overdue: asks every server whether it is there, and says who has not answered
  /// that before.
  mutating func askWhoIsThere(at now: Instant) -> [Effect] {
    guard let plan else { return [] }
    let news = reach.word(of: id, at: now).map { [Effect.record(.waiting($0, by: id))] } ?? []
    reach.ask(at: now)
    return news
      + plan.map.shards.indices.map { rank in
        .send(
          Message(
            .control, run: run, sender: id, incarnation: incarnation, stage: currentStage,
            payload: .control(.probe)),
          to: .server(rank))
      }
  }

  /// A sentence if a request waits for a server that is out of reach.
  func unreached(at now: Instant) -> String? {
    switch state {
    case .pulling, .pushing, .anchoring, .broadcast: reach.failure(of: id, at: now)
    default: nil
    }
  }
}
