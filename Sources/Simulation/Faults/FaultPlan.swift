public import Roles
import Tensors

/// What goes wrong in a simulated run. As text it is a fault a line.
public struct FaultPlan: Sendable, Hashable {
  /// In any order: each says itself when it happens.
  public var faults: [Fault]

  /// - Parameter faults: In any order.
  public init(_ faults: [Fault] = []) { self.faults = faults }
}

extension FaultPlan: CustomStringConvertible {
  /// A fault a line.
  public var description: String { faults.map(\.description).joined(separator: "\n") }

  /// - Parameter text: A fault a line; empty lines are passed over.
  /// - Throws: ``FaultPlanError`` if a line is no fault.
  public init(text: String) throws(FaultPlanError) {
    var faults: [Fault] = []
    for line in text.split(whereSeparator: \.isNewline) where line.contains(where: { $0 != " " }) {
      faults.append(try Fault(line))
    }
    self.init(faults)
  }
}

/// How much happens in a run without faults: where faults can be put.
public struct FaultScale: Sendable, Hashable {
  public var seconds = 0.0
  /// When all nodes were ready.
  public var readySeconds = 0.0
  /// Inputs of each node.
  public var inputs: [NodeID: Int] = [:]
  /// Messages by connection.
  public var messages: [Fault.Link: Int] = [:]
  /// Messages that are repeated until they are answered, by connection.
  public var repeatables: [Fault.Link: Int] = [:]
  /// Parts of cuts that each node writes.
  public var writes: [NodeID: Int] = [:]

  /// Nothing has happened.
  public init() {}
}

extension FaultPlan {
  /// Draws a plan: one to six faults of any kind that the roles promise to survive.
  ///
  /// - Parameters:
  ///   - seed: Equal seeds and scales give equal plans.
  ///   - scale: Of the run without faults.
  public init(seed: UInt64, scale: FaultScale) {
    var draw = FaultDraw(seed: seed, scale: scale)
    self.init((0..<draw.count(1...6)).compactMap { _ in draw.fault() })
  }
}

/// Draws faults, one after another.
private struct FaultDraw {
  private var random: RandomStream
  private let scale: FaultScale
  private let nodes: [NodeID]
  private let writers: [NodeID]
  private let links: [Fault.Link]
  private let repeatableLinks: [Fault.Link]

  init(seed: UInt64, scale: FaultScale) {
    random = RandomStream(seed: seed, purpose: .fault)
    self.scale = scale
    nodes = scale.inputs.keys.sorted()
    writers = scale.writes.keys.sorted()
    links = scale.messages.keys.sorted()
    repeatableLinks = scale.repeatables.keys.sorted()
  }

  mutating func count(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + random.index(below: range.count)
  }

  private mutating func one<Value>(of values: [Value]) -> Value? {
    values.isEmpty ? nil : values[random.index(below: values.count)]
  }

  /// Microseconds, short ones as likely as long ones: uniform in the logarithm.
  private mutating func time(_ range: ClosedRange<Int>) -> Int {
    var (low, high) = (range.lowerBound, range.upperBound)
    while high > 2 * low {
      let middle = Int(Double(low * high).squareRoot())
      if random.index(below: 2) == 0 { high = middle } else { low = middle }
    }
    return count(low...high)
  }

  /// Microseconds; who is away before the run has begun must come within 30 s.
  private func longest(at moment: Int) -> Int {
    Double(moment) < scale.readySeconds * 1e6 ? 10_000_000 : 40_000_000
  }

  private mutating func moment() -> Int { count(0...max(1, Int(scale.seconds * 1e6))) }

  mutating func fault() -> Fault? {
    // Crashes are what all this is for.
    switch count(0...13) {
    case 0, 1, 2, 3:
      guard let node = one(of: nodes), let inputs = scale.inputs[node], inputs > 0 else { break }
      return .crash(
        node, input: count(1...inputs), effects: count(0...4), back: time(1_000...1_000_000))
    case 4:
      guard let node = one(of: nodes) else { break }
      return .kill(node, at: moment(), back: time(1_000...1_000_000))
    case 5:
      guard let node = one(of: nodes) else { break }
      let moment = moment()
      return .pause(node, at: moment, time: time(1_000...longest(at: moment)))
    case 6:
      guard let link = one(of: links) else { break }
      let moment = moment()
      return .partition(link.from, link.to, at: moment, time: time(1_000...longest(at: moment)))
    case 7:
      guard let link = one(of: links), let messages = scale.messages[link] else { break }
      return .delay(link, message: count(1...messages), time: time(1_000...10_000_000))
    case 8, 9, 10: return ofMessage(count(0...2))
    default: return ofWrite(count(0...2))
    }
    return nil
  }

  private mutating func ofMessage(_ kind: Int) -> Fault? {
    guard let link = one(of: repeatableLinks), let messages = scale.repeatables[link] else {
      return nil
    }
    let message = count(1...messages)
    switch kind {
    case 0: return .lose(link, message: message)
    case 1: return .duplicate(link, message: message)
    default: return .reorder(link, message: message, time: time(1_000...1_000_000))
    }
  }

  private mutating func ofWrite(_ kind: Int) -> Fault? {
    guard let node = one(of: writers), let writes = scale.writes[node] else { return nil }
    let write = count(1...writes)
    switch kind {
    case 0: return .tear(node, write: write)
    case 1: return .miss(node, write: write)
    default: return .refuse(node, write: write)
    }
  }
}
