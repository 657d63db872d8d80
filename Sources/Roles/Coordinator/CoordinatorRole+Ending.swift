extension CoordinatorRole {
  // MARK: A run that is not

  /// Ends the run early: everybody is told, what was measured stays in ``record``.
  mutating func fail(_ kind: FailureKind, _ reason: String, at now: Instant) -> [Effect] {
    record.failure = RunRecord.Failure(kind: kind, reason: reason)
    record.endedAt = now
    // Some servers' may be missing.
    record.weights = nil
    let present = nodes.present
    let limit = now.advanced(byMilliseconds: 2 * plan.timeouts.heartbeatMilliseconds)
    state = .stopping(.failed(kind, reason: reason), until: limit)
    return present.map { tell(.stop(kind: kind, reason: reason), to: $0) }
      + [.record(.stopped(kind, reason: reason))] + finishIfAllHaveStopped()
  }

  /// A node is there no more, as far as one can tell; it is told, but not waited for.
  mutating func lose(_ node: NodeID, _ reason: String, at now: Instant) -> [Effect] {
    nodes.update(node) { $0.hasLeft = true }
    return [tell(.stop(kind: .lostNode, reason: reason), to: node)]
      + lost(node, reason, at: now)
  }

  /// A node cannot go on. Whoever stops one of the nodes has not asked this run to stop: it has
  /// lost a node.
  mutating func lose(
    _ node: NodeID, failed kind: FailureKind, _ reason: String, at now: Instant
  ) -> [Effect] {
    nodes.update(node) { $0.hasLeft = true }
    let isLoss = kind == .interrupted || kind == .lostNode
    return [tell(.released(another: false), to: node)]
      + (isLoss ? lost(node, reason, at: now) : fail(kind, reason, at: now))
  }

  /// Waits until all have heard that the run is over, so that nobody is left to find out by
  /// silence.
  mutating func stop(
    _ ending: Ending, until limit: Instant, on input: Input, at now: Instant
  ) -> [Effect] {
    switch input {
    case .message(let message, let peer):
      guard let entry = nodes[message.sender],
        entry.strangeness(of: message, from: peer, run: plan.run) == nil
      else { return [] }
      switch message.payload {
      case .control(.goodbye), .control(.failed):
        nodes.update(message.sender) { $0.hasLeft = true }
        return finishIfAllHaveStopped()
      default: return []
      }
    case .vanished(let node, _):
      nodes.update(node) { $0.hasLeft = true }
      return finishIfAllHaveStopped()
    case .deadline where now < limit: return []
    case .deadline, .interrupted:
      state = .over
      return [.finish(ending)]
    default: return []
    }
  }

  mutating func finishIfAllHaveStopped() -> [Effect] {
    guard case .stopping(let ending, _) = state, nodes.present.isEmpty else { return [] }
    state = .over
    return [.finish(ending)]
  }
}
