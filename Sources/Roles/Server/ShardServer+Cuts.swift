import Archives

extension ShardServer: Saved {
  /// Requests of workers that go on from a cut are made anew; of samples nobody takes a look there.
  static let unsaved = ["voice", "plan", "snapshots", "held"]

  // MARK: Saving

  /// What stands in the way of a cut here and now; `nil` if nothing is under way.
  private var unrest: String? {
    switch state {
    case .idle: break
    case .training where aggregator.isAtRest: break
    default: return "\(voice.id) is not at rest"
    }
    guard consolidation.isAtRest else { return "\(voice.id) awaits importances" }
    guard snapshots.isEmpty else { return "\(voice.id) keeps weights that are to be measured" }
    return held.isEmpty ? nil : "a worker waits for an answer of \(voice.id)"
  }

  /// Does what a cut asks for.
  func obey(_ order: CutOrder) throws(Objection) -> [Effect] {
    switch order {
    case .pause(let cut): return [tell(.cutting(.still(cut: cut)))]
    case .save(let cut):
      if let unrest { return [tell(.cutting(.failed(cut: cut, reason: unrest)))] }
      var archive = Archive()
      archive.put("server", state: self)
      return [.save(archive, cut: cut), tell(.cutting(.captured(cut: cut)))]
    case .advance, .goOn:
      throw .failure(.violation, "the coordinator asked \(voice.id) for something out of turn")
    }
  }

  func save(to archive: inout Archive) {
    archive.put("state", isTakingPushes)
    archive.put("shard", state: shard)
    archive.put("responder", state: responder)
    archive.put("aggregator", state: aggregator)
    archive.put("consolidation", state: consolidation)
    archive.put("phase", phase)
    archive.put("agreementCount", agreementCount)
    archive.put("counts", state: counts)
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    state = try reader.take("state") ? .training : .idle
    try reader.take("shard", into: &shard)
    try reader.take("responder", into: &responder)
    try reader.take("aggregator", into: &aggregator)
    try reader.take("consolidation", into: &consolidation)
    phase = try reader.take("phase")
    agreementCount = try reader.take("agreementCount")
    try reader.take("counts", into: &counts)
    guard (-1..<plan.taskSchedule.phaseCount).contains(phase) else {
      throw reader.error("is a phase that this run has not")
    }
  }

  /// A server that goes on from a cut.
  ///
  /// - Parameter archive: What it has saved.
  init(
    _ plan: ServerPlan, _ voice: ServerVoice, from archive: ArchiveReader
  ) throws(ArchiveError) {
    self.init(plan, voice)
    var reader = archive
    try reader.take("server", into: &self)
    guard reader.isAtEnd else { throw reader.error("has more than a server saves") }
  }
}
