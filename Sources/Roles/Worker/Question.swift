/// What a worker has asked the servers: said again as long as it is not answered.
struct Question: Sendable {
  /// How long it may stay unanswered before it is said again.
  static let patienceMilliseconds = 5_000

  private let messages: [Effect]
  /// When it is to be said again.
  private(set) var repeatAt: Instant

  /// - Parameter messages: One a server or block.
  init(_ messages: [Effect], at now: Instant) {
    self.messages = messages
    repeatAt = now.advanced(byMilliseconds: Self.patienceMilliseconds)
  }

  /// Its messages once more, if it is time for them; nothing before.
  mutating func repeated(at now: Instant) -> [Effect]? {
    guard now >= repeatAt else { return nil }
    repeatAt = now.advanced(byMilliseconds: Self.patienceMilliseconds)
    return messages
  }

  /// To be sent for the first time.
  var first: [Effect] { messages }
}
