import Tensors
import Testing

@testable import Roles

/// Nothing that a message says counts before it is known who sent it, and nothing that a known node
/// says is used before it is held against the plan.
@Suite struct `Messages at their extremes` {
  static let servers: [@Sendable () -> Rehearsal<ServerRole>] = [
    { .barrier }, { .free }, { .exchange },
  ]

  @Test(arguments: servers.indices) func `from a stranger move nothing in a server`(run: Int) {
    let rehearsal = Self.servers[run]()
    let calm = rehearsal.calm
    #expect(calm.said.last?.control == .goodbye(calm.machine.summary))
    let extremes = Extremes(from: .worker(0))
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      // Whoever knows the run's number and is first to pull is the worker.
      let strange = messages.filter {
        place > 4 || ![.pull, .inspect].contains($0.kind) || $0.run != 5
      }
      let outcome = rehearsal.disturbed(by: strange, from: somebody, at: place)
      #expect(outcome.accepted.isEmpty && outcome.said == calm.said, "before input \(place)")
      let counted = outcome.machine.summary.refusals.reduce(0) { $0 + $1.count }
      #expect(counted == strange.count && outcome.machine.summary.refusals.count <= 100)
    }
  }

  @Test func `from a stranger move nothing in the coordinator`() {
    let rehearsal = Rehearsal<CoordinatorRole>.run
    let calm = rehearsal.calm
    #expect(calm.machine.record.rows.count == 3 && calm.machine.record.consolidations.count == 2)
    #expect(calm.machine.record.weights?.array == [1, 2, 3, 4])
    #expect(calm.machine.record.failure == nil && calm.machine.record.refusals.isEmpty)
    let extremes = Extremes(from: .worker(0), .server(0))
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      // Whoever is first to register a rank has it.
      let strange = messages.filter {
        if case .control(.register) = $0.payload {
          place >= Rehearsal<CoordinatorRole>.registrationCount
        } else {
          true
        }
      }
      let outcome = rehearsal.disturbed(by: strange, from: somebody, at: place)
      let (record, wanted) = (outcome.machine.record, calm.machine.record)
      #expect(outcome.accepted.isEmpty && outcome.said == calm.said, "before input \(place)")
      #expect(record.rows == wanted.rows && record.losses == wanted.losses)
      #expect(record.consolidations == wanted.consolidations && record.failure == nil)
      #expect(record.weights?.array == wanted.weights?.array)
      #expect(record.refusals.reduce(0) { $0 + $1.count } == strange.count)
    }
  }

  @Test func `from a stranger move nothing in a worker`() {
    let rehearsal = Rehearsal<WorkerRole>.run
    let calm = rehearsal.calm
    #expect(calm.said.last?.control == .goodbye(calm.machine.summary))
    let extremes = Extremes(from: .coordinator, .server(0))
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      let outcome = rehearsal.disturbed(by: messages, from: somebody, at: place)
      #expect(outcome.accepted.isEmpty && outcome.said == calm.said, "before input \(place)")
    }
  }

  /// What is refused has moved nothing; what is accepted may spoil the run, but never traps.
  @Test(arguments: servers.indices) func `from a worker are refused by a server or do no harm`(
    run: Int
  ) {
    let rehearsal = Self.servers[run]()
    let calm = rehearsal.calm
    let extremes = Extremes(from: .worker(0))
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      let outcome = rehearsal.disturbed(by: messages, from: route(.worker(0)), at: place)
      #expect(outcome.said == calm.said, "before input \(place)")
      let failed = outcome.endings.filter(\.isFailure)
      #expect(failed.count == outcome.endings.count)
    }
  }

  @Test(arguments: [NodeID.worker(1), .server(0)])
  func `from a node are refused by the coordinator or end the run in a sentence`(node: NodeID) {
    let rehearsal = Rehearsal<CoordinatorRole>.run
    let calm = rehearsal.calm
    let extremes = Extremes(from: node)
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      let outcome = rehearsal.disturbed(by: messages, from: route(node), at: place)
      #expect(place == 0 || outcome.said == calm.said, "before input \(place)")
      let failed = outcome.endings.filter(\.isFailure)
      #expect(failed.count == outcome.endings.count)
    }
  }

  @Test(arguments: [NodeID.coordinator, .server(0)])
  func `over its own links are refused by a worker or end it in a sentence`(node: NodeID) {
    let rehearsal = Rehearsal<WorkerRole>.run
    let calm = rehearsal.calm
    let extremes = Extremes(from: node)
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      let outcome = rehearsal.disturbed(by: messages, from: Peer(link: node), at: place)
      #expect(outcome.said == calm.said, "before input \(place)")
    }
  }

  @Test(arguments: servers.indices) func `from the coordinator end a server in a sentence`(
    run: Int
  ) {
    let rehearsal = Self.servers[run]()
    let calm = rehearsal.calm
    let extremes = Extremes(from: .coordinator)
    for place in 0..<rehearsal.inputs.count {
      let messages = extremes.messages(at: place, of: rehearsal.inputs.count)
      let outcome = rehearsal.disturbed(
        by: messages, from: Peer(link: .coordinator), at: place)
      #expect(outcome.said == calm.said, "before input \(place)")
    }
  }
}

