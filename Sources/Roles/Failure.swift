/// Why a node cannot go on: one sentence for the user, and what kind of trouble it is.
struct Failure: Error {
  let kind: FailureKind
  let reason: String

  init(_ kind: FailureKind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }

  /// The coordinator wants what cannot be now.
  static func outOfTurn(_ node: NodeID) -> Failure {
    Failure(.violation, "the coordinator asked \(node) for something out of turn")
  }

  /// The driver brings a result that nothing waits for.
  static func notOrdered(_ node: NodeID) -> Failure {
    Failure(.violation, "\(node) was given the result of work it had not ordered")
  }
}
