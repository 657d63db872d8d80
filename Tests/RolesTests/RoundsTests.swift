import Compression
import Consolidation
import Tensors
import Testing

@testable import Roles

private func rounds(
  _ consistency: Consistency, workers: Int = 3, starts: [Int?]? = nil
) -> Rounds {
  Rounds(
    consistency, shares: Array(repeating: 1, count: workers),
    startSteps: starts ?? Array(repeating: 0, count: workers),
    clocks: Array(repeating: 0, count: workers))
}

/// Enters a push and finishes whatever update it makes due.
extension Rounds {
  fileprivate mutating func push(_ rank: Int) -> Update? {
    enterPush(of: rank)
    guard let update = next() else { return nil }
    _ = finish(update)
    return update
  }
}

@Suite struct `Rounds of pushes` {
  @Test func `BSP applies all pushes of a step at once`() {
    var rounds = rounds(Consistency())
    #expect(rounds.push(2) == nil && rounds.push(0) == nil)
    #expect(rounds.push(1) == .init(applied: [0, 1, 2], answered: [0, 1, 2], share: 1))
    #expect(rounds.progress == 1)
  }

  @Test func `ASP applies each push at once, as its part of a step`() {
    var rounds = rounds(Consistency(bound: nil), workers: 4)
    for rank in [3, 3, 1, 3] {
      #expect(rounds.push(rank) == .init(applied: [rank], answered: [rank], share: 0.25))
    }
    #expect(rounds.progress == 1)
  }

  @Test(arguments: 1...4)
  func `a worker ahead of the bound waits for the slowest`(bound: Int) {
    var rounds = rounds(Consistency(bound: bound), workers: 2)
    for _ in 0..<bound { #expect(rounds.push(0)?.answered == [0]) }
    #expect(rounds.push(0) == nil)
    // The slowest moves: both are answered, and the push that waited is applied with it.
    #expect(rounds.push(1) == .init(applied: [0, 1], answered: [0, 1], share: 1))
  }

  @Test func `a worker that has retired holds nobody up`() {
    var rounds = rounds(Consistency())
    _ = (rounds.push(0), rounds.push(1))
    rounds.retire(2)
    #expect(rounds.next() == .init(applied: [0, 1], answered: [0, 1], share: 1))
    rounds.retire(0)
    rounds.retire(1)
    #expect(rounds.isOver)
  }

  @Test func `backup workers are not waited for`() {
    var rounds = rounds(Consistency(backups: 1))
    #expect(rounds.push(2) == nil)
    #expect(rounds.push(0) == .init(applied: [0, 2], answered: [0, 2], share: 1))
    rounds.enterPush(of: 1)
    rounds.drop(1)
    #expect(rounds.next() == nil && rounds.members[1].clock == 1)
  }

  @Test func `a worker joins after its steps, or when nobody else trains`() {
    var rounds = rounds(Consistency(), workers: 2, starts: [0, 2])
    #expect(rounds.push(0)?.applied == [0] && !rounds.isActive(1))
    #expect(rounds.push(0)?.applied == [0] && rounds.isActive(1))
    #expect(rounds.push(0) == nil)
    #expect(rounds.push(1)?.applied == [0, 1])
    var alone = self.alone()
    alone.retire(0)
    #expect(alone.isActive(1))
  }

  private func alone() -> Rounds { rounds(Consistency(), workers: 2, starts: [0, 100]) }

  @Test func `one without a part in the phase is not expected`() {
    var rounds = rounds(Consistency(), workers: 2, starts: [nil, 0])
    #expect(rounds.push(1)?.applied == [1])
    rounds.retire(1)
    #expect(rounds.isOver)
  }
}

@Suite struct `Keys at a server` {
  private func bench(stages: Int = 2) -> ServerBench {
    ServerBench(
      workers: 2, importance: .workers,
      taskSchedule: TaskSchedule(
        sequences: [Array(0..<stages), Array(0..<stages)], startSteps: [0, 0],
        moment: .workerBoundary))
  }

