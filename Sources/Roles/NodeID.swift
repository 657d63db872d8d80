/// Who a node is: its role and its rank, fixed by whoever launches it, never by the order of
/// arrival.
public struct NodeID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
  /// What a node does. Raw values stand in message headers.
  public enum Kind: UInt8, Sendable, Codable, CaseIterable {
    case coordinator = 0
    case server = 1
    case worker = 2
  }

  /// What the node does.
  public let kind: Kind
  /// 0-based position among the nodes of its kind.
  public let rank: Int

  /// - Parameters:
  ///   - kind: What the node does.
  ///   - rank: 0-based position among the nodes of its kind.
  public init(_ kind: Kind, _ rank: Int) {
    self.kind = kind
    self.rank = rank
  }

  /// The one coordinator.
  public static let coordinator = NodeID(.coordinator, 0)
  /// The server of the given rank.
  public static func server(_ rank: Int) -> NodeID { NodeID(.server, rank) }
  /// The worker of the given rank.
  public static func worker(_ rank: Int) -> NodeID { NodeID(.worker, rank) }

  /// Somebody who is no node of the run.
  public static let stranger = NodeID(.worker, -1)

  public var description: String {
    self == .stranger ? "stranger" : kind == .coordinator ? "coordinator" : "\(kind) \(rank)"
  }

  public static func < (left: NodeID, right: NodeID) -> Bool {
    (left.kind.rawValue, left.rank) < (right.kind.rawValue, right.rank)
  }
}

extension [NodeID] {
  /// Their names, of many only the first.
  var names: String {
    let shown = prefix(8).map(\.description).joined(separator: ", ")
    return count > 8 ? "\(shown) and \(count - 8) more" : shown
  }
}

/// Where a message came from: a connection, named by the driver. It says nothing about who is at
/// the other end; a role admits a peer as a node once it has checked the message.
public struct Peer: Sendable, Hashable {
  /// The driver's name for the connection; empty for one that this role itself opened.
  public let route: [UInt8]
  /// The node that it opened it to. No name that a peer may choose is equal to one.
  private let link: NodeID?

  /// - Parameter route: The driver's name for the connection; whoever connects may have chosen it.
  public init(route: [UInt8]) {
    self.route = route
    link = nil
  }

  /// The connection that this role itself opened to a node.
  public init(link node: NodeID) {
    route = []
    link = node
  }
}
