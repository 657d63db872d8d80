import Archives

extension TrainingRun: Saved {
  /// A run is saved where nothing is being measured, reported or shown.
  static let unsaved = ["plan", "servers", "workers", "progress", "now"]

  // MARK: The way to a cut

  /// Begins a cut within a phase, if it is time for one.
  ///
  /// - Parameter step: Of a worker, over the whole run.
  mutating func cutIfDue(atStep step: Int) -> [Effect] {
    guard case .training(let phase) = state, !phase.training.isOpen,
      cuts.isDue(atStep: step, now)
    else { return [] }
    return tell(.cut(cuts.pause(atStep: step, now)), workers)
  }

  /// Begins a cut at a boundary, if it is time for one; nothing has been trained before the first.
  mutating func cutAtBoundary(before phase: Int) -> [Effect]? {
    guard phase > 0, cuts.isDueAtBoundary(now) else { return nil }
    return tell(.cut(cuts.capture(atStep: phaseStart, now)), servers)
  }

  /// The phase is trained: what was to be cut within it is cut at its end.
  mutating func postponeCut() -> [Effect] {
    guard !cuts.isIdle else { return [] }
    cuts.postpone()
    return tell(.cut(.goOn), workers)
  }

  /// Takes what a node says on the way to a cut. What it says of one that is no more changes
  /// nothing.
  mutating func hear(
    _ report: CutReport, from sender: NodeID, steps: Int, _ record: RunRecord
  ) -> [Effect] {
    switch report {
    case .written(let entry, let cut): return cuts.enter(entry, of: cut)
    case .failed(let cut, let reason):
      let wasPrepared = !cuts.isIdle && cuts.number == cut
      guard cuts.abandon(cut) else { return [] }
      return [.record(.uncut(reason: reason))]
        + (wasPrepared ? tell(.cut(.goOn), workers) + openNext() : [])
    case .holding, .still, .captured: break
    }
    if sender.kind == .worker { positions[sender.rank].steps = steps }
    guard let (order, nodes) = cuts.hear(report, from: sender) else { return captureIfMeasured() }
    guard case .save(let cut) = order else { return tell(.cut(order), nodes) }
    cuts.finishCapturing(atStep: positions.map(\.steps).max() ?? 0)
    var archive = Archive()
    archive.put("run", state: self)
    archive.put("record", state: record)
    return [.save(archive, cut: cut)] + tell(.cut(order), nodes) + openNext()
  }

  /// The coordinator's own part is written, or not.
  mutating func saved(_ outcome: CutOutcome, _ cut: Int) -> [Effect] {
    switch outcome {
    case .written(let entry): return cuts.enter(entry, of: cut)
    case .failed(let reason):
      return cuts.abandon(cut) ? [.record(.uncut(reason: reason))] : []
    }
  }

  /// What was asked for before is measured: the servers save.
  mutating func captureIfMeasured() -> [Effect] {
    guard measurements.areAtRest, let order = cuts.measured() else { return [] }
    return tell(.cut(order), servers)
  }

  /// After a cut at a boundary the next phase begins.
  private mutating func openNext() -> [Effect] {
    guard case .closing(let phase) = state else { return [] }
    return open(phase.number + 1)
  }

  // MARK: Saving

  func save(to archive: inout Archive) {
    var seconds = 0.0
    switch state {
    case .training(let phase):
      archive.put("phase", phase.number)
      archive.put("isTraining", true)
      archive.put("state", state: phase)
      seconds = now.seconds(since: phase.openedAt)
    case .closing(let phase):
      archive.put("phase", phase.number)
      archive.put("isTraining", false)
      archive.put("state", state: phase)
    case .untrained, .opening, .over: preconditionFailure("a run is cut in or after a phase")
    }
    archive.put("seconds", seconds)
    archive.put("versions", versions)
    archive.put("measurements", state: measurements)
    archive.put("fitting", state: fitting)
    archive.put("reporters", states: reporters)
    archive.put("positions", positions.map { [$0.steps, $0.finished] })
    archive.put("phaseStart", phaseStart)
    archive.put("cuts", cuts.number)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let number = try reader.take("phase", as: Int.self)
    let isTraining = try reader.take("isTraining", as: Bool.self)
    guard (0..<plan.taskSchedule.phaseCount).contains(number) else {
      throw reader.error("is a phase that this run has not")
    }
    var phase = Phase(number, servers: servers, workers: workers)
    for server in servers { _ = phase.opening.arrive(server) }
    try reader.take("state", into: &phase)
    let seconds = try reader.take("seconds", as: Double.self)
    // Until it begins: so long ago.
    phase.openedAt = Instant.zero.advanced(bySeconds: -seconds)
    state = isTraining ? .training(phase) : .closing(phase)
    versions = try reader.take("versions", count: versions.count)
    try reader.take("measurements", into: &measurements)
    try reader.take("fitting", into: &fitting)
    let reports = try reader.take(each: "reporters") {
      reader throws(ArchiveError) in try reader.take("awaited", as: [NodeID].self)
    }
    reporters = try reports.map { awaited throws(ArchiveError) in
      var barrier = Barrier(servers)
      for server in servers where !awaited.contains(server) { _ = barrier.arrive(server) }
      return barrier
    }
    let pairs = try reader.take("positions", as: [[Int]].self, count: positions.count)
    guard pairs.allSatisfy({ $0.count == 2 }) else { throw reader.error("is no list of pairs") }
    positions = pairs.map { Position(steps: $0[0], finished: $0[1]) }
    phaseStart = try reader.take("phaseStart")
    cuts.goOn(after: try reader.take("cuts"))
  }

  /// All nodes have loaded their parts of a cut and are ready to go on from it.
  mutating func goOn(at now: Instant, from cut: Int) -> [Effect] {
    self.now = now
    let step = positions.map(\.steps).max() ?? 0
    cuts.start(at: now, step: step)
    let news = Effect.record(.recovered(cut: cut, step: step))
    guard case .training(var phase) = state else { return [news] + proceed() }
    phase.openedAt = now.advanced(bySeconds: phase.openedAt.seconds)
    state = .training(phase)
    return [news, .record(.phaseOpened(phase: phase.number, versions: versions))]
      + tell(.cut(.goOn), workers)
  }
}
