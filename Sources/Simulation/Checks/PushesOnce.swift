import Roles

/// A push is applied at most once in a life of a server: it is answered with the weights of one
/// version, however often it comes, and no other push of its worker leads to the same.
struct PushesOnce: RunCheck {
  private struct Push: Hashable {
    let place: Int
    let worker: Int
    let clock: UInt64
  }

  private(set) var violations: [String] = []
  // Never iterated.
  private var versions: [Push: UInt64] = [:]
  private var newest: [Push: UInt64] = [:]

  mutating func see(_ sight: Sight) {
    guard sight.node.kind == .server else { return }
    for (message, node) in sight.sent
    where message.kind == .weights && message.request == nil && message.clock > 0 {
      enter(message, Push(place: sight.place, worker: node.rank, clock: message.clock), sight)
    }
  }

  private mutating func enter(_ message: Message, _ push: Push, _ sight: Sight) {
    if let version = versions[push] {
      guard version != message.version else { return }
      violations.append(
        "\(sight.node) answered push \(push.clock) of worker \(push.worker) with version "
          + "\(version) and with \(message.version)")
    }
    versions[push] = message.version
    let before = Push(place: push.place, worker: push.worker, clock: push.clock - 1)
    if let version = versions[before], version >= message.version {
      violations.append(
        "\(sight.node) answered two pushes of worker \(push.worker) with version \(version)")
    }
  }

  func conclude(_ record: RunRecord) {}
}
