/// The ledger of one socket: counts by link, direction and kind.
public struct Traffic: Sendable, Hashable {
  private struct Key: Hashable, Comparable {
    let from: NodeID
    let to: NodeID
    let kind: TrafficLine.Kind

    static func < (left: Key, right: Key) -> Bool {
      (left.from, left.to, left.kind) < (right.from, right.to, right.kind)
    }
  }

  // Never iterated in its own order.
  private var entries: [Key: TrafficLine] = [:]

  /// An empty ledger.
  public init() {}

  /// Lines sorted by sender, receiver and kind. O(lines · log lines).
  public var lines: [TrafficLine] {
    entries.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Enters one message. O(1).
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
    let key = Key(from: line.from, to: line.to, kind: line.kind)
    guard entries[key] != nil else {
      entries[key] = line
      return
    }
    entries[key]!.payloadByteCount += line.payloadByteCount
    entries[key]!.framedByteCount += line.framedByteCount
    entries[key]!.messageCount += line.messageCount
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
    case .importance, .curvature, .centre, .frozen: .importance
    case .control, .retire: .control
    case .inspect, .inspected: .evaluation
    }
  }
}