  @Test func `an importance is folded with the next update, at its own anchor`() throws {
    var bench = bench()
    for rank in 0..<2 { _ = bench.push(rank, [1, 0, 0, 0], clock: 1) }
    let anchored = answers(
      bench.send(.anchor, 0, request: .kept(.boundary(worker: 0, position: 0))))
    #expect(anchored.map(\.1) == [[-1, 0, 0, 0]])
    #expect(bench.importance(0, [4, 0, 0, 0], examples: 2, version: 1).isEmpty)
    #expect(bench.server.server?.shard.update.penalty.isActive == false)
    _ = bench.push(0, [0, 0, 0, 0], clock: 2, stage: 1)
    let effects = bench.push(1, [0, 0, 0, 0], clock: 2)
    guard case .consolidated(let reports, closes: nil)? = controls(effects).first,
      let report = reports.first, reports.count == 1
    else {
      Issue.record("nothing was folded")
      return
    }
    #expect(report.stage == 0 && report.worker == 0)
    #expect(report.ledger[0].version == 1 && report.ledger[0].importanceSum == 2)
    #expect(bench.server.server?.shard.update.penalty.importance?.array == [2, 0, 0, 0])
    // Ω · θ* = 2 · (−1)
    #expect(bench.server.server?.shard.update.penalty.weightedAnchor?.array == [-2, 0, 0, 0])
  }

  @Test func `a push repeated from before a worker was told of frozen places gets its answer`()
    throws
  {
    var bench = ServerBench(
      workers: 1, importance: .workers,
      taskSchedule: TaskSchedule(sequences: [[0, 1]], startSteps: [0], moment: .workerBoundary),
      communication: Communication(push: .bf16, frozenAbove: 1), broadcast: [.frozen])
    func encoded(_ values: [Float]) throws -> [UInt8] {
      var draws = RandomStream(seed: 1, purpose: .test)
      return try Codec.bf16.encode(Vector(values).view, draws: &draws, indexSeed: draws)
    }
    let first = try encoded([1, 1, 1, 1])
    _ = bench.push(0, encoded: first, clock: 1, stage: 0)
    _ = bench.send(.anchor, 0, request: .kept(.boundary(worker: 0, position: 0)))
    _ = bench.importance(0, [4, 0, 0, 4], examples: 1, version: 1)
    let told = bench.push(0, encoded: try encoded([0, 0, 0, 0]), clock: 2, stage: 1)
    let kinds = told.compactMap { effect -> Message.Kind? in
      if case .send(let message, .worker(0)) = effect { message.kind } else { nil }
    }
    #expect(kinds == [.frozen, .weights])
    let again = bench.push(0, encoded: try encoded([0, 0, 0, 0]), clock: 2, stage: 1)
    #expect(refusals(again).isEmpty && answers(again).count == 1)
    // Two places are left; they and no others move.
    let next = bench.push(0, encoded: try encoded([5, 6]), clock: 3, stage: 1)
    #expect(answers(next).map(\.1) == [[-1, -6, -7, -1]])
    #expect(!refusals(bench.push(0, encoded: first, clock: 4, stage: 1)).isEmpty)
  }

  @Test(arguments: [
    BoundaryPolicy.globalBoundary, .workerBoundary, .every(steps: 1), .never,
  ])
  func `a phase is over as soon as the last worker has retired`(policy: BoundaryPolicy) {
    var bench = ServerBench(
      workers: 2,
      taskSchedule: TaskSchedule(sequences: [[0], [0]], startSteps: [0, 0], moment: policy))
    for rank in 0..<2 { _ = bench.push(rank, [1, 0, 0, 0], clock: 1) }
    #expect(controls(bench.send(.retire, 0)).isEmpty)
    #expect(
      controls(bench.send(.retire, 1)) == [
        .sealed(phase: 0, version: 1), .consolidated([], closes: 0),
      ])
  }

