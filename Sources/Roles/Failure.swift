/// Why a node cannot go on: one sentence for the user, and what kind of trouble it is.
struct Failure: Error {
  let kind: FailureKind
  let reason: String

  init(_ kind: FailureKind, _ reason: String) {
    self.kind = kind
    self.reason = reason
  }
}
