import ArgumentParser
import CPlatform
import Experiments
import Roles
import Tensors
import ZeroMQTransport

/// One parameter server.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run one parameter server of a cluster.",
    discussion: "Nothing depends on which node starts first.")

  @OptionGroup var node: NodeOptions

  @Option(help: "Endpoint to listen at for workers; port 0 is any free port.")
  var bind = "tcp://127.0.0.1:0"

  @Option(help: "Endpoint to tell the workers, if it differs from the one bound.")
  var advertise: String?

  @OptionGroup var source: DataOptions

  func run() throws {
    hebb_keep_big_buffers()
    useOneBLASThread()
    let context = Context()
    let listener = Socket(.router, in: context)
    try listener.bind(bind)
    let role = ServerRole(rank: node.rank, endpoint: advertise ?? listener.endpoint)
    try NodeProcess.run(
      node, role, performer: Learner(dataFolder: source.folder), context: context,
      listener: listener)
  }
}