  @Test func `a phase in which nobody trains is over when it begins`() {
    var bench = ServerBench(
      workers: 1,
      taskSchedule: TaskSchedule(sequences: [[]], startSteps: [0], moment: .never), opens: false)
    #expect(
      controls(bench.control(.open(phase: 0))) == [
        .opened(phase: 0, version: 0), .sealed(phase: 0, version: 0),
        .consolidated([], closes: 0),
      ])
  }

  @Test func `what nobody asked for is refused`() {
    var bench = bench()
    for rank in 0..<2 { _ = bench.push(rank, [1, 0, 0, 0], clock: 1) }
    #expect(refusals(bench.importance(0, [1, 1, 1, 1], examples: 1, version: 1)).count == 1)
    _ = bench.send(.anchor, 0, request: .kept(.boundary(worker: 0, position: 0)))
    #expect(refusals(bench.importance(0, [1, 1, 1, 1], examples: 1, version: 0)).count == 1)
    #expect(refusals(bench.importance(1, [1, 1, 1, 1], examples: 1, version: 1)).count == 1)
    #expect(refusals(bench.send(.anchor, 0, stage: 7, request: .current)).count == 1)
  }

  @Test func `a snapshot is kept until it is released`() {
    var bench = bench()
    for rank in 0..<2 { _ = bench.push(rank, [1, 0, 0, 0], clock: 1) }
    let snapshot = Snapshot.boundary(worker: 0, position: 0)
    _ = bench.send(.anchor, 0, request: .kept(snapshot))
    for rank in 0..<2 { _ = bench.push(rank, [5, 0, 0, 0], clock: 2) }
    #expect(answers(bench.send(.pull, 1, request: .kept(snapshot))).map(\.1) == [[-1, 0, 0, 0]])
    _ = bench.control(.release(snapshot: snapshot))
    // Whoever asks for it once more has been answered; what was never kept is refused.
    #expect(bench.send(.pull, 1, request: .kept(snapshot)).isEmpty)
    let other = Snapshot.boundary(worker: 1, position: 0)
    #expect(refusals(bench.send(.pull, 1, request: .kept(other))).count == 1)
  }

  @Test func `a late push of a backup worker is answered and not applied`() {
    var bench = ServerBench(workers: 3, consistency: Consistency(backups: 1))
    _ = bench.push(0, [3, 0, 0, 0], clock: 1)
    #expect(answers(bench.push(1, [1, 0, 0, 0], clock: 1)).count == 2)
    let late = answers(bench.push(2, [9, 9, 9, 9], clock: 1, base: 0))
    #expect(late.map(\.1) == [[-2, 0, 0, 0]] && late[0].0 == .worker(2))
    #expect(bench.server.summary.lateCount == 1 && bench.server.version == 1)
    // It takes part in the next step.
    _ = bench.push(2, [2, 0, 0, 0], clock: 2)
    #expect(answers(bench.push(0, [2, 0, 0, 0], clock: 2)).count == 2)
  }
}

@Suite struct `Strength of the penalty` {
  /// Every worker's loss is ½(θ − 1)², the penalty λ/2 (θ − 0)² with Ω = 1; θ ← θ − η(…).
  private func settle(workers: Int, bound: Int?, examples: Int) -> [Float] {
    var bench = ServerBench(workers: workers, consistency: Consistency(bound: bound)) { update in
      update.fold(
        importance: Vector(repeating: 1, count: 4).view, anchor: Vector(count: 4).view,
        rule: FoldRule())
    }
    var theta: [Float] = Array(repeating: 0, count: 4)
    var way: [Float] = []
    for step in 1...12 {
      let start = theta
      for worker in 0..<workers {
        // All compute at the same weights; each stands for its part of the same examples.
        let gradient = start.map { 0.25 * ($0 - 1) }
        let sent = answers(
          bench.push(
            worker, gradient, clock: UInt64(step), examples: examples / workers))
        if let last = sent.last { theta = last.1 }
      }
      way.append(theta[0])
    }
    return way
  }

  /// The gradient is ¼(θ − 1) and the penalty's θ: rest at ¼ / (¼ + 1) = 0.2.
  @Test(arguments: [1, 4, 16], [0, nil] as [Int?])
  func `does not grow with the number of workers on the same examples`(
    workers: Int, bound: Int?
  ) {
    let way = settle(workers: workers, bound: bound, examples: 48)
    #expect(abs(way[11] - 0.2) < 1e-3)
    // A step of 16 workers that push one by one is 16 parts of a step, not 16 steps.
    #expect(abs(way[0] - 0.25) < 0.1)
  }
}
