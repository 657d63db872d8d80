import Consolidation
import Tensors
import Testing

@testable import Roles
@testable import Simulation

/// Each check finds what it is there for: sights are made up that must not be.
@Suite struct `A check of runs` {
  private func server(_ sent: [Message], place: Int = 1, to worker: Int = 0) -> Sight {
    Sight(
      place: place, node: .server(0), moment: .zero, input: .resumed,
      effects: sent.map { .send($0, to: .worker(worker)) })
  }

  private func answer(clock: UInt64, version: UInt64) -> Message {
    Message(.weights, run: 1, sender: .server(0), incarnation: 0, clock: clock, version: version)
  }

  private func violations(_ check: some RunCheck, _ sights: [Sight]) -> [String] {
    var check = check
    for sight in sights { check.see(sight) }
    check.conclude(RunRecord(workerCount: 1, serverCount: 1))
    return check.violations
  }

  @Test func `finds a push that was applied twice`() {
    let once = [answer(clock: 1, version: 1), answer(clock: 1, version: 1)]
    #expect(violations(PushesOnce(), [server(once), server([answer(clock: 2, version: 2)])]) == [])
    let twice = [answer(clock: 1, version: 1), answer(clock: 1, version: 2)]
    #expect(
      violations(PushesOnce(), [server(twice)])
        == ["server 0 answered push 1 of worker 0 with version 1 and with 2"])
    // Another life answers from the last cut on.
    #expect(
      violations(PushesOnce(), [server([twice[0]]), server([twice[1]], place: 2)]) == [])
  }

  @Test func `lets a push that comes again be answered with newer weights where all go on`() {
    let twice = [answer(clock: 1, version: 1), answer(clock: 1, version: 2)]
    #expect(violations(PushesOnce(answersAlike: false), [server(twice)]) == [])
  }

  @Test(arguments: [(1, 1), (2, 0)] as [(UInt64, Int)])
  func `finds more steps than pushes`(secondClock: UInt64, count: Int) {
    func push(_ clock: UInt64) -> Sight {
      let message = Message(.push, run: 1, sender: .worker(0), incarnation: 0, clock: clock)
      return Sight(
        place: 1, node: .server(0), moment: .zero,
        input: .message(message, from: Peer(route: [1])), effects: [])
    }
    let first = Message(
      .weights, run: 1, sender: .server(0), incarnation: 0, request: .current, version: 4)
    let found = violations(
      PushesOnce(),
      [server([first]), push(1), push(secondClock), server([answer(clock: 9, version: 6)])])
    #expect(found == (count == 0 ? [] : ["server 0 took 2 steps and was sent 1 pushes"]))
  }

  @Test func `finds two pushes that became one step`() {
    let sights = [server([answer(clock: 1, version: 1), answer(clock: 2, version: 1)])]
    #expect(
      violations(PushesOnce(), sights)
        == ["server 0 answered two pushes of worker 0 with version 1"])
  }

  @Test func `finds a version that goes back`() {
    let sights = [server([answer(clock: 1, version: 5)]), server([answer(clock: 2, version: 4)])]
    #expect(violations(VersionsGrow(), sights) == ["server 0 went from version 5 back to 4"])
    #expect(violations(VersionsGrow(), [sights[0], server([answer(clock: 2, version: 5)])]) == [])
  }

  private func row(_ accuracy: Double, step: Int = 2) -> RunRecord.Row {
    RunRecord.Row(
      occasion: .sample, step: step, versions: [2], accuracies: [accuracy], byClass: [[accuracy]],
      seconds: 0)
  }

  private func coordinator(_ events: [Event]) -> Sight {
    Sight(
      place: 0, node: .coordinator, moment: .zero, input: .resumed,
      effects: events.map { .record($0) })
  }

  @Test func `finds a measurement that is another one the second time`() {
    let same = [coordinator([.measured(row(0.5))]), coordinator([.measured(row(0.5))])]
    #expect(violations(NothingUnsaid(), same) == [])
    let other = [coordinator([.measured(row(0.5))]), coordinator([.measured(row(0.75))])]
    #expect(
      violations(NothingUnsaid(), other)
        == ["at versions [2] other accuracies were measured than before"])
  }

  @Test func `finds a row that was told and is no more`() {
    var check = NothingUnsaid()
    check.see(coordinator([.measured(row(0.5)), .measured(row(0.25, step: 4))]))
    var record = RunRecord(workerCount: 1, serverCount: 1)
    record.rows = [row(0.5)]
    record.weights = Vector(count: 1)
    check.conclude(record)
    #expect(check.violations == ["the row at versions [2] was told and is no more"])
  }

  private func worker(_ input: Input, _ effects: [Effect]) -> Sight {
    Sight(place: 2, node: .worker(0), moment: .zero, input: input, effects: effects)
  }

  @Test(arguments: [(3, 0), (4, 1)] as [(UInt64, Int)])
  func `finds an accuracy at other weights than were announced`(version: UInt64, count: Int) {
    let request = MeasureRequest(
      id: 7, weights: .atRest, versions: [3], columns: [0], importanceOfPosition: nil)
    let weights = HeldWeights(blocks: [Vector(count: 1).view], versions: [version])
    let result = Message(
      .control, run: 1, sender: .worker(0), incarnation: 0,
      payload: .control(.measured(id: 7, correct: [[1]], totals: [[1]])))
    let order = Message(
      .control, run: 1, sender: .coordinator, incarnation: 0, payload: .control(.measure(request)))
    let found = violations(
      RowsOfOneVersion(),
      [
        worker(.message(order, from: Peer(link: .coordinator)), []),
        worker(.resumed, [.perform(.evaluate(column: 0, examples: 0..<1, weights: weights))]),
        worker(.resumed, [.send(result, to: .coordinator)]),
      ])
    #expect(found.count == count)
  }

  @Test func `finds bytes that are in the lines and not in the bins`() {
    var traffic = Traffic()
    traffic.count(
      sent: answer(clock: 1, version: 1), by: .server(0), to: .worker(0), payloadByteCount: 8,
      framedByteCount: 99)
    var record = RunRecord(workerCount: 1, serverCount: 1)
    record.weights = Vector(count: 1)
    record.traffic = traffic.report
    var check = LedgerAddsUp()
    check.conclude(record)
    #expect(check.violations == [])
    record.traffic.lines[0].framedByteCount += 1
    check.conclude(record)
    #expect(
      check.violations == ["the coordinator has carried 100 bytes by its lines and 99 by its bins"])
  }
}
