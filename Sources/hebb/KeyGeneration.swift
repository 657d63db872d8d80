import ArgumentParser
import Experiments
import Running
import ZeroMQTransport

/// Keys for a cluster whose nodes are started one by one.
struct KeyGeneration: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make keys for the nodes of a cluster on several machines.",
    discussion: """
      The folder gets public.keys, which every node needs, and a file for each node with its secret:
      coordinator.secret, server-0.secret, … and worker-0.secret, …. Copy public.keys to each
      machine, with the secrets of the nodes that run there, by a way that nobody reads along, and
      give all nodes --keys.
      """)

  @Argument(help: "Folder for the keys; made if need be.") var folder: String

  @Option(help: "Number of workers.") var workers = Experiment().cluster.workers

  @Option(help: "Number of servers.") var servers = Experiment().cluster.servers

  func validate() throws {
    guard (1...65_536).contains(workers), (1...65_536).contains(servers) else {
      throw ValidationError("--workers and --servers are numbers from 1 to 65536")
    }
  }

  func run() throws {
    let keys = KeyFolder(folder)
    try keys.write(try ClusterKeys(serverCount: servers, workerCount: workers))
    try Screen.put("\(keys.publicFile) and a secret for each of \(1 + servers + workers) nodes\n")
  }
}
