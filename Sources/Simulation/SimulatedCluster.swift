public import Roles
import Tensors
import Wire

/// The roles of a cluster in one process under a virtual clock.
///
/// The very machines of the ZeroMQ driver run here; messages pass through the real wire format, so
/// bytes are counted as they would be. Gradients are computed for real; only time is made up.
public struct SimulatedCluster<Worker: Performer> {
  private struct Node {
    var role: any Role
    var performer: Worker
    var busyUntil = Instant.zero
    var deadlineAt: Instant?
    var traffic = Traffic()
    var ending: Ending?
  }

  private enum Happening {
    case input(Input)
    case frames(EncodedMessage, Message.Kind, from: NodeID)
    case deadline
  }

  private var ids: [NodeID]
  private var nodes: [Node]
  private var links: [[Link]]
  private var queue = EventQueue<(node: Int, happening: Happening)>()
  private let costs: CostModel
  private let observe: (Event, Instant) -> Void
  private var now = Instant.zero

  /// - Parameters:
  ///   - coordinator: Conducts the run.
  ///   - makePerformer: One for every node.
  ///   - observe: Told of every event with its virtual moment.
  public init(
    coordinator: CoordinatorRole, serverCount: Int, workerCount: Int, timeouts: Timeouts,
    costs: CostModel, seed: UInt64, makePerformer: (NodeID) -> Worker,
    observe: @escaping (Event, Instant) -> Void
  ) {
    ids =
      [.coordinator] + (0..<serverCount).map { .server($0) }
      + (0..<workerCount).map { .worker($0) }
    nodes = ids.map { id in
      let role: any Role =
        switch id.kind {
        case .coordinator: coordinator
        case .server:
          ServerRole(rank: id.rank, endpoint: "simulated:\(id.rank)", timeouts: timeouts)
        case .worker: WorkerRole(rank: id.rank, timeouts: timeouts)
        }
      return Node(role: role, performer: makePerformer(id))
    }
    let count = nodes.count
    links = (0..<count).map { from in
      (0..<count).map { Link(seed: seed, index: from * count + $0) }
    }
    self.costs = costs
    self.observe = observe
  }

  /// The coordinator with all that it measured.
  public var coordinator: CoordinatorRole {
    guard let role = nodes[0].role as? CoordinatorRole else {
      preconditionFailure("node 0 is the coordinator")
    }
    return role
  }

  /// Runs until the coordinator is done or nothing happens any more.
  ///
  /// - Returns: How it ended and the virtual seconds it took.
  public mutating func run() -> (ending: Ending, seconds: Double) {
    for node in nodes.indices { queue.add((node, .input(.start)), at: .zero) }
    while nodes[0].ending == nil, let (moment, (node, happening)) = queue.next() {
      now = max(now, moment)
      if nodes[node].ending != nil { continue }
      if nodes[node].busyUntil > now {
        // A node that computes hears what came meanwhile when it is done, in order.
        queue.add((node, happening), at: nodes[node].busyUntil)
        continue
      }
      deliver(happening, to: node)
    }
    let ending =
      nodes[0].ending
      ?? .failed(.violation, reason: "the simulated cluster came to a standstill")
    return (ending, now.seconds)
  }

  private mutating func deliver(_ happening: Happening, to node: Int) {
    switch happening {
    case .input(let input): feed(input, to: node)
    case .frames(let encoded, let kind, let sender):
      accept(encoded, kind, from: sender, at: node)
    case .deadline:
      nodes[node].deadlineAt = nil
      if let deadline = nodes[node].role.nextDeadline, deadline <= now {
        feed(.deadline, to: node)
      }
    }
    scheduleDeadline(of: node)
  }

  private mutating func scheduleDeadline(of node: Int) {
    guard nodes[node].ending == nil, let deadline = nodes[node].role.nextDeadline else { return }
    if let scheduled = nodes[node].deadlineAt, scheduled <= deadline { return }
    nodes[node].deadlineAt = deadline
    queue.add((node, .deadline), at: max(deadline, now))
  }

  /// Reads the frames as a socket would hand them over.
  private mutating func accept(
    _ encoded: EncodedMessage, _ kind: Message.Kind, from sender: NodeID, at node: Int
  ) {
    if isListening(node, to: sender) {
      nodes[node].traffic.count(
        kind, from: sender, to: ids[node], payloadByteCount: encoded.payloadByteCount,
        framedByteCount: encoded.framedByteCount)
    }
    let input: Input
    do {
      input = .message(try decode(encoded), from: Peer(link: sender))
    } catch {
      input = .malformed(reason: error.description, from: Peer(link: sender))
    }
    feed(input, to: node)
  }

  private func decode(_ encoded: EncodedMessage) throws(WireError) -> Message {
    let header = ByteBox(encoded.header)
    var frames = [ReceivedFrame(bytes: header.bytes, owner: header)]
    switch encoded.body {
    case .none: break
    case .bytes(let bytes):
      let box = ByteBox(bytes)
      frames.append(ReceivedFrame(bytes: box.bytes, owner: box))
    case .tensor(let view):
      frames.append(
        ReceivedFrame(bytes: UnsafeRawBufferPointer(view.elements), owner: view.owner))
    }
    return try WireFormat.decode(frames)
  }

  /// Routers keep the ledger: a server for its workers, the coordinator for everybody.
  private func isListening(_ node: Int, to other: NodeID) -> Bool {
    ids[node] == .coordinator || (ids[node].kind == .server && other.kind == .worker)
  }

  private mutating func feed(_ input: Input, to node: Int) {
    var inputs = [input]
    while !inputs.isEmpty, nodes[node].ending == nil {
      let effects = nodes[node].role.handle(inputs.removeFirst(), at: now)
      for effect in effects { perform(effect, of: node, more: &inputs) }
    }
  }

  private mutating func perform(_ effect: Effect, of node: Int, more inputs: inout [Input]) {
    switch effect {
    case .connect, .admit: break
    case .send(let message, let receiver): send(message, from: node, to: receiver)
    case .answer: break
    case .perform(let order):
      let result = nodes[node].performer.perform(order)
      let done = now.advanced(bySeconds: costs.duration(of: order))
      nodes[node].busyUntil = done
      queue.add((node, .input(.performed(result))), at: done)
    case .resume: inputs.append(.resumed)
    case .countTraffic: inputs.append(.traffic(nodes[node].traffic.lines))
    case .record(let event): observe(event, now)
    case .finish(let ending): nodes[node].ending = ending
    }
  }

  private mutating func send(_ message: Message, from node: Int, to receiver: NodeID) {
    guard let target = ids.firstIndex(of: receiver) else { return }
    let encoded = WireFormat.encode(message)
    if isListening(node, to: receiver) {
      nodes[node].traffic.count(
        message.kind, from: ids[node], to: receiver, payloadByteCount: encoded.payloadByteCount,
        framedByteCount: encoded.framedByteCount)
    }
    let arrival = links[node][target].arrival(of: encoded.framedByteCount, at: now, costs)
    queue.add((target, .frames(encoded, message.kind, from: ids[node])), at: arrival)
  }
}

/// Bytes at a fixed address.
private final class ByteBox {
  let bytes: UnsafeRawBufferPointer

  init(_ content: [UInt8]) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: content.count, alignment: 8)
    buffer.copyBytes(from: content)
    bytes = UnsafeRawBufferPointer(buffer)
  }

  deinit { bytes.deallocate() }
}
