/// Time as a process lives it: an absence does not count.
///
/// A process that was stopped, on a laptop that slept or in a container that was paused, would find
/// by any other clock that all others have been silent for long. Somebody has to look at the clock
/// often; a longer gap between two looks than ``gapMaximum`` was an absence.
struct LivedTime {
  /// Nanoseconds that count at most between two looks.
  static let gapMaximum: Int64 = 1_000_000_000

  private var look: Int64
  private var moment: Int64

  /// - Parameters:
  ///   - real: Nanoseconds of a clock that never stands still.
  ///   - moment: The moment, in nanoseconds, that it is then.
  init(at real: Int64, moment: Int64) {
    look = real
    self.moment = moment
  }

  /// The moment that it is, in nanoseconds; never less than before.
  func moment(at real: Int64) -> Int64 {
    moment + min(max(0, real - look), Self.gapMaximum)
  }

  /// Looks at the clock.
  mutating func look(at real: Int64) {
    moment = moment(at: real)
    look = max(look, real)
  }
}
