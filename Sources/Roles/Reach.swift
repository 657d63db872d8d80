/// Which servers a worker hears from.
///
/// A server that leaves a request unanswered may only be waiting for other workers. So it is asked
/// whether it is there, which it answers at once; one that does not is out of reach, however well
/// it gets on with the coordinator.
struct Reach: Sendable {
  private struct Tie: Sendable {
    let endpoint: String
    /// When it was asked first of what it has not answered.
    var askedAt: Instant?
  }

  private var ties: [Tie] = []
  private var limitMilliseconds = 0

  /// No server.
  init() {}

  /// - Parameters:
  ///   - endpoints: By rank, as the coordinator told them.
  ///   - limitMilliseconds: How long a server may leave the question unanswered.
  init(_ endpoints: [String], limitMilliseconds: Int) {
    ties = endpoints.map { Tie(endpoint: $0) }
    self.limitMilliseconds = limitMilliseconds
  }

  /// A node has said something, whatever it was.
  mutating func heard(_ node: NodeID) {
    guard node.kind == .server, ties.indices.contains(node.rank) else { return }
    ties[node.rank].askedAt = nil
  }

  /// All servers are asked.
  mutating func ask(at now: Instant) {
    for rank in ties.indices where ties[rank].askedAt == nil { ties[rank].askedAt = now }
  }

  /// When the first server will count as out of reach.
  var deadline: Instant? {
    ties.compactMap(\.askedAt).min()?.advanced(byMilliseconds: limitMilliseconds)
  }

  /// Asked before now without an answer: `server 1 at tcp://…`.
  private func unanswered(at now: Instant) -> String? {
    let silent = ties.indices.filter { ties[$0].askedAt.map { $0 < now } ?? false }
    guard !silent.isEmpty else { return nil }
    return silent.prefix(4).map { "server \($0) at \(ties[$0].endpoint)" }
      .joined(separator: ", ") + (silent.count > 4 ? " and \(silent.count - 4) more" : "")
  }

  /// Who has been asked in vain so far, and until when that may go on.
  func word(of worker: NodeID, at now: Instant) -> String? {
    guard let servers = unanswered(at: now), let deadline else { return nil }
    return "\(worker) has no answer from \(servers); gives up in \(now.secondsUntil(deadline)) s"
  }

  /// A sentence once a server has been silent for too long.
  func failure(of worker: NodeID, at now: Instant) -> String? {
    guard let deadline, now >= deadline, let servers = unanswered(at: now) else { return nil }
    return "\(worker) had no answer from \(servers) for \(duration(limitMilliseconds)); start the "
      + "server with a --bind or --advertise endpoint that the machine of \(worker) can reach"
  }
}
