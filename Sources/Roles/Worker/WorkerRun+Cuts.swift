import Archives

extension WorkerRun: Saved {
  /// Weights are pulled again, by their versions; an anchor is of no use after the next push.
  static let unsaved = ["plan", "activity", "anchor", "requests"]

  // MARK: Orders

  /// Does what a cut asks for.
  mutating func obey(_ order: CutOrder, at now: Instant) throws(Failure) -> [Effect] {
    switch order {
    case .pause(let cut):
      hold.pause(cut)
      return [tell(.cutting(.holding(cut: cut, version: hold.version)))]
    case .advance(let cut, let version):
      hold.advance(cut, to: version)
      // A worker that waits for its time to join can wait on.
      if case .pulling(_, .toTrain, _) = activity { return still() }
      return isReady ? try proceed(at: now) : []
    case .save(let cut):
      guard let unrest else {
        var archive = Archive()
        archive.put("worker", state: self)
        hold.goOn()
        return [.save(archive, cut: cut)] + (isReady ? try proceed(at: now) : [])
      }
      hold.goOn()
      return [tell(.cutting(.failed(cut: cut, reason: unrest)))]
        + (isReady ? try proceed(at: now) : [])
    case .goOn:
      hold.goOn()
      return isReady ? try proceed(at: now) : []
    }
  }

  private var isReady: Bool { if case .ready = activity { true } else { false } }

  /// Tells the coordinator that the worker holds where it was told to, or has no more to train.
  mutating func still() -> [Effect] {
    hold.telling().map { [tell(.cutting(.still(cut: $0)))] } ?? []
  }

  /// What stands in the way of a cut here and now; `nil` if nothing is under way.
  private var unrest: String? {
    switch activity {
    case .ready where requests.isEmpty && (training == nil || hold.isFresh): nil
    case .pulling(_, .toTrain, _) where requests.isEmpty: nil
    default: "\(voice.id) is not at rest"
    }
  }

  // MARK: Saving

  func save(to archive: inout Archive) {
    archive.put("voice", state: voice)
    archive.put("weights", weights?.versions ?? hold.held ?? [])
    archive.put("pushEncoder", state: pushEncoder)
    archive.put("penalty", state: penalty)
    archive.put("phase", training?.phase)
    if let training { archive.put("training", state: training) }
    archive.put("clock", state: clock)
    archive.put("stepCount", stepCount)
    archive.put("examples", examples)
    archive.put("lastLoss", lastLoss)
    archive.put("besides", besides)
    archive.put("hold", state: hold)
    archive.put("hasFit", fit != nil)
    archive.put("fit", fit ?? [])
  }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    try reader.take("voice", into: &voice)
    let versions = try reader.take("weights", as: [UInt64].self)
    try reader.take("pushEncoder", into: &pushEncoder)
    try reader.take("penalty", into: &penalty)
    guard penalty.fits(plan.map.blocks) else { throw reader.error("is of another vector") }
    if let phase = try reader.take("phase", as: Int?.self) {
      guard (0..<plan.taskSchedule.phaseCount).contains(phase) else {
        throw reader.error("is a phase that this run has not")
      }
      var state = Training(phase: phase, plan: plan, rank: voice.id.rank, mustPull: true)
      try reader.take("training", into: &state)
      state.beginWithPull()
      training = state
    }
    try reader.take("clock", into: &clock)
    stepCount = try reader.take("stepCount")
    examples = try reader.take("examples", as: ExampleCounts.self)
    guard examples.isPossible else { throw reader.error("is of more examples than can be") }
    lastLoss = try reader.take("lastLoss", as: Float?.self)
    besides = try reader.take("besides", as: [StageActivity].self)
    guard besides.allSatisfy({ $0.isPossible(ofStages: plan.stepCounts.count) }) else {
      throw reader.error("is of stages that this run has not")
    }
    try reader.take("hold", into: &hold)
    let hasFit = try reader.take("hasFit", as: Bool.self)
    let numbers = try reader.take("fit", as: [Float].self)
    fit = hasFit ? numbers : nil
    guard versions.isEmpty || versions.count == plan.map.shards.count else {
      throw reader.error("is of other servers")
    }
    hold.held = versions.isEmpty ? nil : versions
  }

  /// A worker that goes on from a cut, once the coordinator says so.
  ///
  /// - Parameter archive: What it has saved.
  init(
    _ plan: WorkerPlan, voice: WorkerVoice, from archive: ArchiveReader, at now: Instant
  ) throws(ArchiveError) {
    self.init(plan, voice: voice, at: now)
    var reader = archive
    try reader.take("worker", into: &self)
    guard reader.isAtEnd else { throw reader.error("has more than a worker saves") }
  }
}
