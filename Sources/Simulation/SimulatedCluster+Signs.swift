import Roles
import Wire

/// What passes between a node and the coordinator while a processor or a line is taken for long: in
/// a cluster the one is said by a thread that never computes, and the other goes over a connection
/// of its own.
extension SimulatedCluster {
  /// A node is at work until a moment; if that is long, it says now and then that it lives.
  mutating func beginSigns(of node: Int, until done: Instant) {
    guard done.seconds(since: now) > patienceSeconds else { return }
    queue.add(.sign, of: node, at: now.advanced(bySeconds: patienceSeconds))
  }

  /// Says that a node lives, if it is still at work.
  mutating func sign(_ node: Int) {
    guard nodes[node].busyUntil > now, let sign = nodes[node].role.sign else { return }
    send(sign.message, from: node, to: .coordinator, isWaiting: false)
    beginSigns(of: node, until: nodes[node].busyUntil)
  }

  /// Whether something between two nodes, one of them the coordinator, overtakes what takes a line
  /// until a moment.
  func overtakes(_ one: NodeID, _ other: NodeID, lineFreeAt moment: Instant) -> Bool {
    (one == .coordinator || other == .coordinator)
      && moment.seconds(since: now) > patienceSeconds
  }

  /// What came while a node was at work for long is heard before anybody is found to be silent.
  ///
  /// - Returns: Whether the deadline waits until that has been heard.
  mutating func postpones(deadline: Instant, of node: Int) -> Bool {
    let rest = nodes[node].inbox[nodes[node].inboxStart...]
    guard moment(at: node).seconds(since: deadline) > patienceSeconds,
      rest.contains(where: { if case .frames = $0 { true } else { false } })
    else { return false }
    nodes[node].deadlineAt = now
    nodes[node].inbox.append(.deadline)
    return true
  }
}
