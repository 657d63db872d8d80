import Roles

/// A node of a simulated cluster, in one of its lives.
///
/// A class: nodes are changed in place, thousands of them, and never copied.
final class SimulatedNode<Worker: Performer> {
  var role: any Role
  var performer: Worker
  var busyUntil = Instant.zero
  /// When its line out and its line in are free.
  var outFreeAt = Instant.zero
  var inFreeAt = Instant.zero
  var orderCount = 0
  /// What came while it was busy, from `inboxStart` on.
  var inbox: [Happening] = []
  var inboxStart = 0
  var isWakeScheduled = false
  /// Bytes that it has not worked on yet.
  var pushedByteCount = 0
  /// Since it prepared: its own work, and moving bytes.
  var busySeconds = 0.0
  var preparedAt = Instant.zero
  var deadlineAt: Instant?
  var traffic = Traffic()
  var ending: Ending?

  init(role: any Role, performer: Worker) {
    self.role = role
    self.performer = performer
  }
}
