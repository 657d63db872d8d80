import Roles

/// Processors that all nodes share. Work is given to them in the order in which it is asked for, as
/// early as possible; work that cannot begin yet leaves the time before it to others.
struct Processors {
  /// By processor: when it works, ascending, without what is over.
  private var busy: [[Range<Int64>]]

  /// - Parameter count: `nil`: one for everybody.
  init(_ count: Int?) { busy = Array(repeating: [], count: count ?? 0) }

  /// When work that begins at a moment or later will be done.
  ///
  /// - Parameter now: Nothing will be asked for before this moment any more.
  mutating func finish(_ seconds: Double, from moment: Instant, now: Instant) -> Instant {
    let length = Instant.zero.advanced(bySeconds: seconds).nanoseconds
    guard !busy.isEmpty, length > 0 else { return moment.advanced(bySeconds: seconds) }
    var best = (processor: 0, place: 0, start: Int64.max)
    for processor in busy.indices {
      busy[processor].removeAll { $0.upperBound <= now.nanoseconds }
      let (place, start) = gap(on: processor, length, from: moment.nanoseconds)
      if start < best.start { best = (processor, place, start) }
    }
    let end = min(best.start + length, Instant.end.nanoseconds)
    enter(best.start..<end, on: best.processor, at: best.place)
    return Instant(nanoseconds: end)
  }

  /// The first time that a processor has for so long, and its place among what it does.
  private func gap(on processor: Int, _ length: Int64, from moment: Int64) -> (Int, Int64) {
    var start = moment
    for (place, range) in busy[processor].enumerated() {
      if start + length <= range.lowerBound { return (place, start) }
      start = max(start, range.upperBound)
    }
    return (busy[processor].count, start)
  }

  /// Adjoining work becomes one, so that a processor that is never idle has one entry.
  private mutating func enter(_ range: Range<Int64>, on processor: Int, at place: Int) {
    var (range, first, last) = (range, place, place)
    if first > 0, busy[processor][first - 1].upperBound == range.lowerBound {
      first -= 1
      range = busy[processor][first].lowerBound..<range.upperBound
    }
    if last < busy[processor].count, busy[processor][last].lowerBound == range.upperBound {
      range = range.lowerBound..<busy[processor][last].upperBound
      last += 1
    }
    busy[processor].replaceSubrange(first..<last, with: [range])
  }
}
