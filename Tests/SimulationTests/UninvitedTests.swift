import Consolidation
import Reports
import Tensors
import Testing

@testable import Experiments
@testable import Roles
@testable import Simulation
@testable import Training
import Running

/// A simulated run into which somebody sends what nobody of it would.
private struct DisturbedRun {
  let record: RunRecord
  let ending: Ending
  let seconds: Double
  let result: RunResult

  init(_ sets: [String] = [], _ disturb: (inout SimulatedCluster<NodePerformer>) -> Void = { _ in })
    throws
  {
    let experiment = try tinyExperiment(
      ["method.name=ewc", "cluster.servers=2", "evaluation.every-steps=3"] + sets)
    let blueprint = try Blueprint(experiment, data: try tinyData())
    let bench = NodeBuffers(blueprint)
    var cluster = SimulatedCluster(
      coordinator: CoordinatorRole(blueprint.runPlan(run: 1)), serverCount: 2, workerCount: 2,
      timeouts: experiment.cluster.timeouts,
      costs: CostModel(
        stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3),
        bytesPerSecond: 1e8), seed: experiment.seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, observe: { _, _ in })
    disturb(&cluster)
    (ending, seconds) = cluster.run()
    record = cluster.coordinator.record
    result = RunResult(
      record, of: blueprint, mode: "simulation", seconds: 1, virtualSeconds: 1, command: "")
  }

  /// Lines of the ledger between nodes.
  var links: [TrafficLine] {
    record.wholeTraffic.lines.filter { $0.from != .stranger && $0.to != .stranger }
  }
}

@Suite struct `A simulated cluster with uninvited messages` {
  private static let ends = [0, 1, 2, 3, Int(UInt32.max)]
  private static let clocks = [0, 1, 400, UInt64(Int.max), 1 << 63, UInt64.max]

  private func message(
    _ sender: NodeID, run: UInt64, _ random: inout RandomStream
  ) -> Message {
    func any<Value>(_ values: [Value]) -> Value { values[random.index(below: values.count)] }
    let kind = any(Message.Kind.allCases)
    let payload: Message.Payload =
      switch kind {
      case .control:
        .control(.heartbeat(phase: any([-1, 0, Int.max]), step: any(Self.ends), loss: 1))
      case .pull, .anchor, .retire, .inspect: .none
      default: .tensor(Vector([1, 2]).view)
      }
    return Message(
      kind, run: run, sender: sender, incarnation: any([0, 1, .max]), stage: any(Self.ends),
      exampleCount: any(Self.ends), clock: any(Self.clocks), version: any(Self.clocks),
      steps: any(Self.ends), range: any([0..<2, 7..<9, 1 << 40..<1 << 40 + 2]), payload: payload)
  }

