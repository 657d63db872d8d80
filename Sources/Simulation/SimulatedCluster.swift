import Archives
public import Roles
import Tensors
import Wire

/// The roles of a cluster in one process under a virtual clock.
///
/// The very machines of the ZeroMQ driver run here; messages pass through the real wire format, so
/// bytes are counted as they would be. Gradients are computed for real; only time is made up.
public struct SimulatedCluster<Worker: Performer> {
  var ids: [NodeID]
  var nodes: [SimulatedNode<Worker>]
  /// By sender and receiver: messages so far, and when the last of them reaches the receiver.
  var links: [Int: (count: Int, reachedAt: Instant)] = [:]
  var processors: Processors
  let seed: UInt64
  let serverCount: Int
  var queue = EventQueue()
  let costs: CostModel
  let observe: (Event, Instant) -> Void
  let store: (any CutStore)?
  /// How long a node may be at work without a sign of life.
  let patienceSeconds: Double
  var now = Instant.zero
  /// Things that have happened so far: arrivals, ends of work, deadlines.
  public internal(set) var eventCount = 0
  /// What happens to the nodes besides; `nil`: nothing.
  var injection: FaultInjection<Worker>?

  /// - Parameters:
  ///   - coordinator: Conducts the run.
  ///   - makePerformer: One for every node.
  ///   - store: Where parts of cuts are kept; `nil`: nowhere.
  ///   - earlier: What the coordinator's driver has counted before, of a run that goes on from a
  ///     cut.
  ///   - observe: Told of every event with its virtual moment.
  public init(
    coordinator: CoordinatorRole, serverCount: Int, workerCount: Int, timeouts: Timeouts,
    costs: CostModel, seed: UInt64, makePerformer: (NodeID) -> Worker,
    store: (any CutStore)? = nil, earlier: DriverAccount = DriverAccount(),
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
          ServerRole(rank: id.rank, endpoint: .ipc(path: "sim:\(id.rank)"), timeouts: timeouts)
        case .worker: WorkerRole(rank: id.rank, timeouts: timeouts)
        }
      return SimulatedNode(role: role, performer: makePerformer(id))
    }
    processors = Processors(costs.coreCount)
    self.seed = seed
    self.serverCount = serverCount
    self.costs = costs
    self.observe = observe
    self.store = store
    patienceSeconds = Double(2 * timeouts.heartbeatMilliseconds) / 1_000
    nodes[0].traffic = earlier.traffic
    now = earlier.now
  }

  /// The coordinator with all that it measured.
  public var coordinator: CoordinatorRole {
    guard let role = nodes[injection?.launcher.processes[0].place ?? 0].role as? CoordinatorRole
    else { preconditionFailure("node 0 is the coordinator") }
    return role
  }

  /// Lets a message come from anybody: what a node would never say, or a ``NodeID/stranger``.
  mutating func inject(
    _ message: Message, from sender: NodeID, to receiver: NodeID, at moment: Instant
  ) {
    let arrival = Happening.reached(
      WireFormat.encode(message), message.kind, from: Sender(id: sender, place: -1))
    queue.add(arrival, of: index(of: receiver), at: moment)
  }

  /// Runs until the coordinator is done or nothing happens any more.
  ///
  /// - Parameter interruption: Asked before everything that happens: why to stop there, with what
  ///   was measured.
  /// - Returns: How it ended and the virtual seconds it took.
  public mutating func run(
    stoppedBy interruption: () -> String? = { nil }
  ) -> (ending: Ending, seconds: Double) {
    for node in nodes.indices { queue.add(.input(.start), of: node, at: now) }
    while nodes[0].ending == nil, let (moment, node, happening) = queue.next() {
      if let reason = interruption() {
        feed(.interrupted(reason: reason), to: 0)
        // Asked twice it does not wait until all nodes have heard it.
        feed(.interrupted(reason: reason), to: 0)
        break
      }
      guard moment < .end else { return (Self.timeIsOver, now.seconds) }
      now = max(now, moment)
      eventCount += 1
      if nodes[node].ending != nil { continue }
      happen(happening, to: node)
    }
    let ending =
      nodes[0].ending
      ?? .failed(.violation, reason: "the simulated cluster came to a standstill")
    return (ending, now.seconds)
  }

  mutating func happen(_ happening: Happening, to node: Int) {
    switch happening {
    case .reached(let encoded, let kind, let sender):
      receive(encoded, kind, from: sender, at: node)
    case .wake:
      nodes[node].isWakeScheduled = false
      emptyInbox(of: node)
    case .input(.performed): deliver(happening, to: node)
    case .input, .frames, .deadline:
      nodes[node].inbox.append(happening)
      emptyInbox(of: node)
    case .sign: sign(node)
    case .news: break
    }
  }

  private static var timeIsOver: Ending {
    .failed(
      .violation,
      reason: "the simulator's clock came to its end after 146 years; lower the costs and pauses "
        + "under simulation")
  }

  /// A node that computes hears what came meanwhile when it is done, in order.
  private mutating func emptyInbox(of node: Int) {
    while nodes[node].inboxStart < nodes[node].inbox.count, nodes[node].ending == nil {
      guard nodes[node].busyUntil <= now else {
        if !nodes[node].isWakeScheduled {
          nodes[node].isWakeScheduled = true
          queue.add(.wake, of: node, at: nodes[node].busyUntil)
        }
        return
      }
      let happening = nodes[node].inbox[nodes[node].inboxStart]
      nodes[node].inboxStart += 1
      deliver(happening, to: node)
    }
    nodes[node].inbox.removeAll(keepingCapacity: true)
    nodes[node].inboxStart = 0
  }

  private mutating func deliver(_ happening: Happening, to node: Int) {
    switch happening {
    case .input(let input): feed(input, to: node)
    case .reached, .wake, .sign, .news: break
    case .frames(let encoded, let kind, let sender):
      if kind == .push { nodes[node].pushedByteCount += encoded.payloadByteCount }
      accept(encoded, kind, from: sender, at: node)
    case .deadline:
      nodes[node].deadlineAt = nil
      if let deadline = nodes[node].role.nextDeadline, deadline <= moment(at: node),
        !postpones(deadline: deadline, of: node)
      {
        feed(.deadline, to: node)
      }
    }
    scheduleDeadline(of: node)
  }

  private mutating func scheduleDeadline(of node: Int) {
    guard nodes[node].ending == nil, var deadline = nodes[node].role.nextDeadline else { return }
    if let injection { deadline = injection.launcher.deadline(deadline, of: index(of: ids[node])) }
    if let scheduled = nodes[node].deadlineAt, scheduled <= deadline { return }
    nodes[node].deadlineAt = deadline
    queue.add(.deadline, of: node, at: max(deadline, now))
  }

  /// Reads the frames as a socket would hand them over.
  private mutating func accept(
    _ encoded: EncodedMessage, _ kind: Message.Kind, from sender: Sender, at node: Int
  ) {
    let peer = peer(of: sender, at: node)
    let message: Message?
    let input: Input
    do {
      let decoded = try decode(encoded)
      message = decoded
      input = .message(decoded, from: peer)
    } catch {
      message = nil
      input = .malformed(reason: error.description, from: peer)
    }
    let effects = handle(input, at: node)
    if isListening(node, to: sender.id) {
      nodes[node].traffic.count(
        received: message, by: ids[node], answered: effects,
        payloadByteCount: encoded.payloadByteCount,
        framedByteCount: encoded.framedByteCount(isEncrypted: costs.isEncrypted))
    }
    perform(effects, of: node)
  }

  private func decode(_ encoded: EncodedMessage) throws(WireError) -> Message {
    let header = ByteBox(encoded.header)
    var frames = [ReceivedFrame(bytes: header.bytes, owner: header)]
    switch encoded.body {
    case .none: break
    case .deferred(let deferred, _): return try WireFormat.decode(frames, deferred: deferred)
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
  func isListening(_ node: Int, to other: NodeID) -> Bool {
    ids[node] == .coordinator || (ids[node].kind == .server && other.kind == .worker)
  }

  mutating func feed(_ input: Input, to node: Int) {
    perform(handle(input, at: node), of: node)
  }

  /// The moment that it is for a node: while it stands still, its clock does too.
  func moment(at node: Int) -> Instant {
    injection.map { $0.launcher.moment(now, of: index(of: ids[node])) } ?? now
  }

  private mutating func handle(_ input: Input, at node: Int) -> [Effect] {
    injection == nil
      ? nodes[node].role.handle(input, at: now) : handle(input, at: node, withFaults: ())
  }

  /// Performs effects, and what comes of them at once.
  private mutating func perform(_ effects: [Effect], of node: Int) {
    var inputs: [Input] = []
    for effect in effects { perform(effect, of: node, more: &inputs) }
    while !inputs.isEmpty, nodes[node].ending == nil {
      let effects = handle(inputs.removeFirst(), at: node)
      for effect in effects { perform(effect, of: node, more: &inputs) }
    }
  }

  private mutating func perform(_ effect: Effect, of node: Int, more inputs: inout [Input]) {
    switch effect {
    case .connect: break
    case .admit(let id, let peer): injection?.launcher.admit(peer, as: index(of: id), at: node)
    case .send(let message, let receiver): send(message, from: node, to: receiver)
    case .refuse(let peer, let answer):
      if let answer { reply(answer, from: node, to: peer) }
    case .perform(let order):
      let result = nodes[node].performer.perform(order)
      if case .total = order {
        // No work of the node's: it is part of what each pushed byte costs, and takes no time.
        inputs.append(.performed(result))
        return
      }
      let seconds = costs.duration(
        of: order, by: ids[node], factor: nodes[node].performer.slowdown,
        number: nodes[node].orderCount, seed: seed)
      nodes[node].orderCount += 1
      if order.isPreparation {
        nodes[node].busySeconds = 0
        nodes[node].preparedAt = now
      }
      nodes[node].busySeconds += seconds
      let done = processors.finish(
        seconds, from: costs.resumption(of: ids[node], at: now), now: now)
      nodes[node].busyUntil = done
      beginSigns(of: node, until: done)
      queue.add(.input(.performed(result)), of: node, at: done)
    case .resume: inputs.append(.resumed)
    case .countTraffic:
      let seconds = now.seconds(since: nodes[node].preparedAt)
      let busy = min(seconds, nodes[node].busySeconds)
      inputs.append(
        .traffic(nodes[node].traffic.report, busySeconds: busy, idleSeconds: seconds - busy))
    case .save(let archive, let cut):
      let account = DriverAccount(traffic: nodes[node].traffic, now: moment(at: node))
      let part = account.part(of: nodes[node].performer, archive)
      guard injection == nil else { return begin(writing: .part(part), cut: cut, at: node) }
      let outcome =
        store.map { $0.write(part, cut: cut, of: ids[node]) }
        ?? .failed(reason: "\(ids[node]) has no folder for cuts")
      // A store of the simulator writes at once.
      if let outcome { inputs.append(.saved(outcome, cut: cut)) }
    case .complete(let cut, let entries):
      guard injection == nil else { return begin(writing: .list(entries), cut: cut, at: node) }
      store?.complete(cut: cut, entries)
    case .load(let cut): inputs.append(.loaded(load(cut, of: node)))
    case .countBytes: inputs.append(.bytes(nodes[node].traffic.framedByteCount))
    case .record(let event): observe(event, now)
    case .finish(let ending):
      // A node that is killed meanwhile has no other end.
      if nodes[node].ending == nil { nodes[node].ending = ending }
    }
  }

  /// What a role has saved; the rest is taken back here.
  private mutating func load(
    _ cut: Int, of node: Int
  ) -> Result<ArchiveReader, ArchiveError> {
    guard let store else { return .failure(ArchiveError("is not there: no folder was named")) }
    do {
      var account = DriverAccount()
      let part = try store.read(cut: cut, of: ids[node])
      let rest = try account.take(part, for: &nodes[node].performer)
      nodes[node].traffic = account.traffic
      return .success(rest)
    } catch {
      return .failure(error)
    }
  }
}
