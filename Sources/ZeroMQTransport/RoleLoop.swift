import Archives
import CPlatform
import CZeroMQ
public import Roles
import Tensors
import Wire

/// Runs one role over ZeroMQ under the wall clock: one thread, one poll loop, and beside it a
/// ``Pulse`` that never computes.
///
/// Orders are performed inline, one at a time, with a look at the sockets between two of them.
/// Where a slower node is emulated the result of an order counts only after the time that it would
/// take there.
public struct RoleLoop<Participant: Role, Worker: Performer> {
  /// The machine, with all that it knows.
  public private(set) var role: Participant
  private var performer: Worker
  private let coordinator: Endpoint?
  private var connections: Connections
  private let watches: [Watch]
  private let observe: (Event, Instant) -> Void
  private let store: (any CutStore)?
  private let clock: Pulse
  private var traffic: Traffic
  private var local: [Input] = []
  /// A result that does not count yet.
  private var slowed: (result: OrderResult, at: Instant)?
  private var orderCount = 0
  private var ending: Ending?
  private var time: BusyTime
  /// When something was said to the coordinator last.
  private var saidAt: Instant

  /// - Parameters:
  ///   - listener: The bound router of a server or coordinator; its ledger is the one reported.
  ///   - coordinator: Endpoint of the coordinator, for everybody else.
  ///   - identity: A name of this process that no other process has, for routes.
  ///   - store: Where parts of cuts are kept; `nil`: nowhere.
  ///   - earlier: What was counted before, of a run that goes on from a cut.
  ///   - observe: Told of every event, on the loop's thread.
  public init(
    _ role: Participant, performer: Worker, context: Context, listener: Socket? = nil,
    coordinator: Endpoint? = nil, identity: [UInt8], watches: [Watch] = [],
    store: (any CutStore)? = nil, earlier: DriverAccount = DriverAccount(),
    observe: @escaping (Event, Instant) -> Void
  ) throws(TransportError) {
    self.role = role
    self.performer = performer
    self.coordinator = coordinator
    self.watches = watches
    self.observe = observe
    self.store = store
    traffic = earlier.traffic
    clock = Pulse(at: earlier.now)
    connections = Connections(context, listener: listener, identity: identity)
    time = BusyTime(from: clock.now)
    saidAt = clock.now
    if let coordinator { try connections.connect(.coordinator, coordinator) }
  }

  /// Runs the role to its end.
  public mutating func run() -> Ending {
    clock.start()
    defer { clock.stop() }
    feed(.start)
    while ending == nil {
      if let slowed, clock.now >= slowed.at {
        self.slowed = nil
        local.append(.performed(slowed.result))
      }
      if local.isEmpty {
        wait(untilReady: true)
      } else {
        feed(local.removeFirst())
        if ending == nil { wait(untilReady: false) }
      }
    }
    return ending!
  }

  /// What a node told another machine of itself may be true on its own machine only.
  private func checkWay(to endpoint: Endpoint) throws(TransportError) {
    guard endpoint.isWithinMachine, let coordinator, let route = try Route(to: coordinator),
      !route.staysHere
    else { return }
    throw TransportError(
      "\(endpoint) is for its own machine only, and the coordinator is at \(route.remote); "
        + "start that node with --coordinator \(coordinator)")
  }

  // MARK: Work

  /// Without a word for less than this, what a role does by itself is not worth one.
  private static var restSeconds: Double { 0.2 }

  private mutating func handle(_ input: Input) -> [Effect] {
    let now = clock.now
    guard now.seconds(since: saidAt) > Self.restSeconds else { return role.handle(input, at: now) }
    return atWork { $0.role.handle(input, at: now) }
  }

  /// Works; if nothing has been said for a while, the coordinator hears that this node lives.
  private mutating func atWork<Result>(_ work: (inout Self) -> Result) -> Result {
    guard let sign = role.sign, let link = connections.link(to: .coordinator) else {
      return work(&self)
    }
    // Sendable: this thread leaves its sockets alone until it is back from work.
    nonisolated(unsafe) let way = link
    return clock.during({ work(&self) }, saidAt: saidAt, every: sign.milliseconds) {
      _ = way.send(WireFormat.encode(sign.message))
    }
  }

  // MARK: Inputs

  private mutating func feed(_ input: Input) {
    perform(handle(input))
  }

