public import Archives
public import Consolidation
public import Models
public import Tensors

/// A participant as a pure state machine: no sockets, no clock, no threads. A driver feeds it
/// inputs and performs its effects in order; the ZeroMQ driver and the simulator run the same
/// machines.
public protocol Role: Sendable {
  /// What this node is.
  var id: NodeID { get }
  /// Takes one input and says what has to be done.
  mutating func handle(_ input: Input, at now: Instant) -> [Effect]
  /// When the role wants to hear ``Input/deadline`` at the latest, if nothing else happens.
  var nextDeadline: Instant? { get }
  /// How a driver says that this node lives while it is at work on an order; `nil` where nobody
  /// waits for it.
  var sign: SignOfLife? { get }
}

extension Role {
  /// Nobody waits for it.
  public var sign: SignOfLife? { nil }
}

/// What a node that is at work tells the coordinator in place of its heartbeats.
public struct SignOfLife: Sendable {
  /// To the coordinator.
  public let message: Message
  /// Between two of them, and before the first, ≥ 1.
  public let milliseconds: Int
}

/// What can happen to a role.
public enum Input: Sendable {
  /// The first input, exactly once.
  case start
  /// A well-formed message; who really sent it is for the role to check.
  case message(Message, from: Peer)
  /// Bytes that are no message of this protocol.
  case malformed(reason: String, from: Peer)
  /// The answer to a ``Effect/perform(_:)``.
  case performed(OrderResult)
  /// The answer to ``Effect/countTraffic``; besides, how long the node was busy since it prepared
  /// and how long it was not, in seconds.
  case traffic(TrafficReport, busySeconds: Double = 0, idleSeconds: Double = 0)
  /// The answer to a ``Effect/countBytes``: framed bytes over the listening socket so far.
  case bytes(Int)
  /// The answer to ``Effect/resume``.
  case resumed
  /// The answer to ``Effect/save(_:cut:)``, some time later.
  case saved(CutOutcome, cut: Int)
  /// The answer to ``Effect/load(cut:)``: what the node has saved, or why it cannot be read.
  case loaded(Result<ArchiveReader, ArchiveError>)
  /// ``Role/nextDeadline`` has come.
  case deadline
  /// The launcher saw a node's process end.
  case vanished(NodeID, reason: String)
  /// A ``Effect/connect(_:endpoint:)`` cannot succeed, however long it is tried.
  case unreachable(NodeID, reason: String)
  /// The user or the system asks to stop.
  case interrupted(reason: String)
}

/// What a role wants done.
public enum Effect: Sendable {
  /// Open a connection to a node.
  case connect(NodeID, endpoint: Endpoint)
  /// From now on, messages to the node go to this peer.
  case admit(NodeID, Peer)
  case send(Message, to: NodeID)
  /// The message at hand is not accepted, whatever it says of itself; its peer may be answered.
  case refuse(Peer, answer: Message?)
  /// Slow local work; its result comes back as ``Input/performed(_:)``.
  case perform(Order)
  /// Perform what was asked so far, then come back with ``Input/resumed``: lets bytes leave while
  /// the next block is computed.
  case resume
  /// Write the node's part of a cut, with what the driver itself counts and what its performer
  /// keeps; come back with ``Input/saved(_:cut:)`` when it is in its place. Meanwhile the node goes
  /// on.
  case save(Archive, cut: Int)
  /// All parts of a cut are written: it counts from now on.
  case complete(cut: Int, [CutEntry])
  /// Read the node's part of a cut, take back what is the driver's and its performer's, and come
  /// back with ``Input/loaded(_:)``.
  case load(cut: Int)
  /// Come back with ``Input/traffic(_:busySeconds:idleSeconds:)``, counted before this effect.
  case countTraffic
  /// Come back with ``Input/bytes(_:)``.
  case countBytes
  /// Something worth telling, in order.
  case record(Event)
  /// The role is over. Nothing is handled afterwards.
  case finish(Ending)
}

/// How a role ended.
public enum Ending: Sendable, Hashable {
  case completed
  /// It completed, and the coordinator has another run, for which this node registers anew.
  case completedWithAnother
  case failed(FailureKind, reason: String)
}

extension Ending {
  /// Of a node whose coordinator has ended the run: the cause is that of the run.
  static func stopped(_ kind: FailureKind, _ reason: String) -> Ending {
    .failed(kind, reason: "the coordinator ended the run: \(reason)")
  }
}

