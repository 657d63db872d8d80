import Compression

/// The ledger of one socket: counts by link, direction, kind and stage, and over the round trips.
public struct Traffic: Sendable, Hashable {
  private struct Key: Hashable {
    let from: NodeID
    let to: NodeID
    let kind: TrafficLine.Kind
    let stage: Int?

    var order: (NodeID, NodeID, TrafficLine.Kind, Int) { (from, to, kind, stage ?? -1) }
  }

  // Never iterated in its own order.
  private var entries: [Key: TrafficLine] = [:]
  private var series = TrafficSeries()
  var lastRound = 0
  /// Of all messages so far, with their framing.
  public internal(set) var framedByteCount = 0

  /// An empty ledger.
  public init() {}

  /// Lines sorted by sender, receiver, kind and stage. O(lines · log lines).
  public var report: TrafficReport {
    TrafficReport(
      lines: entries.sorted { $0.key.order < $1.key.order }.map(\.value), series: series)
  }

  /// Enters a message that came in, once the role has answered it: before that nobody knows who
  /// sent it. What was refused and what is no message came from a stranger and is control, whatever
  /// it says of itself.
  ///
  /// - Parameters:
  ///   - message: `nil` for what is none.
  ///   - effects: What the role made of it.
  public mutating func count(
    received message: Message?, by node: NodeID, answered effects: [Effect],
    payloadByteCount: Int, framedByteCount: Int
  ) {
    let known = effects.areRefusal ? nil : message
    count(
      known, from: known?.sender ?? .stranger, to: node, payloadByteCount: payloadByteCount,
      framedByteCount: framedByteCount)
  }

  /// Enters a message that left.
  public mutating func count(
    sent message: Message, by node: NodeID, to: NodeID, payloadByteCount: Int,
    framedByteCount: Int
  ) {
    count(
      message, from: node, to: to, payloadByteCount: payloadByteCount,
      framedByteCount: framedByteCount)
  }

  /// O(1), or O(payload) for a message that a codec has written.
  private mutating func count(
    _ message: Message?, from: NodeID, to: NodeID, payloadByteCount: Int, framedByteCount: Int
  ) {
    let kind = message.map { Self.ledgerKind(of: $0) } ?? .control
    var boundBits = Double(8 * payloadByteCount)
    if let message, case .encoded(let bytes) = message.payload {
      boundBits = Self.boundBits(of: bytes, message)
    }
    // What is no round trip goes with the last one.
    lastRound = max(lastRound, Int(clamping: message?.clock ?? 0))
    series.enter(kind, round: max(0, lastRound - 1), framedByteCount: framedByteCount)
    add(
      TrafficLine(
        from: from, to: to, kind: kind, stage: kind.belongsToStage ? message?.stage : nil,
        payloadByteCount: payloadByteCount, framedByteCount: framedByteCount,
        boundBits: boundBits, messageCount: 1))
  }

  private static func boundBits(of bytes: [UInt8], _ message: Message) -> Double {
    let count = message.range.count
    guard message.kind == .weights, let chain = ChangeChain.decode(bytes) else {
      return Codec.boundBits(of: bytes, countMaximum: count)
    }
    return chain.reduce(0) { $0 + Codec.boundBits(of: Array($1), countMaximum: count) }
  }

  /// Adds what another socket has counted.
  public mutating func add(_ report: TrafficReport) {
    for line in report.lines { add(line) }
    series.merge(report.series)
  }

  private mutating func add(_ line: TrafficLine) {
    framedByteCount += line.framedByteCount
    let key = Key(from: line.from, to: line.to, kind: line.kind, stage: line.stage)
    guard entries[key] != nil else {
      entries[key] = line
      return
    }
    entries[key]!.payloadByteCount += line.payloadByteCount
    entries[key]!.framedByteCount += line.framedByteCount
    entries[key]!.boundBits += line.boundBits
    entries[key]!.messageCount += line.messageCount
  }

  /// What only a recovery sends is control: all else is as in a run without one.
  private static func ledgerKind(of message: Message) -> TrafficLine.Kind {
    if message.request == .held { return .control }
    return switch message.kind {
    case .push: .push
    case .pull, .weights, .anchor: .pull
    case .importance, .curvature, .centre, .frozen: .importance
    case .control, .retire: .control
    case .inspect, .inspected: .evaluation
    }
  }
}

/// What a socket, or all of them, have carried.
public struct TrafficReport: Sendable, Hashable, Codable {
  /// Sorted by sender, receiver, kind and stage.
  public var lines: [TrafficLine]
  /// All bytes over the round trips.
  public var series: TrafficSeries

  /// - Parameters:
  ///   - lines: Sorted by sender, receiver, kind and stage.
  ///   - series: All bytes over the round trips.
  public init(lines: [TrafficLine] = [], series: TrafficSeries = TrafficSeries()) {
    self.lines = lines
    self.series = series
  }

  /// The sum of the lines that are wanted.
  public func total(_ isWanted: (TrafficLine) -> Bool) -> TrafficTotal {
    lines.reduce(into: TrafficTotal()) { sum, line in
      guard isWanted(line) else { return }
      sum.payloadByteCount += line.payloadByteCount
      sum.framedByteCount += line.framedByteCount
      sum.boundBits += line.boundBits
      sum.messageCount += line.messageCount
    }
  }
}

/// A sum of lines.
public struct TrafficTotal: Sendable, Hashable {
  /// Bytes of payload frames.
  public internal(set) var payloadByteCount = 0
  /// Bytes of all frames with their framing.
  public internal(set) var framedByteCount = 0
  /// As in ``TrafficLine/boundBits``.
  public internal(set) var boundBits = 0.0
  public internal(set) var messageCount = 0
}
