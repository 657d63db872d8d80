import ArgumentParser
import Experiments
import Foundation
import Roles
import Running
import ZeroMQTransport

/// What a node that somebody else conducts takes.
struct NodeOptions: ParsableArguments {
  @Option(help: "Endpoint of the coordinator: tcp://HOST:PORT or ipc://PATH.")
  var coordinator: String

  @Option(help: "0-based rank of this node among those of its kind.")
  var rank: Int

  @OptionGroup var waiting: WaitOptions

  @OptionGroup var protection: SecurityOptions

  @Option(help: .hidden)
  var parent: Int32?

  @Option(help: .hidden)
  var runFolder: String?

  /// Lives of the node before this process.
  @Option(help: .hidden)
  var incarnation: UInt32 = 0

  @Option(help: .hidden)
  var cuts: String?

  @Option(help: .hidden)
  var cutsMark: String?

  /// What there is to check against; a launcher has checked for all its nodes.
  var memory: MachineMemory? { parent == nil ? .here : nil }

  /// The node as a process.
  ///
  /// - Parameter listener: Where workers reach a server.
  func process(
    _ coordinator: Endpoint, in context: Context, listener: Socket? = nil
  ) -> NodeProcess {
    NodeProcess(
      launcher: parent.map {
        NodeProcess.Launcher(
          process: $0, folder: runFolder, cuts: cutsPlace, incarnation: incarnation)
      },
      waitSeconds: waiting.wait, coordinator: coordinator, context: context, listener: listener)
  }

  private var cutsPlace: NodeProcess.Cuts? {
    guard let cuts, let mark = cutsMark.flatMap({ UInt64($0, radix: 16) }) else { return nil }
    return NodeProcess.Cuts(path: cuts, mark: mark)
  }

  func validate() throws {
    guard rank >= 0 else { throw ValidationError("--rank counts from 0") }
  }

  /// Where the coordinator listens.
  func coordinatorEndpoint() throws -> Endpoint {
    try Endpoint(option: "--coordinator", coordinator, isToConnect: true)
  }
}

/// What all commands take whose other nodes are started by somebody else.
struct WaitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Seconds to wait for the others before giving up.", valueName: "seconds"))
  var wait = 120

  func validate() throws {
    guard (1...86_400).contains(wait) else {
      throw ValidationError("--wait is a number of seconds from 1 to 86400")
    }
  }
}
