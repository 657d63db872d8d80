import Roles

/// A node's sockets: the one it listens with, and one to each node that it has called.
struct Connections {
  /// The bound router of a server or coordinator; its ledger is the one reported.
  let listener: Socket?
  private let context: Context
  /// A name of this process that no other process has, for routes.
  private let identity: [UInt8]
  private var links: [(node: NodeID, socket: Socket)] = []
  private var routes: [(node: NodeID, peer: Peer)] = []

  init(_ context: Context, listener: Socket?, identity: [UInt8]) {
    self.context = context
    self.listener = listener
    self.identity = identity
  }

  /// The listener first, if there is one.
  var sockets: [Socket] { (listener.map { [$0] } ?? []) + links.map(\.socket) }

  /// Calls a node.
  mutating func connect(_ node: NodeID, _ endpoint: Endpoint) throws(TransportError) {
    let socket = Socket(.dealer(identity: identity), in: context)
    try socket.connect(endpoint, to: node)
    links.append((node, socket))
  }

  /// Answers to a node go to this peer from now on.
  mutating func admit(_ node: NodeID, _ peer: Peer) {
    routes.removeAll { $0.node == node }
    routes.append((node, peer))
  }

  /// The node at the other end of a socket that is not the listener.
  ///
  /// - Parameter index: Among ``sockets``.
  func node(at index: Int) -> NodeID { links[index - (listener == nil ? 0 : 1)].node }

  /// The socket to a node that has been called.
  func link(to node: NodeID) -> Socket? { links.first { $0.node == node }?.socket }

  /// The peer of a node that has called.
  func peer(of node: NodeID) -> Peer? { routes.first { $0.node == node }?.peer }
}
