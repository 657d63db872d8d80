import Archives
import Compression
import Consolidation
import Tensors
import Testing
import Updates

@testable import Roles

/// Stored properties of a state, and of all states within it, that are neither saved nor named as
/// those that need not be.
private func forgotten(in state: any Saved) -> [String] {
  var archive = Archive()
  state.save(to: &archive)
  let type = type(of: state)
  let known = Set(archive.names).union(type.unsaved)
  var found: [String] = []
  for child in Mirror(reflecting: state).children {
    guard let label = child.label else { continue }
    if !known.contains(label) { found.append("\(type).\(label)") }
    if archive.names.contains(label) { found += forgotten(within: child.value) }
  }
  return found
}

/// Of states within a value: an optional, a list, a case, a state itself.
private func forgotten(within value: Any) -> [String] {
  if let state = value as? any Saved { return forgotten(in: state) }
  return Mirror(reflecting: value).children.flatMap { forgotten(within: $0.value) }
}

/// A method's own state that remembers one thing and forgets another.
private struct Forgetful: Saved {
  static let unsaved = ["plan"]
  let plan = 1
  var kept = 2
  var lost = 3

  func save(to archive: inout Archive) { archive.put("kept", kept) }
  mutating func restore(from reader: inout ArchiveReader) {}
}

@Suite struct `What a role saves of its state` {
  private let communication = Communication(
    seed: 1, push: .topK(density: 0.5, values: .fp32), pull: .int8(bucket: 4),
    importance: .fp16, frozenAbove: 1)

  private var server: ShardServer {
    var update = ConsolidatedUpdate(
      optimizer: OptimizerSpecification(kind: .sgd, rate: 1), strength: 1, form: .gradient,
      gathers: SynapticIntelligence(damping: 1), isLazy: true, count: 4)
    update.beginPath(of: 0, at: [Vector(count: 4).view])
    let plan = ServerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]), shard: Shard(0..<4),
      weights: Vector(count: 4), update: update, method: MethodPlan(importance: .servers),
      foldRule: FoldRule(), resetsOptimizer: false,
      taskSchedule: .shared(stageCount: 2, workerCount: 2), consistency: Consistency(),
      communication: communication, broadcast: [.curvature], batchShares: [1, 1],
      sampleEverySteps: nil, fingerprint: "f")
    return ShardServer(plan, ServerVoice(id: .server(0), incarnation: 0))
  }

  private func worker() throws -> WorkerRun {
    let plan = WorkerPlan(
      layout: ParameterLayout([(name: "w", shape: [4])]), map: BlockMap([0..<4]),
      taskSchedule: .shared(stageCount: 2, workerCount: 1), stepCounts: [3, 3], localSteps: 1,
      communication: communication, broadcast: [.curvature, .frozen],
      method: MethodPlan(importance: .workers), importanceExampleCounts: [1, 1],
      testExamples: [0..<1], classCounts: [1], fingerprint: "f")
    var run = WorkerRun(plan, voice: WorkerVoice(id: .worker(0), incarnation: 0), at: .zero)
    _ = try run.train(phase: 0, from: [0], at: .zero)
    return run
  }

  private var coordinator: TrainingRun {
    let plan = RunPlan(
      run: 5, experiment: "", workerCount: 2, serverCount: 1, parameterCount: 4,
      taskSchedule: .shared(stageCount: 2, workerCount: 2), stageNames: ["a", "b"],
      stepCounts: [3, 3], classCounts: [1], method: MethodPlan(), fingerprint: "f",
      timeouts: Timeouts())
    var run = TrainingRun(plan)
    run.state = .training(Phase(0, servers: run.servers, workers: run.workers))
    return run
  }

  @Test func `is all but what follows from its plan`() throws {
    #expect(forgotten(in: server) == [])
    #expect(forgotten(in: try worker()) == [])
    #expect(forgotten(in: coordinator) == [])
    #expect(forgotten(in: RunRecord(workerCount: 2, serverCount: 1)) == [])
    #expect(forgotten(in: DriverAccount()) == [])
    #expect(forgotten(in: Forgetful()) == ["Forgetful.lost"])
  }

  @Test func `comes back, and is saved again as the same bytes`() throws {
    func bytes(_ state: some Saved) -> [UInt8] {
      var archive = Archive()
      state.save(to: &archive)
      return archive.bytes
    }
    func check(_ state: some Saved, into fresh: some Saved) throws {
      var (fresh, reader) = (fresh, ArchiveReader(bytes(state)))
      try fresh.restore(from: &reader)
      #expect(reader.isAtEnd && bytes(fresh) == bytes(state))
    }
    var busy = server
    busy.phase = 1
    busy.counts.countPush(staleness: 2)
    try check(busy, into: server)
    var far = coordinator
    far.positions[1].steps = 3
    far.phaseStart = 2
    try check(far, into: TrainingRun(far.plan))
  }

  @Test func `of another plan is refused`() throws {
    var archive = Archive()
    archive.put("run", state: coordinator)
    let plan = RunPlan(
      run: 5, experiment: "", workerCount: 3, serverCount: 1, parameterCount: 4,
      taskSchedule: .shared(stageCount: 2, workerCount: 3), stageNames: ["a", "b"],
      stepCounts: [3, 3], classCounts: [1], method: MethodPlan(), fingerprint: "f",
      timeouts: Timeouts())
    var run = TrainingRun(plan)
    #expect(throws: ArchiveError.self) {
      var reader = ArchiveReader(archive.bytes)
      try reader.take("run", into: &run)
    }
  }
}
