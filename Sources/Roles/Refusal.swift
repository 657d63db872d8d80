extension [Effect] {
  /// Whether the message that led to these effects was refused. Nothing that it says then counts:
  /// not who sent it, nor what it is, nor its place in the run.
  public var areRefusal: Bool {
    contains { if case .refuse = $0 { true } else { false } }
  }
}

/// How often a message was refused for one reason.
public struct Refusal: Sendable, Codable, Hashable {
  public let reason: String
  /// At least 1.
  public internal(set) var count: Int
}

extension [Refusal] {
  /// Reasons that are kept apart.
  static let reasonCountMaximum = 100

  /// Enters one refusal; the last of the reasons stands for all others.
  mutating func count(_ reason: String) {
    if let index = firstIndex(where: { $0.reason == reason }) {
      self[index].count += 1
    } else if count < Self.reasonCountMaximum - 1 {
      append(Refusal(reason: reason, count: 1))
    } else if count < Self.reasonCountMaximum {
      append(Refusal(reason: "another reason", count: 1))
    } else {
      self[Self.reasonCountMaximum - 1].count += 1
    }
  }
}

/// What is said of refusals. A flood of messages that nobody should send is counted to the last of
/// them, but it is neither answered nor told for ever.
struct RefusalVoice: Sendable {
  static let eventCountMaximum = 1_000
  static let peerCountMaximum = 1_000
  /// A peer that was told so often knows it.
  static let answerCountMaximum = 10

  private var eventCount = 0
  // Never iterated.
  private var answerCounts: [Peer: Int] = [:]

  /// The effects of one refusal.
  ///
  /// - Parameter answer: For a peer that can be answered.
  mutating func refuse(
    _ peer: Peer, _ reason: String, by node: NodeID, answer: Message? = nil
  ) -> [Effect] {
    let refusal = Effect.refuse(peer, answer: mayAnswer(peer) ? answer : nil)
    guard eventCount < Self.eventCountMaximum else { return [refusal] }
    eventCount += 1
    return [refusal, .record(.refused(reason: reason, by: node))]
  }

  private mutating func mayAnswer(_ peer: Peer) -> Bool {
    let count = answerCounts[peer] ?? 0
    guard count < Self.answerCountMaximum,
      count > 0 || answerCounts.count < Self.peerCountMaximum
    else { return false }
    answerCounts[peer] = count + 1
    return true
  }
}
