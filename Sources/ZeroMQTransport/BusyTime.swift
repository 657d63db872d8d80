import Roles

/// How long a node has been busy since it was prepared, and how long it has waited.
struct BusyTime {
  private var begin: Instant
  private var idleSeconds = 0.0

  /// Counts from now.
  init(from now: Instant) { begin = now }

  /// It has slept for so long.
  mutating func wait(seconds: Double) { idleSeconds += seconds }

  /// Seconds until now.
  func seconds(at now: Instant) -> (busy: Double, idle: Double) {
    (max(0, now.seconds(since: begin) - idleSeconds), idleSeconds)
  }
}
