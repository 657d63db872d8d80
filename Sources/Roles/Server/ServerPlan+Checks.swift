import Compression
import Consolidation
import Tensors

extension ServerPlan {
  /// What in a worker's header cannot be of this run, as a sentence.
  ///
  /// - Parameters:
  ///   - clock: Round trips of the worker so far.
  ///   - phase: Under way, or the last one.
  func flaw(of message: Message, clock: UInt64, phase: Int) -> String? {
    let sender = message.sender
    // Outside of its stages a worker speaks of the first stage.
    guard message.stage == 0 || taskSchedule.sequences[sender.rank].contains(message.stage) else {
      return "\(sender) speaks of stage \(message.stage + 1), which it does not train"
    }
    let asks = [.pull, .inspect, .anchor].contains(message.kind)
    guard asks == (message.request != nil), message.clock == 0 || !asks else {
      return "\(sender) asks for something with a message of another kind"
    }
    let partCount =
      switch message.kind {
      case .importance: update.penalty.rule.partCount
      case .push: pushPartCount(in: phase)
      default: 1
      }
    guard (0..<partCount).contains(message.part) else {
      return "\(sender) sent more vectors of a stage than the method has"
    }
    switch message.kind {
    case .importance, .centre, .control, .retire:
      return message.clock > clock ? "\(sender) speaks of a step to come" : nil
    default: return nil
    }
  }

  /// What of a push cannot be of this run, as a sentence.
  ///
  /// - Parameter version: Newest of the weights.
  func flaw(
    ofPush message: Message, _ source: VectorSource, phase: Int, version: UInt64
  ) -> String? {
    let sender = message.sender
    guard stages(of: sender.rank, in: phase).contains(message.stage) else {
      return "\(sender) pushed for a stage out of turn"
    }
    guard message.version <= version else {
      return "\(sender) pushed a gradient of a version to come"
    }
    let most =
      message.part == 0 ? pushExampleCountMaximum : transform?.exampleCountMaximum ?? 0
    guard (1...consistency.localSteps).contains(message.steps),
      (0...most).contains(message.exampleCount)
    else { return "\(sender) pushed more steps or examples than it can take" }
    guard source.isFinite else {
      return "\(sender) pushed a gradient that is not finite at step \(message.clock)"
    }
    return nil
  }

  /// The stages that a worker may train in a phase.
  func stages(of worker: Int, in phase: Int) -> [Int] {
    taskSchedule.positions(of: worker, in: phase).map { taskSchedule.sequences[worker][$0] }
  }

  /// By worker: whole steps of a phase after which it begins; `nil` for one that has no part in it.
  func startSteps(in phase: Int) -> [Int?] {
    taskSchedule.startSteps.enumerated().map { worker, start in
      stages(of: worker, in: phase).isEmpty ? nil : start
    }
  }

  /// What is to be kept for a look after so many whole steps of a phase, if anything.
  func sample(after step: Int, of phase: Int) -> Snapshot? {
    guard let sampleEverySteps, step.isMultiple(of: sampleEverySteps) else { return nil }
    return .sample(phase: phase, step: step)
  }

  /// The anchor that a worker asks for, if it can have one there.
  func anchor(for message: Message) -> Snapshot? {
    guard case .kept(let snapshot) = message.request,
      taskSchedule.canAnchor(snapshot, of: message.sender.rank, stage: message.stage)
    else { return nil }
    return snapshot
  }

  /// The floats that a worker's message brings.
  ///
  /// - Parameters:
  ///   - block: Of the shard.
  ///   - mask: Of the worker's pushes there.
  func source(in message: Message, block: Int, mask: Mask?) throws(Objection) -> VectorSource {
    // Of nothing that it keeps a worker says so.
    if message.kind == .push, message.part > 0, message.exampleCount == 0,
      case .none = message.payload
    {
      return .here(Vector(count: 0).view)
    }
    do {
      if let source = try decoded(message, block: block, mask: mask).source { return source }
    } catch {
      throw .refusal("\(message.sender) sent a payload that is no vector: \(error)")
    }
    throw .refusal("\(message.sender) sent fewer or more elements than it says")
  }

  private func decoded(_ message: Message, block: Int, mask: Mask?) throws(CodecError) -> Message {
    guard case .encoded(let bytes) = message.payload else { return message }
    var message = message
    // The worker counts blocks over all servers.
    let seed = communication.indexSeed(
      message.sender, message.clock, block: shard.firstBlock + block)
    guard message.kind == .push, message.part == 0 else {
      let count = message.range.count
      message.payload = .tensor(
        try Codec.decode(bytes, count: count, indexSeed: seed).dense.view)
      return message
    }
    let values = try BlockMemory.decode(
      bytes, message.range, count: mask?.indices.count ?? message.range.count, layout: layout,
      codec: communication.push, indexSeed: seed)
    message.payload = .tensor(mask.map { $0.scatter(values.view).view } ?? values.view)
    return message
  }
}
