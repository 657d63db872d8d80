/// The ledger of one socket: counts by link, direction and kind.
public struct Traffic: Sendable, Hashable {
  /// Lines sorted by sender, receiver and kind.
  public private(set) var lines: [TrafficLine] = []

  /// An empty ledger.
  public init() {}

  /// Enters one message. O(log lines) once the link is known.
  public mutating func count(
    _ kind: Message.Kind, from: NodeID, to: NodeID, payloadByteCount: Int, framedByteCount: Int
  ) {
    add(
      TrafficLine(
        from: from, to: to, kind: Self.ledgerKind(of: kind), payloadByteCount: payloadByteCount,
        framedByteCount: framedByteCount, messageCount: 1))
  }

  /// Adds a line, to the one of the same link and kind if there is one.
  public mutating func add(_ line: TrafficLine) {
    var low = 0
    var high = lines.count
    while low < high {
      let middle = (low + high) / 2
      if Self.isOrdered(lines[middle], line) { low = middle + 1 } else { high = middle }
    }
    if low < lines.count, Self.key(lines[low]) == Self.key(line) {
      lines[low].payloadByteCount += line.payloadByteCount
      lines[low].framedByteCount += line.framedByteCount
      lines[low].messageCount += line.messageCount
    } else {
      lines.insert(line, at: low)
    }
  }

  /// The sum over all links of one kind: payload bytes, framed bytes, messages.
  public func total(of kind: TrafficLine.Kind) -> (payload: Int, framed: Int, messages: Int) {
    lines.reduce(into: (0, 0, 0)) { sum, line in
      guard line.kind == kind else { return }
      sum.0 += line.payloadByteCount
      sum.1 += line.framedByteCount
      sum.2 += line.messageCount
    }
  }

  private static func ledgerKind(of kind: Message.Kind) -> TrafficLine.Kind {
    switch kind {
    case .push: .push
    case .pull, .weights, .anchor: .pull
    case .importance: .importance
    case .control, .retire: .control
    }
  }

  private static func key(_ line: TrafficLine) -> [Int] {
    [
      Int(line.from.kind.rawValue), line.from.rank, Int(line.to.kind.rawValue), line.to.rank,
      TrafficLine.Kind.allCases.firstIndex(of: line.kind)!,
    ]
  }

  private static func isOrdered(_ left: TrafficLine, _ right: TrafficLine) -> Bool {
    key(left).lexicographicallyPrecedes(key(right))
  }
}
