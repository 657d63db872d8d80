import Compression
import Tensors

extension ServerRole {
  /// A message that came over the listening socket. Nothing that it says is used before it is known
  /// who sent it and that it can be of this run; what is refused after all has moved nothing.
  mutating func receive(_ message: Message, fromWorker peer: Peer) -> [Effect] {
    guard let plan, message.run == run else {
      return refuse("a message of another run came to \(id)", to: peer)
    }
    guard message.sender.kind == .worker, message.sender.rank < plan.workerCount else {
      return refuse("\(message.sender) is no worker of this run", to: peer)
    }
    if let reason = strangeness(of: message, from: peer) ?? flaw(of: message, plan) {
      return refuse(reason, to: peer)
    }
    let rank = message.sender.rank
    let stage = stages[rank]
    stages[rank] = message.stage
    let effects = take(message, from: peer, plan)
    if effects.areRefusal { stages[rank] = stage }
    return effects
  }

  /// Why a peer is not the worker in whose name it speaks. A worker makes itself known by a first
  /// pull that knows the run's number.
  private func strangeness(of message: Message, from peer: Peer) -> String? {
    let asks = message.kind == .pull || message.kind == .inspect
    let rank = message.sender.rank
    guard let contact = contacts[rank] else {
      return asks ? nil : "a peer that is not \(message.sender) speaks in its name"
    }
    if contact.peer == peer, contact.incarnation == message.incarnation { return nil }
    return asks
      ? "rank \(rank) is taken: there already is a \(message.sender)"
      : "a peer that is not \(message.sender) speaks in its name"
  }

  /// What in a worker's header cannot be of this run.
  private func flaw(of message: Message, _ plan: ServerPlan) -> String? {
    let rank = message.sender.rank
    // Outside of its stages a worker speaks of the first stage.
    guard message.stage == 0 || plan.taskSchedule.sequences[rank].contains(message.stage) else {
      return "\(message.sender) speaks of stage \(message.stage + 1), which it does not train"
    }
    let asks = [.pull, .inspect, .anchor].contains(message.kind)
    guard asks == (message.request != nil), message.clock == 0 || !asks else {
      return "\(message.sender) asks for something with a message of another kind"
    }
    guard message.part == 0 else {
      return "\(message.sender) sent more vectors of a stage than the method has"
    }
    switch message.kind {
    case .importance, .centre, .control, .retire:
      return message.clock > rounds.members[rank].clock
        ? "\(message.sender) speaks of a step to come" : nil
    default: return nil
    }
  }

  private mutating func take(
    _ message: Message, from peer: Peer, _ plan: ServerPlan
  ) -> [Effect] {
    let rank = message.sender.rank
    if message.kind == .pull || message.kind == .inspect {
      return answerPull(message, from: peer)
    }
    if case .control(.probe) = message.payload { return [answer(probe: message)] }
    if message.kind == .push, message.clock <= rounds.members[rank].clock,
      let block = plan.shard.index(of: message.range)
    {
      // It may have been encoded for other places than the worker's next push will have.
      return repeated(message, block, rank)
    }
    var message = message
    if case .encoded(let bytes) = message.payload {
      do {
        message.payload = .tensor(try decode(bytes, of: message))
      } catch {
        return refuse("\(message.sender) sent a payload that is no vector: \(error)", to: peer)
      }
    }
    let content = message.source
    switch (message.kind, message.payload) {
    case (.importance, .tensor(let view)) where plan.method.importance == .exchange,
      (.centre, .tensor(let view)):
      return take(exchanged: message, view, rank)
    case (.push, _): return take(push: message, content, rank)
    case (.importance, _): return take(importance: message, content, rank)
    case (.anchor, _): return keepAnchor(message)
    case (.retire, _): return retire(rank, peer)
    default:
      return refuse("\(message.sender) sent a \(message.kind) message to \(id)", to: peer)
    }
  }

  /// The vector that a worker has encoded.
  private func decode(
    _ bytes: [UInt8], of message: Message
  ) throws(CodecError) -> VectorView {
    guard let plan, let block = plan.shard.index(of: message.range) else { return Vector([]).view }
    // The worker counts blocks over all servers.
    let place = plan.shard.firstBlock + block
    let places = message.kind == .push ? openMasks[message.sender.rank][block] : nil
    let seed = plan.communication.indexSeed(message.sender, message.clock, block: place)
    let count = places?.indices.count ?? message.range.count
    let values =
      message.kind == .push
      ? try BlockMemory.decode(
        bytes, message.range, count: count, layout: plan.layout, codec: plan.communication.push,
        indexSeed: seed)
      : try Codec.decode(bytes, count: count, indexSeed: seed).dense
    return places.map { $0.scatter(values.view).view } ?? values.view
  }
}
