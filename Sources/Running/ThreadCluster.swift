import Experiments
import Foundation
import Launch
import Roles
import ZeroMQTransport

/// A small cluster whose nodes are threads of this process, each with sockets of its own: it takes
/// BSP steps over the real transport, and its processor time can be read on one clock.
struct ThreadCluster {
  let transport: Experiment.Cluster.Transport

  /// What a step took, on average.
  struct Step {
    let wallSeconds: Double
    /// Of all nodes together.
    let processorSeconds: Double
  }

  /// Takes all steps, over tcp encrypted as those of a run.
  func run(_ cluster: BenchCluster) throws -> Step {
    let keys =
      transport == .ipc
      ? nil
      : try ClusterKeys(serverCount: cluster.shards.count, workerCount: cluster.workerCount)
    let folder = try RunFolder()
    defer { folder.remove() }
    let context = Context()
    let listener = Socket(.router, in: context)
    let coordinator = try listener.bind(Endpoint(folder.endpoint("coordinator")))
    let ends = DispatchSemaphore(value: 0)
    for rank in cluster.shards.indices {
      let bind =
        transport == .ipc ? try Endpoint(folder.endpoint("server-\(rank)")) : .anyLocalPort
      Thread {
        // What goes wrong here the coordinator finds by silence.
        try? Self.serve(cluster, coordinator, rank: rank, bind: bind, keys)
        ends.signal()
      }.start()
    }
    for rank in 0..<cluster.workerCount {
      Thread {
        try? Self.work(cluster, coordinator, rank: rank, keys)
        ends.signal()
      }.start()
    }
    defer { for _ in 0..<cluster.shards.count + cluster.workerCount { ends.wait() } }
    var begin: (wall: Double, processor: Double)?
    var step: Step?
    var loop = try RoleLoop(
      CoordinatorRole(cluster.runPlan), performer: NoOrders(),
      context: context, listener: listener, identity: NodeProcess.identity
    ) { event, now in
      let processor = processorSeconds(CLOCK_PROCESS_CPUTIME_ID)
      if case .phaseOpened(1, _) = event { begin = (now.seconds, processor) }
      if case .phaseTrained(1) = event, let begin {
        step = Step(
          wallSeconds: (now.seconds - begin.wall) / Double(cluster.stepCount),
          processorSeconds: (processor - begin.processor) / Double(cluster.stepCount))
      }
    }
    if case .failed(let kind, let reason) = loop.run() {
      throw RunFailure(kind: kind, description: reason)
    }
    return step ?? Step(wallSeconds: 0, processorSeconds: 0)
  }

  private static func serve(
    _ cluster: BenchCluster, _ coordinator: Endpoint, rank: Int, bind: Endpoint,
    _ keys: ClusterKeys?
  ) throws {
    let context = Context(try keys?.security(of: .server(rank)) ?? .thisMachine)
    let listener = Socket(.router, in: context)
    let endpoint = try listener.bind(bind)
    var loop = try RoleLoop(
      ServerRole(rank: rank, endpoint: endpoint), performer: BenchPerformer(cluster),
      context: context, listener: listener, coordinator: coordinator,
      identity: NodeProcess.identity
    ) { _, _ in }
    _ = loop.run()
  }

  private static func work(
    _ cluster: BenchCluster, _ coordinator: Endpoint, rank: Int, _ keys: ClusterKeys?
  ) throws {
    let context = Context(try keys?.security(of: .worker(rank)) ?? .thisMachine)
    var loop = try RoleLoop(
      WorkerRole(rank: rank), performer: BenchPerformer(cluster), context: context,
      coordinator: coordinator, identity: NodeProcess.identity
    ) { _, _ in }
    _ = loop.run()
  }
}
