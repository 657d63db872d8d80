import Archives

/// The coordinator's view of the nodes: who is here, through which peer, and since when silent.
struct NodeTable: Sendable {
  struct Entry: Sendable {
    let id: NodeID
    var peer: Peer?
    var incarnation: UInt32 = 0
    var endpoint: Endpoint?
    var lastHeard = Instant.zero
    var fingerprint: String?
    var hasLeft = false

    /// Why a peer is not this node, or not in this run; `nil` if it is.
    func strangeness(of message: Message, from peer: Peer, run: UInt64) -> String? {
      guard message.run == run || message.isOfUnwelcomed else {
        return "a message of another run came from a peer that calls itself \(id)"
      }
      guard self.peer == peer, incarnation == message.incarnation else {
        return "a peer that is not \(id) speaks in its name"
      }
      return nil
    }
  }

  /// Servers first, then workers, each by rank: the order of every broadcast.
  private(set) var entries: [Entry]
  private let serverCount: Int
  /// Nodes that have not registered, are not ready, have not left.
  private(set) var missingCount: Int
  private(set) var unreadyCount: Int
  private(set) var presentCount: Int

  init(serverCount: Int, workerCount: Int) {
    self.serverCount = serverCount
    entries =
      (0..<serverCount).map { Entry(id: .server($0)) }
      + (0..<workerCount).map { Entry(id: .worker($0)) }
    missingCount = entries.count
    unreadyCount = entries.count
    presentCount = entries.count
  }

  private func index(of id: NodeID) -> Int? {
    let index = id.kind == .server ? id.rank : serverCount + id.rank
    guard id.kind != .coordinator, entries.indices.contains(index), entries[index].id == id
    else { return nil }
    return index
  }

  subscript(id: NodeID) -> Entry? { index(of: id).map { entries[$0] } }

  /// Changes an entry. O(1).
  mutating func update(_ id: NodeID, _ change: (inout Entry) -> Void) {
    guard let index = index(of: id) else { return }
    count(entries[index], by: -1)
    change(&entries[index])
    count(entries[index], by: 1)
  }

  /// A node has come, or comes again.
  ///
  /// - Parameters:
  ///   - endpoint: Where workers reach it; only a server has one.
  ///   - isReplacing: Whether it may take the place of another peer.
  mutating func register(
    _ message: Message, endpoint: String?, from peer: Peer, isReplacing: Bool, at now: Instant
  ) throws(RegistrationError) {
    let sender = message.sender
    if let known = self[sender]?.peer, known != peer, !isReplacing {
      throw RegistrationError("rank \(sender.rank) is taken: there already is a \(sender)")
    }
    let place = sender.kind == .server ? try self.endpoint(endpoint, of: sender) : nil
    update(sender) {
      $0.peer = peer
      $0.incarnation = message.incarnation
      $0.endpoint = place
      $0.lastHeard = now
    }
  }

  private func endpoint(
    _ text: String?, of server: NodeID
  ) throws(RegistrationError) -> Endpoint {
    guard let text else {
      throw RegistrationError("\(server) registers without an endpoint for the workers")
    }
    let endpoint: Endpoint
    do {
      endpoint = try Endpoint(text).connectable()
    } catch {
      throw RegistrationError("\(server) registers for the workers what none can reach: \(error)")
    }
    if let other = servers.first(where: { $0 != server && self[$0]?.endpoint == endpoint }) {
      throw RegistrationError("\(server) registers with \(text), which is \(other)'s")
    }
    return endpoint
  }

  /// Makes a node one that has never come.
  mutating func forget(_ id: NodeID) { update(id) { $0 = Entry(id: id) } }

  private mutating func count(_ entry: Entry, by sign: Int) {
    if entry.peer == nil { missingCount += sign }
    if entry.fingerprint == nil { unreadyCount += sign }
    if !entry.hasLeft { presentCount += sign }
  }

  var servers: [NodeID] { entries.prefix(serverCount).map(\.id) }
  var workers: [NodeID] { entries.dropFirst(serverCount).map(\.id) }
  var present: [NodeID] { entries.filter { $0.peer != nil && !$0.hasLeft }.map(\.id) }
  var missing: [NodeID] { entries.filter { $0.peer == nil }.map(\.id) }
  var unready: [NodeID] { entries.filter { $0.fingerprint == nil }.map(\.id) }
  var haveAllLeft: Bool { presentCount == 0 }

  /// The node heard least recently among those that are here.
  var quietest: Entry? {
    entries.filter { $0.peer != nil && !$0.hasLeft }.min { $0.lastHeard < $1.lastHeard }
  }
}

/// Why a node cannot register.
struct RegistrationError: Error {
  let sentence: String

  init(_ sentence: String) { self.sentence = sentence }
}

/// A named set of nodes of which something is awaited: a barrier that counts identities, not
/// arrivals.
struct Barrier: Sendable {
  // Never iterated: its order would show.
  private var awaited: Set<NodeID>

  private let count: Int

  init(_ nodes: [NodeID]) {
    awaited = Set(nodes)
    count = awaited.count
  }

  /// Whether nobody has arrived yet.
  var isWhole: Bool { awaited.count == count }

  /// Whether the node was still awaited. O(1).
  mutating func arrive(_ id: NodeID) -> Bool { awaited.remove(id) != nil }

  func awaits(_ id: NodeID) -> Bool { awaited.contains(id) }

  var isOpen: Bool { awaited.isEmpty }
}

extension Message {
  /// A node that was not welcomed yet does not know the run; it may only say that it goes.
  fileprivate var isOfUnwelcomed: Bool {
    guard run == 0 else { return false }
    return switch payload {
    case .control(.failed), .control(.goodbye): true
    default: false
    }
  }
}

extension Barrier: Saved {
  static let unsaved = ["count"]

  func save(to archive: inout Archive) { archive.put("awaited", awaited.sorted()) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    let nodes = Set(try reader.take("awaited", as: [NodeID].self))
    guard nodes.isSubset(of: awaited) else { throw reader.error("awaits nodes that are none") }
    awaited = nodes
  }
}
