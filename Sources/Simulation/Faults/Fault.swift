public import Roles

/// One thing that goes wrong, at a place that can be found again: a moment of virtual time, or the
/// number of an input, a message or a write. Numbers count from 1, times are in microseconds.
public enum Fault: Sendable, Hashable {
  /// A connection in one direction.
  public struct Link: Sendable, Hashable, Comparable {
    public let from: NodeID
    public let to: NodeID

    /// - Parameters:
    ///   - from: Who sends.
    ///   - to: Who receives.
    public init(from: NodeID, to: NodeID) {
      self.from = from
      self.to = to
    }

    public static func < (left: Link, right: Link) -> Bool {
      (left.from, left.to) < (right.from, right.to)
    }
  }

  /// A process is killed after some of what its role does about an input; it is started again so
  /// much later. The coordinator's is the launcher: all others end with it.
  case crash(NodeID, input: Int, effects: Int, back: Int)
  /// A process is killed at a moment.
  case kill(NodeID, at: Int, back: Int)
  /// A process stands still for a while, as with SIGSTOP; what comes waits.
  case pause(NodeID, at: Int, time: Int)
  /// What two nodes say to each other is held up until the partition heals.
  case partition(NodeID, NodeID, at: Int, time: Int)
  /// A message is held up, and all behind it.
  case delay(Link, message: Int, time: Int)
  /// A message that is repeated as long as it is not answered does not arrive.
  case lose(Link, message: Int)
  /// Such a message arrives twice.
  case duplicate(Link, message: Int)
  /// Such a message is held up, and those behind it are not.
  case reorder(Link, message: Int, time: Int)
  /// A part of a cut is written and afterwards damaged.
  case tear(NodeID, write: Int)
  /// A part of a cut is written and afterwards gone.
  case miss(NodeID, write: Int)
  /// There is no room for a part of a cut.
  case refuse(NodeID, write: Int)

  /// Its kind in a word: the first of its line.
  public var kind: String { description.prefix { $0 != " " }.description }
}

extension Fault: CustomStringConvertible {
  /// A line that ``init(_:)`` reads: `crash worker 0 at input 17 after 2 effects for 20000 us`.
  public var description: String {
    switch self {
    case .crash(let node, let input, let effects, let back):
      "crash \(node) at input \(input) after \(effects) effects for \(back) us"
    case .kill(let node, let moment, let back): "kill \(node) at \(moment) us for \(back) us"
    case .pause(let node, let moment, let time): "pause \(node) at \(moment) us for \(time) us"
    case .partition(let node, let other, let moment, let time):
      "partition \(node) and \(other) at \(moment) us for \(time) us"
    case .delay(let link, let message, let time):
      "delay message \(message) from \(link.from) to \(link.to) by \(time) us"
    case .lose(let link, let message): "lose message \(message) from \(link.from) to \(link.to)"
    case .duplicate(let link, let message):
      "duplicate message \(message) from \(link.from) to \(link.to)"
    case .reorder(let link, let message, let time):
      "reorder message \(message) from \(link.from) to \(link.to) by \(time) us"
    case .tear(let node, let write): "tear write \(write) of \(node)"
    case .miss(let node, let write): "miss write \(write) of \(node)"
    case .refuse(let node, let write): "refuse write \(write) of \(node)"
    }
  }

  /// - Parameter line: As ``description`` writes it.
  /// - Throws: ``FaultPlanError`` if it is no fault.
  public init(_ line: some StringProtocol) throws(FaultPlanError) {
    var words = FaultWords(line)
    switch words.next() {
    case "crash":
      self = .crash(
        try words.node(), input: try words.number(after: "at", "input"),
        effects: try words.number(after: "after"), back: try words.number(after: "effects", "for"))
    case "kill":
      self = .kill(
        try words.node(), at: try words.number(after: "at"),
        back: try words.number(after: "us", "for"))
    case "pause":
      self = .pause(
        try words.node(), at: try words.number(after: "at"),
        time: try words.number(after: "us", "for"))
    case "partition":
      self = .partition(
        try words.node(), try words.node(after: "and"), at: try words.number(after: "at"),
        time: try words.number(after: "us", "for"))
    case "delay":
      let (link, message) = try words.message()
      self = .delay(link, message: message, time: try words.number(after: "by"))
    case "lose":
      let (link, message) = try words.message()
      self = .lose(link, message: message)
    case "duplicate":
      let (link, message) = try words.message()
      self = .duplicate(link, message: message)
    case "reorder":
      let (link, message) = try words.message()
      self = .reorder(link, message: message, time: try words.number(after: "by"))
    case "tear":
      let write = try words.number(after: "write")
      self = .tear(try words.node(after: "of"), write: write)
    case "miss":
      let write = try words.number(after: "write")
      self = .miss(try words.node(after: "of"), write: write)
    case "refuse":
      let write = try words.number(after: "write")
      self = .refuse(try words.node(after: "of"), write: write)
    default: throw words.error
    }
    try words.finish()
  }
}

/// Why a text is no plan of faults.
public struct FaultPlanError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String
}

/// The words of a fault's line, one after another.
struct FaultWords {
  private var words: ArraySlice<Substring>
  private let line: String

  init(_ line: some StringProtocol) {
    self.line = String(line)
    words = self.line.split(separator: " ")[...]
  }

  var error: FaultPlanError {
    FaultPlanError(
      description: "\"\(line)\" is no fault; write it like \"kill worker 0 at 300 us for 20 us\"")
  }

  mutating func next() -> Substring { words.popFirst() ?? "" }

  private mutating func pass(_ literals: [String]) throws(FaultPlanError) {
    for literal in literals { guard next() == literal else { throw error } }
  }

  mutating func number(after literals: String...) throws(FaultPlanError) -> Int {
    try pass(literals)
    guard let number = Int(next()), (0...1 << 50).contains(number) else { throw error }
    return number
  }

  mutating func node(after literals: String...) throws(FaultPlanError) -> NodeID {
    try pass(literals)
    let name = next()
    if name == "coordinator" { return .coordinator }
    guard let rank = Int(next()), (0...1 << 20).contains(rank) else { throw error }
    switch name {
    case "server": return .server(rank)
    case "worker": return .worker(rank)
    default: throw error
    }
  }

  mutating func message() throws(FaultPlanError) -> (Fault.Link, Int) {
    let number = try number(after: "message")
    let from = try node(after: "from")
    return (Fault.Link(from: from, to: try node(after: "to")), number)
  }

  /// Nothing may follow but the unit of a time.
  mutating func finish() throws(FaultPlanError) {
    if words.first == "us" { words.removeFirst() }
    guard words.isEmpty else { throw error }
  }
}
