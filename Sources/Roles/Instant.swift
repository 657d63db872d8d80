/// A moment on the clock of whoever drives a role: nanoseconds since the run's own zero, under the
/// wall clock or a virtual one. Roles never read a clock; they are told.
public struct Instant: Sendable, Hashable, Comparable, Codable {
  /// Nanoseconds since zero.
  public var nanoseconds: Int64

  /// - Parameter nanoseconds: Nanoseconds since zero.
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The beginning of a clock.
  public static let zero = Instant(nanoseconds: 0)

  /// The end of a clock, after 146 years: what is later is then. Two moments can be added.
  public static let end = Instant(nanoseconds: .max / 2)

  /// Seconds since zero.
  public var seconds: Double { Double(nanoseconds) * 1e-9 }

  /// The moment so many milliseconds later.
  public func advanced(byMilliseconds milliseconds: Int) -> Instant {
    Instant(nanoseconds: nanoseconds + Int64(milliseconds) * 1_000_000)
  }

  /// The moment so many seconds later.
  public func advanced(bySeconds seconds: Double) -> Instant {
    // Of a moment at the end or a time beyond it, any sum is the end.
    let later = Int64(min(seconds * 1e9, Double(Self.end.nanoseconds)))
    return Instant(nanoseconds: min(nanoseconds + later, Self.end.nanoseconds))
  }

  /// Seconds from an earlier moment to this one.
  public func seconds(since earlier: Instant) -> Double {
    Double(nanoseconds - earlier.nanoseconds) * 1e-9
  }

  /// Whole seconds until a later moment, rounded up; 0 for an earlier one.
  func secondsUntil(_ later: Instant) -> Int {
    max(0, Int((later.nanoseconds - nanoseconds + 999_999_999) / 1_000_000_000))
  }

  public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }
}

/// So many milliseconds for people: `30 s`, `1500 ms`.
func duration(_ milliseconds: Int) -> String {
  milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000) s" : "\(milliseconds) ms"
}

/// The least time between two sentences that say what is waited for.
let waitingWordMilliseconds = 5_000
