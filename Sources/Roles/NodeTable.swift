/// The coordinator's view of the nodes: who is here, through which peer, and since when silent.
struct NodeTable: Sendable {
  struct Entry: Sendable {
    let id: NodeID
    var peer: Peer?
    var incarnation: UInt32 = 0
    var endpoint: String?
    var lastHeard = Instant.zero
    var fingerprint: String?
    var hasLeft = false
  }

  /// Servers first, then workers, each by rank: the order of every broadcast.
  private(set) var entries: [Entry]
  private let serverCount: Int

  init(serverCount: Int, workerCount: Int) {
    self.serverCount = serverCount
    entries =
      (0..<serverCount).map { Entry(id: .server($0)) }
      + (0..<workerCount).map { Entry(id: .worker($0)) }
  }

  private func index(of id: NodeID) -> Int? {
    let index = id.kind == .server ? id.rank : serverCount + id.rank
    guard id.kind != .coordinator, entries.indices.contains(index), entries[index].id == id
    else { return nil }
    return index
  }

  subscript(id: NodeID) -> Entry? { index(of: id).map { entries[$0] } }

  mutating func update(_ id: NodeID, _ change: (inout Entry) -> Void) {
    if let index = index(of: id) { change(&entries[index]) }
  }

  var servers: [NodeID] { entries.prefix(serverCount).map(\.id) }
  var workers: [NodeID] { entries.dropFirst(serverCount).map(\.id) }
  var present: [NodeID] { entries.filter { $0.peer != nil && !$0.hasLeft }.map(\.id) }
  var missing: [NodeID] { entries.filter { $0.peer == nil }.map(\.id) }
  var unready: [NodeID] { entries.filter { $0.fingerprint == nil }.map(\.id) }
  var haveAllLeft: Bool { entries.allSatisfy(\.hasLeft) }

  /// The node heard least recently among those that are here.
  var quietest: Entry? {
    entries.filter { $0.peer != nil && !$0.hasLeft }.min { $0.lastHeard < $1.lastHeard }
  }
}

/// A named set of nodes of which something is awaited: a barrier that counts identities, not
/// arrivals.
struct Barrier: Sendable {
  private var awaited: [NodeID]

  init(_ nodes: [NodeID]) { awaited = nodes }

  /// Whether the node was still awaited.
  mutating func arrive(_ id: NodeID) -> Bool {
    guard let index = awaited.firstIndex(of: id) else { return false }
    awaited.remove(at: index)
    return true
  }

  var isOpen: Bool { awaited.isEmpty }
}