  @Test(arguments: 0..<6 as Range<UInt64>)
  func `from a stranger ends as it would have, and tells how many it refused`(seed: UInt64) throws {
    let calm = try DisturbedRun()
    var random = RandomStream(seed: seed, purpose: .test)
    let count = 300
    let run = try DisturbedRun { cluster in
      for _ in 0..<count {
        let run: UInt64 = [0, 1, 2, .max][random.index(below: 4)]
        let sender = NodeID(
          NodeID.Kind.allCases[random.index(below: 3)], Self.ends[random.index(below: 5)])
        let receiver: NodeID = [.coordinator, .server(0), .server(1)][random.index(below: 3)]
        var uninvited = message(sender, run: run, &random)
        // Whoever knows the run's number and is first to pull is the worker.
        if [.pull, .inspect].contains(uninvited.kind) { uninvited.run = 2 }
        cluster.inject(
          uninvited, from: .stranger, to: receiver,
          at: Instant.zero.advanced(bySeconds: random.uniform(in: 0...0.8 * calm.seconds)))
      }
    }
    #expect(run.ending == .completed && calm.ending == .completed)
    #expect(!(calm.record.weights?.array.isEmpty ?? true))
    #expect(run.record.weights?.array == calm.record.weights?.array)
    #expect(run.result.diagnostics.refusedMessages == count)
    #expect(run.result.matrix == calm.result.matrix)
    #expect(
      run.links.filter { $0.kind != .control } == calm.links.filter { $0.kind != .control })
    #expect(run.result.communication.overTime.push == calm.result.communication.overTime.push)
    let strangers = run.record.wholeTraffic.total { $0.from == .stranger }
    #expect(strangers.messageCount == count)
    let all = run.record.wholeTraffic.lines.filter { $0.from == .stranger || $0.to == .stranger }
    #expect(all.allSatisfy { $0.kind == .control && $0.stage == nil })
  }

  /// In the cluster, too, a worker ends when it is refused.
  @Test func `ends when one of its workers is refused`() throws {
    let run = try DisturbedRun { cluster in
      let push = Message(.push, run: 1, sender: .worker(0), incarnation: 0, clock: 77, range: 0..<2)
      cluster.inject(
        push, from: .worker(0), to: .server(0), at: Instant.zero.advanced(bySeconds: 0.15))
    }
    guard case .failed(.violation, let reason) = run.ending else {
      Issue.record("it ended otherwise: \(run.ending)")
      return
    }
    #expect(reason.hasPrefix("server 0 refused worker 0: "))
    #expect(run.result.status == "stopped" && run.result.faults == [reason])
  }

  @Test(arguments: [NodeID.worker(1), .server(0)])
  func `ends when the coordinator refuses one of its nodes`(node: NodeID) throws {
    let run = try DisturbedRun { cluster in
      let beat = Message(
        .control, run: 1, sender: node, incarnation: 0,
        payload: .control(.heartbeat(phase: 9, step: .max, loss: nil, framedByteCount: -1)))
      cluster.inject(beat, from: node, to: .coordinator, at: Instant.zero.advanced(bySeconds: 0.15))
    }
    guard case .failed(.violation, let reason) = run.ending else {
      Issue.record("it ended otherwise: \(run.ending)")
      return
    }
    #expect(reason == "the coordinator refused \(node): \(node) says that it carried -1 bytes")
  }

  /// What a node of the run says may be the end of it, but a result is written in any case.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `from one of its own nodes has a result whatever they say`(seed: UInt64) throws {
    var random = RandomStream(seed: seed, purpose: .test)
    let run = try DisturbedRun { cluster in
      for _ in 0..<5 {
        let sender: NodeID = [.worker(0), .server(1)][random.index(below: 2)]
        let receiver: NodeID =
          sender.kind == .server || random.index(below: 2) == 0 ? .coordinator : .server(0)
        cluster.inject(
          message(sender, run: 1, &random), from: sender, to: receiver,
          at: Instant.zero.advanced(bySeconds: random.uniform(in: 0...0.2)))
      }
      // Some of it leaves the others waiting.
      let enough = Message(
        .control, run: 1, sender: .worker(1), incarnation: 0,
        payload: .control(.failed(kind: .interrupted, reason: "it waits for ever")))
      cluster.inject(
        enough, from: .worker(1), to: .coordinator, at: Instant.zero.advanced(bySeconds: 20))
    }
    _ = try ResultJSON.encode(run.result)
    #expect(ReportPage([run.result]).html.contains("</html>"))
    if run.ending == .completed { #expect(run.record.weights != nil) }
  }
}

@Suite struct `A result of what cannot be` {
  @Test func `leaves out names of stages that there are not`() throws {
    let experiment = try tinyExperiment(["method.name=ewc"])
    let blueprint = try Blueprint(experiment, data: try tinyData())
    var record = RunRecord(workerCount: 2, serverCount: 1)
    record.traffic.lines = [
      TrafficLine(
        from: .worker(0), to: .server(0), kind: .push, stage: 1_000_000, payloadByteCount: 1,
        framedByteCount: 2, boundBits: 8, messageCount: 1)
    ]
    record.consolidations = [
      BoundaryReport(
        stage: -1, worker: nil, occurrence: 0, before: .init(), after: .init(),
        newestTermSquaredNorm: 0, importanceSums: [], ledger: [])
    ]
    let result = RunResult(
      record, of: blueprint, mode: "cluster", seconds: 1, virtualSeconds: nil, command: "")
    #expect(result.links.count == 1 && result.links[0].task == nil)
    #expect(result.communication.push.framedBytes == 2 && result.diagnostics.boundaries.isEmpty)
    #expect(blueprint.name(ofStage: 2) == nil && blueprint.name(ofStage: 1) != nil)
  }
}
