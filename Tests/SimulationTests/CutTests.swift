import Archives
import Consolidation
import Roles
import Simulation
import Synchronization
import Tensors
import Testing

@testable import Experiments
@testable import Training

/// Keeps parts of cuts in memory, as the bytes of their files.
final class MemoryStore: CutStore {
  private struct Content {
    var parts: [String: [UInt8]] = [:]
    var cuts: [Int] = []
  }

  private let content: Mutex<Content>

  init() { content = Mutex(Content()) }

  /// One with what another one keeps, for a run that goes on from there.
  init(copying other: MemoryStore) {
    let kept = other.content.withLock { $0 }
    content = Mutex(kept)
  }

  /// Numbers of the cuts of which all parts are there.
  var cuts: [Int] { content.withLock { $0.cuts } }

  func write(_ archive: Archive, cut: Int, of node: NodeID) -> CutOutcome? {
    let bytes = CutPart(mark: 1, cut: cut, node: "\(node)").encode(archive)
    content.withLock { $0.parts["\(cut) \(node)"] = bytes }
    return .written(CutEntry(node: node, byteCount: bytes.count, checksum: "0", seconds: 0))
  }

  func read(cut: Int, of node: NodeID) throws(ArchiveError) -> ArchiveReader {
    guard let bytes = content.withLock({ $0.parts["\(cut) \(node)"] }) else {
      throw ArchiveError("is missing")
    }
    return try CutPart(mark: 1, cut: cut, node: "\(node)").decode(bytes)
  }

  func complete(cut: Int, _ entries: [CutEntry]) {
    content.withLock { $0.cuts.append(cut) }
  }

  /// Puts other bytes in a part's place.
  func damage(cut: Int, of node: NodeID, _ change: (inout [UInt8]) -> Void) {
    content.withLock { change(&$0.parts["\(cut) \(node)", default: []]) }
  }
}

/// A run that is cut, or goes on from a cut.
private struct CutRun {
  let ending: Ending
  let record: RunRecord
  var events: [Event] = []

  init(_ blueprint: Blueprint, _ store: MemoryStore?, from cut: Int? = nil, seed: UInt64) throws {
    let bench = NodeBuffers(blueprint)
    let experiment = blueprint.experiment
    let costs = CostModel(
      stepSeconds: 1e-3, sliceSeconds: 1e-3, latency: .uniform(1e-4...9e-3), bytesPerSecond: 1e8)
    let plan = blueprint.runPlan(run: 1)
    let rule = store == nil ? nil : blueprint.cutRule(isTimed: false)
    var coordinator = CoordinatorRole(plan, cuts: rule)
    var account = DriverAccount()
    if let cut, let store {
      var performer = NodePerformer(sharing: blueprint, bench)
      let archive = try account.take(
        try store.read(cut: cut, of: .coordinator), for: &performer)
      coordinator = try CoordinatorRole(plan, from: cut, archive, cuts: rule)
    }
    var events: [Event] = []
    var cluster = SimulatedCluster(
      coordinator: coordinator, serverCount: experiment.cluster.servers,
      workerCount: experiment.cluster.workers, timeouts: experiment.cluster.timeouts,
      costs: costs, seed: seed,
      makePerformer: { _ in NodePerformer(sharing: blueprint, bench) }, store: store,
      earlier: account, observe: { event, _ in events.append(event) })
    ending = cluster.run().ending
    record = cluster.coordinator.record
    self.events = events
  }

  /// Why cuts were not made.
  var problems: [String] {
    events.compactMap { if case .uncut(let reason) = $0 { reason } else { nil } }
  }

  /// What was consolidated; sums over servers run in the order in which they told.
  var folds: [[Int]] {
    record.consolidations.map {
      [$0.stage, $0.worker ?? -1, $0.occurrence, $0.ledger.count, $0.after.divergingCount]
    }
  }

  var weights: [UInt32] { record.weights?.array.map(\.bitPattern) ?? [] }

  /// Rows without the moments at which they came in.
  var rows: [RunRecord.Row] { record.orderedRows }

  /// What passed over the lines for the run itself. Of what is only looked at some is at hand, and
  /// how much depends on who is how fast.
  var traffic: [TrafficLine] {
    record.wholeTraffic.lines.filter { $0.kind != .control && $0.kind != .evaluation }
  }
}

extension RunRecord.Row {
  /// Whether both measure the same at the same versions.
  fileprivate func agrees(with other: RunRecord.Row) -> Bool {
    (occasion, step, versions, accuracies, byClass)
      == (other.occasion, other.step, other.versions, other.accuracies, other.byClass)
  }
}

