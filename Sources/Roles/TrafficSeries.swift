/// Framed bytes by kind over the workers' round trips: so many of them a bin.
///
/// Bins are merged by twos when there are too many, so that the size does not grow with the run.
public struct TrafficSeries: Sendable, Hashable, Codable {
  /// Round trips in a bin, a power of two.
  public private(set) var width = 1
  /// By kind, in the order of its cases, by bin.
  public private(set) var bins: [[Int]] = TrafficLine.Kind.allCases.map { _ in [] }

  static let binCountMaximum = 256

  /// Nothing sent yet.
  public init() {}

  mutating func enter(_ kind: TrafficLine.Kind, round: Int, framedByteCount: Int) {
    while round / width >= Self.binCountMaximum { widen() }
    let place = kind.place
    while bins[place].count <= round / width { bins[place].append(0) }
    bins[place][round / width] += framedByteCount
  }

  mutating func merge(_ other: TrafficSeries) {
    var other = other
    while other.width < width { other.widen() }
    while width < other.width { widen() }
    for kind in bins.indices {
      for (bin, byteCount) in other.bins[kind].enumerated() {
        if bin < bins[kind].count {
          bins[kind][bin] += byteCount
        } else {
          bins[kind].append(byteCount)
        }
      }
    }
  }

  private mutating func widen() {
    width *= 2
    bins = bins.map { old in
      stride(from: 0, to: old.count, by: 2).map { place in
        old[place] + (place + 1 < old.count ? old[place + 1] : 0)
      }
    }
  }
}

extension TrafficLine.Kind {
  var place: Int {
    switch self {
    case .push: 0
    case .pull: 1
    case .importance: 2
    case .control: 3
    case .evaluation: 4
    }
  }
}
