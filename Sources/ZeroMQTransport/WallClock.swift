import Roles

/// Real time since the run's zero.
struct WallClock {
  private let zero = ContinuousClock.now

  var now: Instant {
    let elapsed = zero.duration(to: .now).components
    return Instant(
      nanoseconds: elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000)
  }
}
