/// Requests of workers that wait for an update to end or for the worker's time to join.
struct HeldRequests: Sendable {
  private var messages: [Message] = []

  var isEmpty: Bool { messages.isEmpty }

  /// Keeps a request. A worker that asks again wants one answer.
  ///
  /// - Returns: What is to be done now: nothing.
  mutating func hold(_ message: Message) -> [Effect] {
    messages.removeAll {
      $0.sender == message.sender && $0.kind == message.kind && $0.request == message.request
    }
    messages.append(message)
    return []
  }

  /// Hands over all that wait, in the order in which they came.
  mutating func takeAll() -> [Message] {
    defer { messages = [] }
    return messages
  }
}
