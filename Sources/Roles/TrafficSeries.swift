/// Framed bytes by kind over the workers' round trips: so many of them a bin.
///
/// Bins are merged by twos when there are too many, so that the size does not grow with the run.
public struct TrafficSeries: Sendable, Hashable, Codable {
  /// Round trips in a bin, a power of two.
  public internal(set) var width = 1
  /// By kind, in the order of its cases, by bin.
  var byKind: [[Int]] = TrafficLine.Kind.allCases.map { _ in [] }

  /// How many bins there are.
  public var binCount: Int { byKind.map(\.count).max() ?? 0 }

  /// Framed bytes of a kind by bin; bins without any at the end are left out.
  public func bins(of kind: TrafficLine.Kind) -> [Int] { byKind[kind.place] }

  static let binCountMaximum = 256

  /// Nothing sent yet.
  public init() {}

  mutating func enter(_ kind: TrafficLine.Kind, round: Int, framedByteCount: Int) {
    while round / width >= Self.binCountMaximum { widen() }
    let place = kind.place
    while byKind[place].count <= round / width { byKind[place].append(0) }
    byKind[place][round / width] += framedByteCount
  }

  mutating func merge(_ other: TrafficSeries) {
    var other = other
    while other.width < width { other.widen() }
    while width < other.width { widen() }
    for kind in byKind.indices {
      for (bin, byteCount) in other.byKind[kind].enumerated() {
        if bin < byKind[kind].count {
          byKind[kind][bin] += byteCount
        } else {
          byKind[kind].append(byteCount)
        }
      }
    }
  }

  private mutating func widen() {
    width *= 2
    byKind = byKind.map { old in
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