extension Ending {
  fileprivate var isFailure: Bool { self != .completed }
}

@Suite struct `Who sent a message` {
  @Test func `is not told by the name that a peer has chosen`() {
    var bench = ServerBench(workers: 1)
    let stop = Message(
      .control, run: 5, sender: .coordinator, incarnation: 0,
      payload: .control(.stop(kind: .violation, reason: "")))
    for route in [[], [0x4C, 0, 0, 0, 0, 0]] as [[UInt8]] {
      let effects = bench.server.handle(.message(stop, from: Peer(route: route)), at: .zero)
      #expect(effects.areRefusal)
    }
    #expect(answers(bench.push(0, [1, 1, 1, 1], clock: 1)).count == 1)
  }

  @Test func `is known once for all: a later life of a rank is a stranger`() {
    var bench = ServerBench(workers: 1)
    var pull = Message(
      .pull, run: 5, sender: .worker(0), incarnation: 0, request: .current)
    for incarnation: UInt32 in [1, .max] {
      pull.incarnation = incarnation
      #expect(bench.server.handle(.message(pull, from: somebody), at: .zero).areRefusal)
    }
    #expect(answers(bench.push(0, [1, 1, 1, 1], clock: 1)).count == 1)
  }

  @Test func `decides to which stage answers belong`() throws {
    var bench = ServerBench(workers: 1, taskSchedule: .shared(stageCount: 2, workerCount: 1))
    _ = bench.push(0, [1, 1, 1, 1], clock: 1, stage: 1, from: somebody)
    _ = bench.push(0, [1, 1, 1, 1], clock: 9, stage: 1)
    let effects = bench.push(0, [1, 1, 1, 1], clock: 1)
    guard case .send(let answer, .worker(0))? = effects.first(where: { Said($0) != nil }) else {
      Issue.record("no answer")
      return
    }
    #expect(answer.stage == 0)
  }

  @Test func `a worker that retires before its push is answered is refused`() {
    var bench = ServerBench(workers: 2, consistency: Consistency(bound: 1))
    for clock in 1...2 as ClosedRange<UInt64> { _ = bench.push(0, [1, 1, 1, 1], clock: clock) }
    #expect(refusals(bench.send(.retire, 0)).count == 1)
    #expect(answers(bench.push(1, [1, 1, 1, 1], clock: 1)).count == 2)
  }
}

@Suite struct `A flood of refusals` {
  @Test func `is counted to the last, but neither answered nor told for ever`() {
    var bench = ServerBench(workers: 1)
    var (answerCount, eventCount) = (0, 0)
    for number in 0..<20_000 {
      let stranger = Peer(route: [1, UInt8(number % 200), 7])
      let message = Message(.push, run: 5, sender: .worker(number), incarnation: 0)
      for effect in bench.server.handle(.message(message, from: stranger), at: .zero) {
        if case .refuse(_, .some) = effect { answerCount += 1 }
        if case .record = effect { eventCount += 1 }
      }
    }
    #expect(answerCount == 200 * 10 && eventCount == 1_000)
    let refusals = bench.server.summary.refusals
    #expect(refusals.count == 100 && refusals.reduce(0) { $0 + $1.count } == 20_000)
    #expect(
      refusals.last?.reason == "another reason" && refusals.dropLast().allSatisfy { $0.count == 1 })
  }
}
