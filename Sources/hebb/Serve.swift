import ArgumentParser
import CPlatform
import Experiments
import Roles
import Running
import Tensors
import ZeroMQTransport
import Training

/// One parameter server.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one parameter server of a cluster.",
    discussion: "Nothing depends on which node starts first.")

  @OptionGroup var node: NodeOptions

  @Option(
    help: ArgumentHelp(
      "Endpoint to listen at for workers; port 0 is any free port.",
      discussion: """
        Without it any free port at the address by which the coordinator's machine knows this one.
        """))
  var bind: String?

  @Option(
    help: ArgumentHelp(
      "Endpoint to tell the workers, if it differs from the one bound.",
      discussion: "Without a port, or with port 0, the port that is bound."))
  var advertise: String?

  @Option(
    help: "A server needs no data; taken so that all nodes can be started with the same options.")
  var data: String?

  func run() throws {
    hebb_keep_big_buffers()
    useOneBLASThread()
    let coordinator = try node.coordinatorEndpoint()
    let place = ServerPlace(
      bind: try bind.map { try Endpoint(option: "--bind", $0) },
      advertise: try advertise.map { try Endpoint(option: "--advertise", $0, portIfNone: 0) },
      route: try Route(to: coordinator))
    let context = Context(try node.protection.security(of: .server(node.rank)))
    let listener = Socket(.router, in: context)
    let endpoint = try place.told(bound: try listener.bind(place.bind))
    try node.process(coordinator, in: context, listener: listener).run {
      ServerRole(
        rank: node.rank, endpoint: endpoint, incarnation: $0.incarnation,
        coordinator: coordinator.description, timeouts: $0.timeouts,
        endsWithCoordinator: $0.endsWithCoordinator)
    } performer: {
      NodePerformer(dataFolder: nil, memory: node.memory)
    }
  }
}
