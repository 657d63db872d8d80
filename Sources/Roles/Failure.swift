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

  /// A worker's gradient, its loss or a reference is no number.
  ///
  /// - Parameters:
  ///   - stage: 0-based.
  ///   - step: 0-based within the stage.
  static func brokenGradient(_ worker: NodeID, stage: Int, step: Int) -> Failure {
    Failure(
      .notFinite,
      "\(worker) computed a gradient that is not finite in stage \(stage + 1), step \(step + 1); "
        + "lower optimizer.rate or set optimizer.clip, and with a large method.lambda use "
        + "penalty.form=proximal")
  }

  /// The driver brings a result that nothing waits for.
  static func notOrdered(_ node: NodeID) -> Failure {
    Failure(.violation, "\(node) was given the result of work it had not ordered")
  }

  /// The coordinator wants something of which the run has nothing.
  static func unknown(_ node: NodeID, _ request: String) -> Failure {
    Failure(.violation, "the coordinator asked \(node) \(request)")
  }

  /// A server answers with versions that the coordinator has not announced.
  static func otherVersions(
    _ node: NodeID, _ versions: [UInt64], announced: [UInt64]
  ) -> Failure {
    Failure(
      .violation, "\(node) was sent versions \(versions) where \(announced) were announced")
  }
}
