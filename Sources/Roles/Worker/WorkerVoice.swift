import Archives
import Tensors

/// How a worker speaks: every message signed, those to the servers addressed and cut as they expect
/// vectors.
struct WorkerVoice: Sendable {
  /// Of a worker that does not train.
  static let restingHeartbeat = Control.heartbeat(phase: -1, step: 0, loss: nil)

  let id: NodeID
  let incarnation: UInt32
  /// The run's number; 0 before it is known.
  var run: UInt64 = 0
  /// Whom it speaks to, besides the coordinator.
  var map = BlockMap([])
  /// Round trips of the whole run so far.
  private(set) var clock: UInt64 = 0

  init(id: NodeID, incarnation: UInt32) {
    self.id = id
    self.incarnation = incarnation
  }

  /// A round trip begins.
  mutating func beginRoundTrip() { clock += 1 }

  /// To the coordinator.
  ///
  /// - Parameter steps: Of the whole run so far.
  func tell(_ control: Control, steps: Int) -> Effect {
    .send(
      Message(
        .control, run: run, sender: id, incarnation: incarnation, clock: clock, steps: steps,
        payload: .control(control)),
      to: .coordinator)
  }

  /// Asks every server for something.
  ///
  /// - Parameter stage: The one under way, for the ledger; 0 outside of training.
  func ask(
    _ kind: Message.Kind, for request: WeightsRequest? = nil, stage: Int
  ) -> [Effect] {
    map.shards.indices.map { rank in
      .send(
        Message(
          kind, run: run, sender: id, incarnation: incarnation, stage: stage,
          request: request),
        to: .server(rank))
    }
  }

  /// Asks every server whether it is there.
  ///
  /// - Parameter stage: The one under way, for the ledger; 0 outside of training.
  func probe(stage: Int) -> [Effect] {
    map.shards.indices.map { rank in
      .send(
        Message(
          .control, run: run, sender: id, incarnation: incarnation, stage: stage,
          payload: .control(.probe)),
        to: .server(rank))
    }
  }

  /// A vector to the servers that own its parts, in one message a block.
  ///
  /// - Parameters:
  ///   - payloads: By block, over all servers.
  ///   - versions: By server: of the weights that the vector belongs to.
  ///   - exampleCount: Examples that it stands for.
  ///   - steps: Local steps that it stands for.
  ///   - part: Which of the vectors of one push, or of one importance, it is.
  func send(
    _ kind: Message.Kind, _ payloads: [Message.Payload], at versions: [UInt64], stage: Int,
    exampleCount: Int, steps: Int = 1, part: Int = 0
  ) -> [Effect] {
    map.shards.enumerated().flatMap { rank, shard in
      (0..<shard.blockCount).map { block in
        .send(
          Message(
            kind, run: run, sender: id, incarnation: incarnation, stage: stage,
            exampleCount: exampleCount, clock: clock, version: versions[rank], steps: steps,
            part: part, range: shard.block(block), payload: payloads[shard.firstBlock + block]),
          to: .server(rank))
      }
    }
  }

  /// A step's gradient and its references, one vector after another.
  ///
  /// - Parameters:
  ///   - steps: Local steps that the gradient stands for.
  ///   - isLast: Of its stage.
  func push(
    _ result: StepWork.Result, steps: Int, at versions: [UInt64], stage: Int, isLast: Bool,
    _ encoder: inout PushEncoder
  ) throws(Failure) -> [Effect] {
    do {
      var messages = send(
        .push, try encoder.encode(result.gradient, clock: clock, isLast: isLast), at: versions,
        stage: stage, exampleCount: result.exampleCount, steps: steps)
      for (index, reference) in result.references.enumerated() {
        messages += send(
          .push, try encoder.encode(reference: reference.vector, clock: clock), at: versions,
          stage: stage, exampleCount: reference.exampleCount, part: index + 1)
      }
      return messages
    } catch {
      throw Failure(.notFinite, "\(id) cannot encode its gradient: \(error)")
    }
  }

  /// What a measurement has estimated, one vector after another.
  func importances(of measurement: Measurement, _ communication: Communication) -> [Effect] {
    guard let stage = measurement.stage else { return [] }
    return measurement.importances.enumerated().flatMap { part, sum in
      send(
        .importance,
        communication.payloads(importance: sum, blocks: map.blocks, by: id, clock),
        at: measurement.weights.versions, stage: stage,
        exampleCount: measurement.importanceExampleCount, part: part)
    }
  }

  /// The weights that an importance belongs to, where servers do not have them.
  func centre(_ weights: Vector, of measurement: Measurement) -> [Effect] {
    guard let stage = measurement.stage else { return [] }
    return send(
      .centre, map.blocks.map { .tensor(weights[$0]) }, at: measurement.weights.versions,
      stage: stage, exampleCount: measurement.importanceExampleCount)
  }
}

extension WorkerVoice: Saved {
  static let unsaved = ["id", "incarnation", "run", "map"]

  func save(to archive: inout Archive) { archive.put("clock", clock) }

  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {
    clock = try reader.take("clock")
  }
}