  /// Takes what the sockets hold; sleeps until there is something, if asked to.
  private mutating func wait(untilReady: Bool) {
    let sockets = connections.sockets
    var items: [zmq_pollitem_t] = sockets.map {
      zmq_pollitem_t(socket: $0.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    items += watches.map {
      zmq_pollitem_t(socket: nil, fd: $0.descriptor, events: Int16(ZMQ_POLLIN), revents: 0)
    }
    let (begin, earlierOrders) = (clock.now, orderCount)
    let count = zmq_poll(&items, Int32(items.count), untilReady ? timeoutMilliseconds : 0)
    if untilReady { time.wait(seconds: clock.now.seconds(since: begin)) }
    if count > 0 {
      for (index, item) in items.enumerated() where item.revents != 0 && ending == nil {
        if index < sockets.count {
          drain(sockets[index], link: index)
        } else if let input = watches[index - sockets.count].read() {
          feed(input)
        }
      }
    }
    // What came during a long order is heard before anybody is found to be silent.
    if ending == nil, orderCount == earlierOrders, let deadline = role.nextDeadline,
      clock.now >= deadline
    {
      feed(.deadline)
    }
  }

  /// How long to sleep; rounded up, but for the end of an emulated order, which is kept to the
  /// point.
  private var timeoutMilliseconds: Int {
    let now = clock.now.nanoseconds
    if let slowed {
      let rest = max(0, slowed.at.nanoseconds - now)
      if rest < 1_000_000 { hebb_sleep(rest) }
      let deadline = role.nextDeadline.map { max(0, $0.nanoseconds - now) } ?? rest
      return Int(min(rest, deadline) / 1_000_000)
    }
    guard let deadline = role.nextDeadline else { return -1 }
    return max(0, Int((deadline.nanoseconds - now + 999_999) / 1_000_000))
  }

  /// Takes a bounded number of messages, so that no flood keeps the loop from its other duties.
  private mutating func drain(_ socket: Socket, link index: Int) {
    for _ in 0..<256 {
      guard ending == nil, let frames = socket.receive() else { return }
      let peer: Peer
      var content = frames[...]
      var caller: NodeID?
      if socket.isRouter {
        peer = Peer(route: [UInt8](frames[0].bytes))
        content = content.dropFirst()
        if socket.isEncrypted == true { caller = content.first?.caller ?? .stranger }
      } else {
        peer = Peer(link: connections.node(at: index))
      }
      accept(content.map(\.received), from: peer, counted: socket.isRouter, as: caller)
      // An update that sends block by block goes on before more is taken in.
      while ending == nil, !local.isEmpty, case .resumed = local[0] { feed(local.removeFirst()) }
      if !local.isEmpty { return }
    }
  }

  /// - Parameter caller: Whose key came with the message; `nil` where it needs none.
  private mutating func accept(
    _ frames: [ReceivedFrame], from peer: Peer, counted: Bool, as caller: NodeID?
  ) {
    let payloadByteCount = frames.dropFirst().reduce(0) { $0 + $1.bytes.count }
    let framedByteCount = frames.reduce(0) {
      $0 + WireFormat.framedByteCount(of: $1.bytes.count, isEncrypted: caller != nil)
    }
    let message: Message?
    let input: Input
    do {
      let decoded = try WireFormat.decode(frames)
      if let caller, decoded.sender != caller {
        message = nil
        input = .malformed(
          reason: "it came with the key of \(caller), not its sender's", from: peer)
      } else {
        message = decoded
        input = .message(decoded, from: peer)
      }
    } catch {
      message = nil
      input = .malformed(reason: error.description, from: peer)
    }
    let effects = handle(input)
    if counted {
      traffic.count(
        received: message, by: role.id, answered: effects, payloadByteCount: payloadByteCount,
        framedByteCount: framedByteCount)
    }
    perform(effects)
  }

  // MARK: Effects

  private mutating func perform(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .connect(let node, let endpoint):
        do {
          try checkWay(to: endpoint)
          try connections.connect(node, endpoint)
        } catch {
          local.append(.unreachable(node, reason: "\(role.id) cannot reach \(node): \(error)"))
        }
      case .admit(let node, let peer): connections.admit(node, peer)
      case .send(let message, let node): send(message, to: node)
      case .refuse(let peer, let answer):
        if let answer { transmit(answer, peer, to: .stranger) }
      case .perform(let order): perform(order)
      case .resume: local.append(.resumed)
      case .countTraffic:
        let (busy, idle) = time.seconds(at: clock.now)
        local.append(.traffic(traffic.report, busySeconds: busy, idleSeconds: idle))
      case .save(let archive, let cut):
        let account = DriverAccount(traffic: traffic, now: clock.now)
        let part = account.part(of: performer, archive)
        let outcome =
          store.map { $0.write(part, cut: cut, of: role.id) }
          ?? .failed(reason: "\(role.id) has no folder for cuts")
        if let outcome { local.append(.saved(outcome, cut: cut)) }
      case .complete(let cut, let entries): store?.complete(cut: cut, entries)
      case .load(let cut): local.append(.loaded(load(cut)))
      case .countBytes: local.append(.bytes(traffic.framedByteCount))
      case .record(let event): observe(event, clock.now)
      case .finish(let ending): self.ending = ending
      }
    }
  }

  /// What the role has saved; the rest is taken back here.
  private mutating func load(_ cut: Int) -> Result<ArchiveReader, ArchiveError> {
    guard let store else { return .failure(ArchiveError("is not there: no folder was named")) }
    do {
      var account = DriverAccount()
      let rest = try account.take(try store.read(cut: cut, of: role.id), for: &performer)
      traffic = account.traffic
      return .success(rest)
    } catch {
      return .failure(error)
    }
  }

  private mutating func perform(_ order: Order) {
    let begin = clock.now
    let result = atWork { $0.performer.perform(order) }
    orderCount += 1
    if order.isPreparation {
      time = BusyTime(from: clock.now)
    } else if performer.slowdown > 1 {
      let seconds = clock.now.seconds(since: begin)
      slowed = (result, clock.now.advanced(bySeconds: (performer.slowdown - 1) * seconds))
      return
    }
    local.append(.performed(result))
  }

  private mutating func send(_ message: Message, to node: NodeID) {
    if let link = connections.link(to: node) {
      if node == .coordinator { saidAt = clock.now }
      // The router at the other end keeps the ledger.
      _ = link.send(WireFormat.encode(message))
    } else if let peer = connections.peer(of: node) {
      transmit(message, peer, to: node)
    }
  }

  private mutating func transmit(_ message: Message, _ peer: Peer, to node: NodeID) {
    guard let listener = connections.listener else { return }
    let encoded = WireFormat.encode(message)
    // A peer that is gone is found by its silence.
    guard listener.send(encoded, to: peer.route) else { return }
    traffic.count(
      sent: message, by: role.id, to: node, payloadByteCount: encoded.payloadByteCount,
      framedByteCount: encoded.framedByteCount(isEncrypted: listener.isEncrypted == true))
  }
}
