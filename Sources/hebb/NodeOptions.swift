import ArgumentParser
import Foundation
import Launch
import Logging
import Roles
import ZeroMQTransport

/// What a node that somebody else conducts takes.
struct NodeOptions: ParsableArguments {
  @Option(help: "Endpoint of the coordinator: tcp://HOST:PORT or ipc://PATH.")
  var coordinator: String

  @Option(help: "0-based rank of this node among those of its kind.")
  var rank: Int

  @Option(help: .hidden)
  var parent: Int32?

  @Option(help: .hidden)
  var runFolder: String?

  func validate() throws {
    guard rank >= 0 else { throw ValidationError("--rank counts from 0") }
  }

  /// Where the coordinator listens.
  func coordinatorEndpoint() throws -> Endpoint {
    try Endpoint(option: "--coordinator", coordinator, isToConnect: true)
  }
}

/// Runs a node to its end; the coordinator's process tells the user what went wrong.
enum NodeProcess {
  static func run<Participant: Role, Worker: Performer>(
    _ options: NodeOptions, _ role: Participant, performer: Worker, context: Context,
    listener: Socket?, coordinator: Endpoint
  ) throws {
    if let parent = options.parent, !Parent.dieWith(parent) {
      if let folder = options.runFolder { RunFolder.remove(folder) }
      throw RunFailure(kind: .lostNode, description: "the launcher is gone")
    }
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    let logger = Logger(label: "hebb \(role.id)")
    let interruption = Interruption()
    let watch = Watch(descriptor: interruption.descriptor) {
      .interrupted(reason: "\(role.id) was stopped by \(Interruption.name(interruption.read()))")
    }
    var loop = try RoleLoop(
      role, performer: performer, context: context, listener: listener,
      coordinator: coordinator, identity: identity, watches: [watch]
    ) { event, _ in
      if case .refused(let reason, _) = event { logger.warning("refused: \(reason)") }
    }
    let ending = loop.run()
    guard case .failed(let kind, let reason) = ending else { return }
    // The launcher removes the run folder; if it was killed, its children do.
    if let parent = options.parent, let folder = options.runFolder, Parent.isGone(parent) {
      RunFolder.remove(folder)
    }
    throw RunFailure(kind: kind, description: reason)
  }

  /// Sixteen random bytes: a name that no other process has.
  static var identity: [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // The first byte must not be 0, which libzmq keeps for itself.
    return [1] + (0..<15).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
