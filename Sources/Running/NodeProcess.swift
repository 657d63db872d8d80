import Foundation
import Launch
import Logging
public import Roles
public import ZeroMQTransport

/// A node of a cluster as a process: takes part in one run, or in all runs of a comparison.
public struct NodeProcess {
  /// Who started it, if not a person.
  public struct Launcher: Sendable {
    let process: Int32
    let folder: String?
    let cuts: Cuts?
    let incarnation: UInt32

    /// - Parameters:
    ///   - process: Its number; the node does not outlive it.
    ///   - folder: Of the run's sockets, which somebody has to remove.
    ///   - cuts: Where its parts of cuts are kept, if it saves any.
    ///   - incarnation: Lives of the node before this process.
    public init(
      process: Int32, folder: String?, cuts: Cuts? = nil, incarnation: UInt32 = 0
    ) {
      self.incarnation = incarnation
      self.process = process
      self.folder = folder
      self.cuts = cuts
    }
  }

  /// Where a node's parts of cuts are kept.
  public struct Cuts: Sendable {
    let path: String
    let mark: UInt64

    /// - Parameters:
    ///   - path: The folder of the run's cuts.
    ///   - mark: A random number that all parts of the run have.
    public init(path: String, mark: UInt64) {
      self.path = path
      self.mark = mark
    }
  }

  /// What one life of the node begins with.
  public struct Birth: Sendable {
    /// Counts the lives of the node.
    public let incarnation: UInt32
    /// Until the coordinator tells those of the run.
    public let timeouts: Timeouts
    /// Whether the node ends with the coordinator's process.
    public let endsWithCoordinator: Bool
  }

  private let launcher: Launcher?
  private let waitSeconds: Int
  private let coordinator: Endpoint
  private let context: Context
  private let listener: Socket?

  /// - Parameters:
  ///   - launcher: Who started it; `nil` for a person.
  ///   - waitSeconds: How long a node that a person started waits for the others.
  ///   - coordinator: The coordinator's endpoint.
  ///   - context: Of the node's sockets.
  ///   - listener: Where workers reach a server; `nil` for a worker.
  public init(
    launcher: Launcher?, waitSeconds: Int, coordinator: Endpoint, context: Context,
    listener: Socket?
  ) {
    self.launcher = launcher
    self.waitSeconds = waitSeconds
    self.coordinator = coordinator
    self.context = context
    self.listener = listener
  }

  /// Runs the node until the coordinator has no other run for it; the coordinator's process tells
  /// the user what went wrong.
  ///
  /// - Parameters:
  ///   - makeRole: A fresh one for each run, so that nothing of an earlier run is left.
  ///   - makePerformer: A fresh one for each run.
  /// - Throws: ``RunFailure`` unless all runs ended well.
  public func run<Participant: Role, Worker: Performer>(
    _ makeRole: (Birth) -> Participant, performer makePerformer: () -> Worker
  ) throws {
    if let parent = launcher?.process, !Parent.dieWith(parent) {
      if let folder = launcher?.folder { RunFolder.remove(folder) }
      throw RunFailure(kind: .lostNode, description: "the launcher is gone")
    }
    LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
    let interruption = Interruption()
    var timeouts = Timeouts()
    // A launcher starts all at once; people take their time.
    if launcher == nil { timeouts.startMilliseconds = waitSeconds * 1_000 }
    var incarnation = launcher?.incarnation ?? 0
    var ending = Ending.completedWithAnother
    while ending == .completedWithAnother {
      let birth = Birth(
        incarnation: incarnation, timeouts: timeouts,
        endsWithCoordinator: launcher != nil && Parent.tellsItsDeath)
      ending = try live(makeRole(birth), makePerformer(), interruption)
      incarnation += 1
    }
    guard case .failed(let kind, let reason) = ending else { return }
    // The launcher removes the run folder; if it was killed, its children do.
    if let parent = launcher?.process, let folder = launcher?.folder, Parent.isGone(parent) {
      RunFolder.remove(folder)
    }
    throw RunFailure(kind: kind, description: reason)
  }

  /// One run.
  private func live<Participant: Role, Worker: Performer>(
    _ role: Participant, _ performer: Worker, _ interruption: Interruption
  ) throws -> Ending {
    let logger = Logger(label: "hebb \(role.id)")
    let diary = NodeDiary(of: role.id, coordinator: coordinator.description)
    let isWatched = launcher != nil
    let watch = Watch(descriptor: interruption.descriptor) {
      .interrupted(reason: "\(role.id) was stopped by \(Interruption.name(interruption.read()))")
    }
    // An identity of its own for each run: what was meant for an earlier one reaches nobody.
    let told = Mailbox<Input>()
    let store = launcher?.cuts.map { CutFolder($0.path, mark: $0.mark, told: told) }
    var loop = try RoleLoop(
      role, performer: performer, context: context, listener: listener,
      coordinator: coordinator, identity: Self.identity,
      watches: [watch, Watch(descriptor: told.descriptor) { told.next() }], store: store
    ) { event, _ in
      if case .refused(let reason, _) = event { logger.warning("refused: \(reason)") }
      if !isWatched { diary.tell(event) }
    }
    let ending = loop.run()
    if !isWatched { diary.tell(ending) }
    return ending
  }

  /// Sixteen random bytes: a name that no other process has.
  public static var identity: [UInt8] {
    var generator = SystemRandomNumberGenerator()
    // The first byte must not be 0, which libzmq keeps for itself.
    return [1] + (0..<15).map { _ in UInt8.random(in: 0...255, using: &generator) }
  }
}
