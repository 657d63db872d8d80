public import Archives

extension CoordinatorRole {
  /// A coordinator that goes on from a cut.
  ///
  /// - Parameters:
  ///   - cut: The number that its parts have.
  ///   - archive: What the coordinator saved there.
  ///   - cuts: How often the run is cut from now on; `nil`: never.
  ///   - recovers: Whether somebody starts nodes again that were lost.
  ///   - conduct: Conducts of the run before this one, in the same process.
  /// - Throws: ``ArchiveError`` if it is of another run.
  public init(
    _ plan: RunPlan, from cut: Int, _ archive: ArchiveReader, cuts: CutRule? = nil,
    recovers: Bool = false, conduct: UInt32 = 0
  ) throws(ArchiveError) {
    self.init(plan, cuts: cuts, recovers: recovers, conduct: conduct)
    var reader = archive
    var run = TrainingRun(plan, cuts: cuts)
    try reader.take("run", into: &run)
    try reader.take("record", into: &record)
    guard reader.isAtEnd else { throw reader.error("has more than a coordinator saves") }
    earlier = (cut, run)
  }

  /// Nodes have not come, or have not prepared, in time. Where somebody starts it again, one of
  /// them is lost like any other; but those that prepare for the first time may need more time,
  /// which only the user can give.
  mutating func miss(_ sentence: String, at now: Instant) -> [Effect] {
    let missing: [NodeID]
    switch state {
    case .gathering: missing = nodes.missing
    case .preparing where conduct > 0 || earlier != nil: missing = nodes.unready
    default: missing = []
    }
    guard let node = missing.first else { return fail(.lostNode, sentence, at: now) }
    nodes.update(node) { $0.hasLeft = true }
    return lost(node, sentence, at: now)
  }

  /// A node is lost: where somebody starts it again, all others register anew, and the run goes on
  /// from its last cut under another coordinator; if not, it ends.
  mutating func lost(_ node: NodeID, _ reason: String, at now: Instant) -> [Effect] {
    guard recovers else { return fail(.lostNode, reason, at: now) }
    loss = Loss(node: node, reason: reason)
    state = .over
    return nodes.present.filter { $0 != node }.map { tell(.again, to: $0) }
      + [.finish(.failed(.lostNode, reason: reason))]
  }
}
