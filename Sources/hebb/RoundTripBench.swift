import ArgumentParser
import CPlatform
import Consolidation
import Foundation
import Launch
import Roles
import Tensors
import Updates
import ZeroMQTransport

/// Push and pull in one round trip through the real roles, against bare libzmq doing an addition
/// and a copy. Each side has two processes that talk.
struct RoundTripBench {
  let rounds: Int

  func rows() throws -> [BenchRow] {
    var rows: [BenchRow] = []
    for transport in ["tcp", "ipc"] {
      for count in [100_000, 478_410, 10_000_000] {
        let steps = max(12, min(600, 60_000_000 / count))
        var own: [Double] = []
        var bare: [Double] = []
        for _ in 0..<rounds {
          own.append(try roles(count, steps: steps, transport))
          bare.append(try exchange(count, steps: steps, transport))
        }
        rows.append(
          BenchRow(
            name: "round trip, \(count) floats, \(transport)", value: median(own) * 1e3,
            unit: "ms", yardstick: "bare libzmq", yardstickValue: median(bare) * 1e3,
            ratio: median(own) / median(bare), target: count > 1_000_000 ? "< 1" : "≤ 1.25"))
      }
    }
    return rows
  }

  /// Seconds a step: one worker, one server, and a coordinator that only watches.
  private func roles(_ count: Int, steps: Int, _ transport: String) throws -> Double {
    let folder = try RunFolder()
    defer { folder.remove() }
    let context = Context()
    let listener = Socket(.router, in: context)
    try listener.bind(folder.endpoint("coordinator"))
    let children = ChildProcesses(in: folder) { _ in }
    defer { children.stop(graceMilliseconds: 500) }
    for node in ["serve", "work"] {
      let bind = transport == "ipc" ? folder.endpoint("server") : "tcp://127.0.0.1:0"
      try children.start(
        ThisProgram.path,
        ["bench-node", node, listener.endpoint, bind, "\(count)", "\(steps)"], label: node)
    }
    let plan = RunPlan(
      run: 1, experiment: "", workerCount: 1, serverCount: 1, parameterCount: count,
      itinerary: .shared(stageCount: 2, workerCount: 1), stageNames: ["warm-up", "bench"],
      stepCounts: [3, steps], classCounts: [1], asksForImportance: false, isIndependent: false,
      timeouts: Timeouts())
    var opened: Double?
    var elapsed = 0.0
    var loop = try RoleLoop(
      CoordinatorRole(plan), performer: NoOrders(), context: context, listener: listener,
      identity: NodeProcess.identity
    ) { event, now in
      if case .phaseOpened(1, _) = event { opened = now.seconds }
      if case .phaseTrained(1) = event { elapsed = now.seconds - (opened ?? now.seconds) }
    }
    if case .failed(let kind, let reason) = loop.run() {
      throw RunFailure(kind: kind, description: reason)
    }
    return elapsed / Double(steps)
  }

  /// Seconds a round trip without any roles.
  private func exchange(_ count: Int, steps: Int, _ transport: String) throws -> Double {
    let folder = try RunFolder()
    defer { folder.remove() }
    let endpoint = transport == "ipc" ? folder.endpoint("bare") : "tcp://127.0.0.1:\(freePort())"
    let children = ChildProcesses(in: folder) { _ in }
    defer { children.stop(graceMilliseconds: 500) }
    try children.start(
      ThisProgram.path, ["bench-node", "bare", endpoint, "-", "\(count)", "\(steps + 3)"],
      label: "bare")
    let client = try BareExchange.Client(endpoint, count: count)
    for _ in 0..<3 { client.roundTrip() }
    return seconds { for _ in 0..<steps { client.roundTrip() } } / Double(steps)
  }

  private func freePort() -> Int {
    let context = Context()
    let socket = Socket(.router, in: context, lingerMilliseconds: 0)
    do {
      try socket.bind("tcp://127.0.0.1:0")
    } catch {
      return 5_999
    }
    return Int(socket.endpoint.split(separator: ":").last ?? "") ?? 5_999
  }
}

/// A node of the round-trip measurement, started by it.
struct BenchNode: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-node", shouldDisplay: false)

  @Argument var kind: String
  @Argument var endpoint: String
  @Argument var bind: String
  @Argument var count: Int
  @Argument var steps: Int

  func run() throws {
    guard Parent.dieWith(getppid()) else { return }
    hebb_keep_big_buffers()
    if kind == "bare" {
      try BareExchange.serve(endpoint, count: count, roundTrips: steps)
      return
    }
    let context = Context()
    let performer = BenchPerformer(count: count, stepCounts: [3, steps])
    let identity = NodeProcess.identity
    if kind == "work" {
      var loop = try RoleLoop(
        WorkerRole(rank: 0), performer: performer, context: context, coordinator: endpoint,
        identity: identity
      ) { _, _ in }
      _ = loop.run()
    } else {
      let listener = Socket(.router, in: context)
      try listener.bind(bind)
      var loop = try RoleLoop(
        ServerRole(rank: 0, endpoint: listener.endpoint), performer: performer, context: context,
        listener: listener, coordinator: endpoint, identity: identity
      ) { _, _ in }
      _ = loop.run()
    }
  }
}

/// Gradients that cost nothing, so that only the way to the server and back is measured.
private struct BenchPerformer: Performer {
  let count: Int
  let stepCounts: [Int]
  let gradient: Vector
  private var layout: ParameterLayout { ParameterLayout([(name: "all", shape: [count])]) }

  init(count: Int, stepCounts: [Int]) {
    self.count = count
    self.stepCounts = stepCounts
    gradient = Vector(repeating: 1e-6, count: count)
  }

  mutating func perform(_ order: Order) -> OrderResult {
    switch order {
    case .prepareWorker:
      return .worker(
        WorkerPlan(
          layout: layout, shards: [0..<count],
          itinerary: .shared(stageCount: 2, workerCount: 1), stepCounts: stepCounts,
          localSteps: 1, estimatesImportance: false, importanceExampleCounts: [0, 0],
          testExamples: [0..<0], classCounts: [1], fingerprint: "bench"))
    case .prepareServer:
      let update = ConsolidatedUpdate(
        optimizer: OptimizerSpecification(kind: .sgd, rate: 0.1), strength: 0, form: .gradient,
        pathDamping: nil, count: count)
      return .server(
        ServerPlan(
          layout: layout, shard: 0..<count,
          weights: Vector(count: count), update: update, importance: .none, foldRule: FoldRule(),
          resetsOptimizer: false, startsAfresh: false,
          itinerary: .shared(stageCount: 2, workerCount: 1), consistency: Consistency(),
          batchShares: [1], sampleEverySteps: nil, fingerprint: "bench"))
    case .gradient, .localSteps: return .gradient(gradient, exampleCount: 1, loss: 1)
    case .evaluate: return .evaluated(correct: [0], totals: [0])
    case .importance: return .importance
    case .freshWeights: return .weights(Vector(count: count))
    }
  }
}
