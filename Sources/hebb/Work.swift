import ArgumentParser
import CPlatform
import Experiments
import Roles
import Running
import Tensors
import ZeroMQTransport
import Training

/// One worker.
struct Work: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one worker of a cluster.",
    discussion: "Nothing depends on which node starts first.")

  @OptionGroup var node: NodeOptions

  @OptionGroup var source: DataOptions

  func run() throws {
    hebb_keep_big_buffers()
    useOneBLASThread()
    let coordinator = try node.coordinatorEndpoint()
    let security = try node.protection.security(of: .worker(node.rank))
    try node.process(coordinator, in: Context(security)).run {
      WorkerRole(
        rank: node.rank, incarnation: $0.incarnation, coordinator: coordinator.description,
        timeouts: $0.timeouts, endsWithCoordinator: $0.endsWithCoordinator)
    } performer: {
      NodePerformer(dataFolder: source.folder, memory: node.memory)
    }
  }
}
