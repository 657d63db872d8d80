import Roles
import Wire

/// How messages get from one node to another.
extension SimulatedCluster {
  /// - Parameter isWaiting: Whether the message leaves only when the node is no more at work.
  mutating func send(
    _ message: Message, from node: Int, to receiver: NodeID, isWaiting: Bool = true
  ) {
    guard let target = place(of: receiver, for: node) else { return }
    let encoded = WireFormat.encode(message)
    if isListening(node, to: receiver) {
      count(encoded, of: message, from: node, to: receiver)
    }
    move(encoded, of: message, from: node, to: target, isWaiting: isWaiting)
  }

  /// Answers whoever was refused: a node, or a stranger, whose answer leads nowhere.
  mutating func reply(_ message: Message, from node: Int, to peer: Peer) {
    guard ids[node].kind != .worker else { return }
    let encoded = WireFormat.encode(message)
    let target = place(of: peer)
    // Over the link to the coordinator nobody is answered.
    if let target, !isListening(node, to: ids[target]) { return }
    count(encoded, of: message, from: node, to: .stranger)
    if let target { move(encoded, of: message, from: node, to: target) }
  }

  private mutating func count(
    _ encoded: EncodedMessage, of message: Message, from node: Int, to receiver: NodeID
  ) {
    nodes[node].traffic.count(
      sent: message, by: ids[node], to: receiver, payloadByteCount: encoded.payloadByteCount,
      framedByteCount: encoded.framedByteCount(isEncrypted: costs.isEncrypted))
  }

  /// Puts a message on its line.
  private mutating func move(
    _ encoded: EncodedMessage, of message: Message, from node: Int, to target: Int,
    isWaiting: Bool = true
  ) {
    if message.kind == .weights, nodes[node].pushedByteCount > 0 { work(on: node) }
    let seconds = costs.seconds(of: encoded)
    nodes[node].busySeconds += seconds
    let idle = isWaiting ? max(now, nodes[node].busyUntil) : now
    let lineFreeAt = nodes[node].outFreeAt
    let begin =
      overtakes(ids[node], ids[target], lineFreeAt: lineFreeAt) ? idle : max(idle, lineFreeAt)
    let left = processors.finish(seconds, from: begin, now: now)
    nodes[node].outFreeAt = max(left, lineFreeAt)
    let key = injection == nil ? node * nodes.count + target : linkKey(from: node, to: target)
    var link = links[key] ?? (0, .zero)
    let delay = costs.latency(
      link: key % Int(UInt32.max), number: link.count, seed: seed)
    link.count += 1
    link.reachedAt = max(link.reachedAt, left.advanced(bySeconds: delay))
    links[key] = link
    let arrival = Happening.reached(
      encoded, message.kind, from: Sender(id: ids[node], place: node))
    guard injection == nil else { return carry(arrival, from: node, to: target, key) }
    queue.add(arrival, of: target, at: link.reachedAt)
  }

  /// A server has updated its shard: that takes its time before an answer leaves.
  private mutating func work(on node: Int) {
    let seconds = costs.serverSecondsPerByte * Double(nodes[node].pushedByteCount)
    nodes[node].pushedByteCount = 0
    nodes[node].busySeconds += seconds
    nodes[node].busyUntil = processors.finish(
      seconds, from: max(now, nodes[node].busyUntil), now: now)
  }

  /// Takes a message off the line, after those that came before.
  mutating func receive(
    _ encoded: EncodedMessage, _ kind: Message.Kind, from sender: Sender, at node: Int
  ) {
    let seconds = costs.seconds(of: encoded)
    nodes[node].busySeconds += seconds
    let lineFreeAt = nodes[node].inFreeAt
    let begin = overtakes(ids[node], sender.id, lineFreeAt: lineFreeAt) ? now : max(now, lineFreeAt)
    let done = processors.finish(seconds, from: begin, now: now)
    nodes[node].inFreeAt = max(done, lineFreeAt)
    queue.add(.frames(encoded, kind, from: sender), of: node, at: done)
  }

  func index(of node: NodeID) -> Int {
    switch node.kind {
    case .coordinator: 0
    case .server: 1 + node.rank
    case .worker: 1 + serverCount + node.rank
    }
  }

  /// Where a message to somebody goes.
  ///
  /// - Returns: `nil` if the sender has no connection to it.
  private func place(of receiver: NodeID, for node: Int) -> Int? {
    let index = index(of: receiver)
    guard let injection else { return index }
    return isListening(node, to: receiver)
      ? injection.launcher.place(admittedBy: node, as: index)
      : injection.launcher.processes[index].place
  }

  /// Whose connection it is; `nil` for a stranger's.
  private func place(of peer: Peer) -> Int? {
    injection == nil
      ? ids.firstIndex { Peer(link: $0) == peer } : SimulatedLauncher.place(of: peer)
  }

  /// What a node knows of the connection over which something has come.
  func peer(of sender: Sender, at node: Int) -> Peer {
    injection != nil && isListening(node, to: sender.id)
      ? SimulatedLauncher.peer(at: sender.place) : Peer(link: sender.id)
  }
}
