import Roles

/// What becomes of messages on their way.
struct LinkWeather {
  private let faults: [Fault]
  /// Messages so far, of any kind and of those that are repeated.
  private(set) var messages: [Fault.Link: Int] = [:]
  private(set) var repeatables: [Fault.Link: Int] = [:]

  init(_ plan: FaultPlan) {
    faults = plan.faults.filter {
      switch $0 {
      case .lose, .duplicate, .reorder, .delay, .partition: true
      default: false
      }
    }
  }

  /// How a message comes, or does not.
  struct Arrival {
    /// When, once or twice; empty if it is lost.
    var moments: [Instant]
    /// Before which nothing behind it comes.
    var holdsUp: Instant
    var faults: [Fault] = []
  }

  /// - Parameters:
  ///   - sent: When its last byte has left.
  ///   - due: When it comes without faults.
  mutating func arrival(
    _ link: Fault.Link, _ kind: Message.Kind, sent: Instant, due: Instant
  ) -> Arrival {
    messages[link, default: 0] += 1
    let isRepeatable = Self.isRepeated(kind, on: link)
    if isRepeatable { repeatables[link, default: 0] += 1 }
    var arrival = Arrival(moments: [due], holdsUp: due)
    guard !faults.isEmpty else { return arrival }
    for fault in faults {
      apply(fault, to: &arrival, link, isRepeatable ? repeatables[link] : nil, sent: sent)
    }
    return arrival
  }

  private func apply(
    _ fault: Fault, to arrival: inout Arrival, _ link: Fault.Link, _ repeatable: Int?,
    sent: Instant
  ) {
    switch fault {
    case .partition(let node, let other, let begin, let time):
      let isBetween = (link.from, link.to) == (node, other) || (link.from, link.to) == (other, node)
      let (from, until) = (Instant.after(begin), Instant.after(begin + time))
      guard isBetween, sent < until, arrival.holdsUp >= from else { return }
      arrival.holdUp(until: max(arrival.holdsUp, until))
    case .delay(link, let message, let time) where message == messages[link]:
      arrival.holdUp(until: arrival.holdsUp.later(by: time))
    case .lose(link, let message) where message == repeatable: arrival.moments = []
    case .duplicate(link, let message) where message == repeatable:
      arrival.moments += arrival.moments
    case .reorder(link, let message, let time) where message == repeatable:
      arrival.moments = arrival.moments.map { $0.later(by: time) }
    default: return
    }
    arrival.faults.append(fault)
  }

  /// Whether a message between a worker and a server is said again until it is answered, or is an
  /// answer for which it is said again.
  static func isRepeated(_ kind: Message.Kind, on link: Fault.Link) -> Bool {
    guard link.from != .coordinator, link.to != .coordinator else { return false }
    return switch kind {
    case .pull, .push, .weights, .anchor, .inspect, .inspected, .curvature, .centre, .frozen: true
    case .control, .importance, .retire: false
    }
  }
}

extension LinkWeather.Arrival {
  fileprivate mutating func holdUp(until moment: Instant) {
    holdsUp = moment
    moments = moments.map { max($0, moment) }
  }
}

extension Instant {
  /// So many microseconds after zero.
  static func after(_ microseconds: Int) -> Instant { Instant.zero.later(by: microseconds) }

  /// So many microseconds later.
  func later(by microseconds: Int) -> Instant {
    Instant(nanoseconds: nanoseconds + Int64(microseconds) * 1_000)
  }
}