@Suite struct `Cuts of a simulated run` {
  /// Everything that has a state of its own.
  static let kinds: [[String]] = [
    ["optimizer.kind=adam"],
    ["optimizer.kind=momentum", "optimizer.schedule=cosine", "optimizer.schedule-steps=30"],
    ["cluster.servers=3", "cluster.workers=3", "evaluation.every-steps=2"],
    choosing("ewc", strength: 5), choosing("si", strength: 5), choosing("rwalk", strength: 5),
    choosing("scp", strength: 5) + ["cluster.servers=2"],
    ["method.name=joint"], ["method.name=independent", "evaluation.every-steps=3"],
    ["method.name=bic", "method.memory=24", "stream.scenario=class", "stream.tasks=4"],
    [
      "method.name=icarl", "method.exemplars=5", "stream.scenario=class", "stream.tasks=4",
      "evaluation.every-steps=3",
    ],
    choosing("ewc", strength: 5) + ["method.consolidate=on-worker-boundary"],
    choosing("ewc", strength: 5)
      + ["method.consolidate=every", "method.consolidate-every=3", "arrival.order=rotated"],
    choosing("si", strength: 5) + ["method.consolidate=on-worker-boundary"],
    choosing("ewc", strength: 5) + ["penalty.at=worker", "communication.importance=fp16"],
    choosing("fedcurv", strength: 1)
      + ["cluster.consistency=local", "cluster.local-steps=2", "optimizer.kind=adam"],
    ["cluster.consistency=local", "cluster.local-steps=3", "optimizer.kind=momentum"],
    ["communication.push-codec=top-k", "communication.push-density=0.1"],
    [
      "communication.push-codec=power-sgd", "communication.push-momentum=0.9",
      "communication.pull-codec=int8",
    ],
    choosing("ewc", strength: 5) + [
      "communication.push-codec=top-k", "communication.push-density=0.2",
      "communication.gate=0.001", "communication.push-selection=movable", "optimizer.kind=sgd",
    ],
    choosing("ewc", strength: 5) + [
      "penalty.lazy=true", "optimizer.kind=sgd", "communication.push-codec=top-k",
      "communication.pull-codec=top-k", "communication.pull-density=0.2",
      "communication.pull-residual=flush",
    ],
  ]

  private func check(_ sets: [String], every steps: Int) throws {
    let data = try tinyData()
    let calm = try CutRun(Blueprint(tinyExperiment(sets), data: data), nil, seed: 1)
    try #require(calm.ending == .completed && !calm.weights.isEmpty)
    let blueprint = try Blueprint(
      tinyExperiment(sets + ["checkpoint.every-steps=\(steps)"]), data: data)
    let store = MemoryStore()
    let cut = try CutRun(blueprint, store, seed: 2)
    agree(cut, calm, "cut")
    try #require(store.cuts.count > 2, "\(cut.problems)")
    for number in store.cuts {
      let rest = try CutRun(
        blueprint, MemoryStore(copying: store), from: number, seed: UInt64(number))
      agree(rest, calm, "from \(number)")
    }
  }

  private func agree(_ run: CutRun, _ calm: CutRun, _ what: Comment) {
    #expect(run.ending == .completed, what)
    let (hasSameBits, hasSameTraffic) = (run.weights == calm.weights, run.traffic == calm.traffic)
    #expect(hasSameBits, what)
    #expect(hasSameTraffic, what)
    #expect(
      run.rows.count == calm.rows.count
        && zip(run.rows, calm.rows).allSatisfy { $0.agrees(with: $1) }, what)
    #expect(run.record.losses == calm.record.losses, what)
    #expect(run.folds == calm.folds, what)
    let summaries = run.record.serverSummaries.map { $0?.stalenessCounts }
    #expect(summaries == calm.record.serverSummaries.map { $0?.stalenessCounts }, what)
    #expect(
      run.record.workerSummaries.map { $0?.examples }
        == calm.record.workerSummaries.map { $0?.examples }, what)
    #expect(run.record.refusals.isEmpty, what)
  }

  @Test(arguments: kinds)
  func `change nothing, and a run that goes on from any of them ends on the same bits`(
    kind: [String]
  ) throws {
    try check(kind, every: 2)
  }

  @Test(arguments: MethodNames.all)
  func `change nothing under any method`(method: String) throws {
    try check(
      choosing(method, strength: 2) + MethodNames.needs(method)
        + ["cluster.servers=2", "stream.tasks=2"], every: 3)
  }

  @Test func `are made at boundaries alone where workers do not come to one push`() throws {
    let sets = [
      "cluster.consistency=asp", "stream.tasks=4", "stream.iterations=5",
      "checkpoint.every-steps=1",
    ]
    let blueprint = try Blueprint(tinyExperiment(sets), data: try tinyData())
    let store = MemoryStore()
    let run = try CutRun(blueprint, store, seed: 1)
    #expect(run.ending == .completed && store.cuts.count == 3)
    for number in store.cuts {
      let rest = try CutRun(blueprint, MemoryStore(copying: store), from: number, seed: 9)
      #expect(rest.ending == .completed)
      let pushes = rest.record.serverSummaries.compactMap { $0?.stepCount }
      #expect(pushes == run.record.serverSummaries.compactMap { $0?.stepCount })
    }
  }

  @Test func `of which a part is damaged end the run with a sentence that names it`() throws {
    let sets = ["checkpoint.every-steps=3"]
    let blueprint = try Blueprint(tinyExperiment(sets), data: try tinyData())
    for node in [NodeID.server(0), .worker(1)] {
      let store = MemoryStore()
      _ = try CutRun(blueprint, store, seed: 1)
      let number = try #require(store.cuts.last)
      store.damage(cut: number, of: node) { $0[$0.count / 2] ^= 1 }
      let run = try CutRun(blueprint, store, from: number, seed: 1)
      guard case .failed(.preparation, let reason) = run.ending else {
        Issue.record("\(run.ending)")
        continue
      }
      #expect(
        reason.contains("\(node) cannot go on from its part of the cut, which is cut off or"))
    }
  }
}
