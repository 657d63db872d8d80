import Roles

/// Real time since the run's zero.
struct WallClock {
  private let zero = ContinuousClock.now
  /// What passed before, of a run that goes on from a cut.
  private let earlier: Int64

  /// - Parameter moment: The moment that it is.
  init(at moment: Instant = .zero) { earlier = moment.nanoseconds }

  var now: Instant {
    let elapsed = zero.duration(to: .now).components
    return Instant(
      nanoseconds: earlier + elapsed.seconds * 1_000_000_000 + elapsed.attoseconds / 1_000_000_000)
  }
}
