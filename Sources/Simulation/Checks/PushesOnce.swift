import Roles

/// A push is applied at most once in a life of a server: no two pushes of a worker are answered
/// with weights of one version, and a server takes no more steps than it was sent pushes.
///
/// Where all workers come to one push, a push that comes again is answered with the weights that it
/// was answered with before; elsewhere with the newest.
struct PushesOnce: RunCheck {
  private struct Push: Hashable {
    let worker: Int
    let clock: UInt64
  }

  /// Of one life of a server.
  private struct Life {
    /// That it began with, as far as it has told.
    var first: UInt64?
    // Never iterated.
    var pushes: Set<Push> = []
    var answers: [Push: UInt64] = [:]
  }

  private(set) var violations: [String] = []
  // Never iterated.
  private var lives: [Int: Life] = [:]
  private let answersAlike: Bool

  /// - Parameter answersAlike: Whether a push that comes again is answered as before.
  init(answersAlike: Bool = true) { self.answersAlike = answersAlike }

  mutating func see(_ sight: Sight) {
    guard sight.node.kind == .server else { return }
    var life = lives[sight.place] ?? Life()
    defer { lives[sight.place] = life }
    if case .message(let message, _) = sight.input, message.kind == .push {
      life.pushes.insert(Push(worker: message.sender.rank, clock: message.clock))
    }
    for (message, node) in sight.sent {
      switch (message.kind, message.payload) {
      case (_, .control(.opened(_, let version))): life.first = life.first ?? version
      case (.weights, _) where message.request == nil && message.clock > 0:
        enter(message, Push(worker: node.rank, clock: message.clock), &life, sight.node)
      case (.weights, _): life.first = life.first ?? message.version
      default: continue
      }
    }
  }

  private mutating func enter(
    _ message: Message, _ push: Push, _ life: inout Life, _ server: NodeID
  ) {
    let version = message.version
    if let known = life.answers[push], answersAlike, known != version {
      violations.append(
        "\(server) answered push \(push.clock) of worker \(push.worker) with version \(known) and "
          + "with \(version)")
    }
    let before = Push(worker: push.worker, clock: push.clock - 1)
    if let known = life.answers[before], known >= version {
      violations.append(
        "\(server) answered two pushes of worker \(push.worker) with version \(known)")
    }
    // Of several answers the first.
    life.answers[push] = life.answers[push] ?? version
    if let first = life.first, version > first, version - first > UInt64(life.pushes.count) {
      violations.append(
        "\(server) took \(version - first) steps and was sent \(life.pushes.count) pushes")
    }
  }

  func conclude(_ record: RunRecord) {}
}