/// Slow local work that a role orders: it leaves as an effect and its result comes back as an
/// input. Long work is ordered in slices, so that a node hears what is said to it.
public enum Order: Sendable {
  /// Build data, stream and model of a worker from the experiment's text → `.worker`.
  case prepareWorker(experiment: String, rank: Int, workerCount: Int)
  /// Build the shard of a server from the experiment's text and the shape of its data, which a
  /// server has not → `.server`.
  case prepareServer(experiment: String, rank: Int, shape: DataShape)
  /// The mean gradient of the batch of a step (0-based within its stage) → `.gradient`; with the
  /// penalty's, where the worker has one to apply.
  case gradient(stage: Int, step: Int, weights: HeldWeights, penalty: HeldPenalty?)
  /// The mean gradient of what the worker keeps of finished stages, at the weights of a step of
  /// another → `.reference`.
  case reference(memories: [Int], stage: Int, step: Int, weights: HeldWeights)
  /// How far some steps taken without the servers lead, in units of the rate → `.gradient`, or
  /// `.displacement` where the weights to which they lead are wanted.
  case localSteps(stage: Int, steps: Range<Int>, weights: HeldWeights, penalty: HeldPenalty?)
  /// Correct answers among test examples of a task → `.evaluated`.
  case evaluate(column: Int, examples: Range<Int>, weights: HeldWeights)
  /// The per-example importances of a slice of the first `of` training examples of a stage, to be
  /// added to those of the slices before → `.importance`. Slices come in order, the first begins
  /// at 0, all are at the same weights.
  case importance(stage: Int, examples: Range<Int>, of: Int, weights: HeldWeights)
  /// What the method's readout is to know of the examples that the worker keeps after a phase, a
  /// slice of them from one on → `.statement`.
  case statement(phase: Int, from: Int, weights: HeldWeights)
  /// The shard's weights with which an independent model starts a phase → `.weights`.
  case freshWeights(phase: Int)
  /// Σ factor · vector in the given order → `.total`.
  case total(of: [Deferred], factors: [Float])
}

/// What came of an ``Order``.
public enum OrderResult: Sendable {
  case worker(WorkerPlan)
  case server(ServerPlan)
  /// Mean gradient over `exampleCount` examples (all zero for none), and their mean loss.
  case gradient(VectorSource, exampleCount: Int, loss: Double)
  /// A gradient that stands for more than the labels of a step's own examples, and for what else.
  case composed(VectorSource, exampleCount: Int, loss: Double, StageActivity)
  /// The mean gradient over `exampleCount` examples that are kept; `nil` for none of them.
  case reference(VectorSource?, exampleCount: Int)
  /// How far local steps have led, in units of the rate, the weights to which they led, and the
  /// mean loss over their examples.
  case displacement(Vector, to: Vector, exampleCount: Int, loss: Double)
  /// Right answers and examples, by class of the task; and what was corrected of the answers, if
  /// anything was.
  case evaluated(correct: [Int], totals: [Int], StageActivity? = nil)
  /// The sums over all slices, one a part of the importance, after the last slice; `nil` before.
  case importance([VectorSource]?)
  /// Of the slice, and where the next one begins, if there is one.
  case statement([StatementRecord], next: Int?)
  case weights(Vector)
  /// Of all parameters.
  case total(Vector)
  /// It could not be done: one sentence for the user.
  case failed(reason: String)
}

extension Order {
  /// Whether it is preparation, which comes before the run's own work.
  public var isPreparation: Bool {
    switch self {
    case .prepareWorker, .prepareServer: true
    case .gradient, .reference, .localSteps, .evaluate, .importance, .statement, .freshWeights,
      .total:
      false
    }
  }
}

/// Performs the orders of one role; the room that knows models and streams provides it.
public protocol Performer {
  /// Does the work now, on the calling thread.
  mutating func perform(_ order: Order) -> OrderResult
  /// Saves what it keeps between two orders.
  func save(to archive: inout Archive)
  /// Takes that back; it has prepared.
  mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError)
  /// How many times as long all work but preparation is to take as it does, ≥ 1: the speed of an
  /// emulated node. The driver sees to it.
  var slowdown: Double { get }
}

extension Performer {
  /// As fast as it is.
  public var slowdown: Double { 1 }
  /// Keeps nothing.
  public func save(to archive: inout Archive) {}
  /// Keeps nothing.
  public mutating func restore(from reader: inout ArchiveReader) throws(ArchiveError) {}
}
