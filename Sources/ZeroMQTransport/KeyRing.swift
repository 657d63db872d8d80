public import Roles

/// What a node has to have to take part in an encrypted cluster: its own pair of keys, and the
/// public keys of all.
public struct KeyRing: Sendable, Hashable {
  /// Whose it is.
  public let node: NodeID
  let own: KeyPair
  /// Those whom it may call or let in, and itself.
  public let known: PublicKeys

  /// - Parameters:
  ///   - node: Whose it is.
  ///   - own: Its pair of keys.
  ///   - known: The public keys of all nodes.
  /// - Throws: ``KeyError`` unless the others know the node by this key.
  public init(_ node: NodeID, own: KeyPair, known: PublicKeys) throws(KeyError) {
    guard known[node] == own.publicKey else {
      throw KeyError(
        known[node] == nil
          ? "there is no public key of \(node); make keys for as many nodes with `hebb keygen`"
          : "the secret key of \(node) does not belong to its public key; copy both from one "
            + "folder that `hebb keygen` made")
    }
    (self.node, self.own, self.known) = (node, own, known)
  }

  /// Whom it lets in where it listens: a server workers only, the coordinator all nodes.
  var admitted: [CurveKey: NodeID] {
    let nodes =
      switch node.kind {
      case .coordinator: known.nodes.filter { $0.kind != .coordinator }
      case .server: known.nodes.filter { $0.kind == .worker }
      case .worker: [NodeID]()
      }
    return Dictionary(uniqueKeysWithValues: nodes.map { (known[$0]!, $0) })
  }
}

/// Fresh keys for all nodes of a cluster.
public struct ClusterKeys: Sendable {
  private let pairs: [NodeID: KeyPair]

  /// Makes them, of the system's randomness.
  ///
  /// - Throws: ``KeyError`` where libzmq was built without CURVE.
  public init(serverCount: Int, workerCount: Int) throws(KeyError) {
    var pairs: [NodeID: KeyPair] = [:]
    for node in NodeID.all(serverCount: serverCount, workerCount: workerCount) {
      pairs[node] = try .fresh()
    }
    self.pairs = pairs
  }

  /// The public keys of all.
  public var known: PublicKeys { PublicKeys(pairs.mapValues(\.publicKey)) }

  /// The pair of a node of the cluster.
  public func pair(of node: NodeID) -> KeyPair {
    guard let pair = pairs[node] else { preconditionFailure("\(node) is no node of the cluster") }
    return pair
  }

  /// How a node of the cluster is protected.
  public func security(of node: NodeID) throws(KeyError) -> TransportSecurity {
    .keys(try KeyRing(node, own: pair(of: node), known: known))
  }
}

extension NodeID {
  /// The nodes of a cluster: the coordinator, then servers, then workers.
  static func all(serverCount: Int, workerCount: Int) -> [NodeID] {
    [.coordinator] + (0..<serverCount).map { .server($0) } + (0..<workerCount).map { .worker($0) }
  }
}
