/// What all messages of one server have in common.
struct ServerVoice: Sendable {
  let id: NodeID
  let incarnation: UInt32
  /// 0 until the coordinator has told it.
  var run: UInt64 = 0

  /// - Parameters:
  ///   - stage: To which the message belongs in the ledger.
  ///   - request: That is answered.
  ///   - clock: The round trip that is answered.
  func message(
    _ kind: Message.Kind, stage: Int = 0, request: WeightsRequest? = nil, clock: UInt64 = 0,
    version: UInt64 = 0, range: Range<Int> = 0..<0, _ payload: Message.Payload
  ) -> Message {
    Message(
      kind, run: run, sender: id, incarnation: incarnation, stage: stage, request: request,
      clock: clock, version: version, range: range, payload: payload)
  }

  /// To the coordinator.
  func tell(_ control: Control, version: UInt64) -> Effect {
    .send(message(.control, version: version, .control(control)), to: .coordinator)
  }
}

/// Why a server does not do what an input asks for.
enum Objection: Error, Sendable {
  /// The message is not accepted, and has changed nothing.
  case refusal(String)
  /// The server cannot go on.
  case failure(FailureKind, String)
}
